"""Personal codes on paper: no slip of one letter, and no exchange of two, is ever another code."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from assessments.answering import actions
from assessments.answering.codes import LENGTH, LETTERS, check_letter, new_code, read_code, said_code
from assessments.answering.personal_booklets import Owner, personal_booklets_pdf
from assessments.answering.receipts import DECLARATION
from assessments.models import Booklet, TimeGrant
from assessments.states import Granted
from tests import factories
from tests.journeys.people import text_of_pdf

bodies = st.text(alphabet=LETTERS, min_size=LENGTH - 1, max_size=LENGTH - 1)


@settings(max_examples=300, deadline=None)
@given(bodies, st.integers(0, LENGTH - 1), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(body: str, place: int, wrong: str) -> None:
    code = body + check_letter(body)
    slipped = code[:place] + wrong + code[place + 1 :]
    assert read_code(slipped) == (code if slipped == code else None)


@settings(max_examples=300, deadline=None)
@given(bodies, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_letters_exchanged_are_noticed(body: str, one: int, other: int) -> None:
    code = list(body + check_letter(body))
    exchanged = list(code)
    exchanged[one], exchanged[other] = exchanged[other], exchanged[one]
    assert read_code("".join(exchanged)) == ("".join(code) if exchanged == code else None)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert re.fullmatch(f"[{LETTERS}]{{8}}", code)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for typed in (
        said_code(code),
        code.lower(),
        f" {code[:4]} {code[4:]} ",
        f"{code[:4]}\u2212{code[4:]}.",
        full_width,
    ):
        assert read_code(typed) == code
    for typed in ("", "ABC", "I" * 8, "11111111", "Ω" * 8, "A" * 10_000):
        assert read_code(typed) is None


@pytest.mark.django_db
def test_everyone_gets_one_code_and_keeps_it() -> None:
    course = factories.course()
    first, gone = factories.enrolment(course), factories.enrolment(course)
    gone.withdrawn_at, gone.withdrawn_by = gone.enrolled_at, gone.person
    gone.save()
    by = factories.trainer_of(course)
    assert actions.give_codes(course=course, by=by) == 1
    code = Booklet.objects.get().code
    second = factories.enrolment(course)
    assert actions.give_codes(course=course, by=by) == 1
    assert Booklet.objects.get(enrolment=first).code == code
    assert {one.enrolment_id for one in Booklet.objects.all()} == {first.pk, second.pk}


@pytest.mark.django_db
def test_who_submitted_gets_a_code_only_where_answering_was_opened_again_for_them() -> None:
    course = factories.course()
    factories.sitting(course)
    by = factories.trainer_of(course)
    done, again, writing = (factories.enrolment(course) for _ in range(3))
    for one in (done, again):
        factories.submission(one)
    factories.submission(writing, submitted=False)
    TimeGrant.objects.create(
        enrolment=again,
        what=Granted.REOPENED,
        until=timezone.now() + timedelta(minutes=30),
        reason="The fire alarm.",
        granted_by=by,
    )
    assert actions.give_codes(course=course, by=by) == 2
    assert actions.give_codes(course=course, by=by) == 0
    assert {one.enrolment_id for one in Booklet.objects.all()} == {again.pk, writing.pk}


@pytest.mark.django_db
def test_a_course_without_a_case_study_has_nothing_to_print() -> None:
    course = factories.course(published=False)
    with pytest.raises(actions.NotReleasable):
        actions.give_codes(course=course, by=factories.trainer_of(course))


@pytest.mark.django_db
def test_booklets_of_a_room_hold_each_name_its_code_and_the_declaration() -> None:
    course = factories.course()
    owners = [
        Owner("Zoë O’Neill & <Sons>", "ABCDEFGJ"),
        Owner("Ian Larger", "QKRTWXYZ", is_larger=True),
        Owner("Mia Plain", "BCDFGHJK"),
    ]
    pdf = personal_booklets_pdf(
        course.pin.version,
        owners,
        course="AIM3, Leeds, C-1",
        made_at=course.published_at,  # type: ignore[arg-type]
    )
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]
    whole = text_of_pdf(pdf)
    for owner in owners:
        assert owner.name in whole
    assert " ".join(str(DECLARATION).split()) in whole
    assert "MODEL-ANSWER" not in whole
    starts = [number for number, text in enumerate(pages) if "Sign when you have finished" in text]
    assert len(starts) >= 3
    written = [text for text in pages if text]
    assert all(any(said_code(owner.code) in text for owner in owners) for text in written)
    for owner in owners:
        own = [number for number, text in enumerate(pages) if said_code(owner.code) in text]
        assert own[0] % 2 == 0
        assert own == list(range(own[0], own[-1] + 1))
    assert len(pages) % 2 == 0
