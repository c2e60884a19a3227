"""A question of many parts is answered in all of them, or in those that its author does not leave blank."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from assessments.answering import actions
from assessments.answering.boards import board_of
from assessments.answering.participation import place_of
from assessments.answering.receipts import canonical_form, receipt_holds
from assessments.case_studies.kinds import KINDS
from assessments.marking.facts import with_assessment
from assessments.models import Answer, Question, Submission
from courses.models import Enrolment
from tests import factories
from tests.kinds import filled

pytestmark = pytest.mark.django_db
PROFILE = KINDS["domain-profile"]
LEVEL = "developmental.level"


@pytest.fixture
def enrolment() -> Enrolment:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, kinds=[PROFILE.code])
    course = factories.course(programme=programme)
    factories.sitting(course)
    return factories.enrolment(course, attended=True)


def save(enrolment: Enrolment, values: dict[str, str], base: int = 0) -> Answer:
    by = enrolment.person
    actions.save_answer(enrolment=enrolment, number=1, values=values, base_revision=base, by=by)
    return Answer.objects.get()


def parts() -> list[str]:
    return [field.name for field in PROFILE.fields(Question.objects.get().settings)]


def task_of(enrolment: Enrolment):
    place = place_of(enrolment.person, enrolment.uuid)
    assert place is not None
    return place.tasks[0]


def confirm(enrolment: Enrolment, names: list[str]) -> Answer:
    by = enrolment.person
    return actions.confirm_blank_parts(enrolment=enrolment, number=1, parts=names, by=by)


def submit(enrolment: Enrolment) -> Submission:
    return actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)


def only_the_level(enrolment: Enrolment) -> dict[str, str]:
    return {LEVEL: filled(PROFILE)[LEVEL]}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_every_kind_says_what_its_parts_are_and_which_are_filled(kind) -> None:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, kinds=[kind.code])
    settings = Question.objects.get().settings
    names = [part.name for part in kind.answer_parts(settings)]
    assert names == [field.name for field in kind.fields(settings)]
    for name in names:
        text = kind.text_of({name: filled(kind)[name]}, settings)
        assert [part.name for part in kind.left_out(text, settings)] == [one for one in names if one != name]


def test_one_part_of_many_is_in_progress_and_not_submitted(enrolment: Enrolment) -> None:
    answer = save(enrolment, only_the_level(enrolment))
    total = len(parts())
    assert answer.gaps == total - 1
    task = task_of(enrolment)
    assert str(task.status.words) == f"In progress, 1 of {total} parts"
    assert not task.is_answered
    course = enrolment.course
    board = board_of(course, course.sitting, course.pin.version)
    assert [step.code for step in board.seats[0].steps] == ["progress"]
    with pytest.raises(actions.Unanswered) as refused:
        submit(enrolment)
    assert refused.value.numbers == [1]
    with pytest.raises(IntegrityError, match="a part of an answer is open"), transaction.atomic():
        Submission.objects.update(
            submitted_at=answer.saved_at, declaration="Mine.", fingerprint="0" * 64, receipt="0"
        )


def test_parts_confirmed_to_stay_blank_count_as_answered(enrolment: Enrolment) -> None:
    before = save(enrolment, only_the_level(enrolment))
    empty = [name for name in parts() if name != LEVEL]
    answer = confirm(enrolment, empty)
    assert (answer.gaps, answer.blank_parts, answer.revision) == (0, empty, before.revision)
    assert confirm(enrolment, empty).blank_parts == empty
    assert str(task_of(enrolment).status.words) == "Completed"
    made = submit(enrolment)
    form = canonical_form(made).decode()
    assert form.startswith("AIMcert submission, form 3\n")
    assert re.findall("^answer 1 part (.+) blank$", form, re.M) == empty
    assert receipt_holds(made)
    facts = with_assessment(Enrolment.objects.all()).get()
    assert (facts.questions_answered, facts.questions_total) == (1, 1)


def test_filling_a_part_in_undoes_that_it_stays_blank(enrolment: Enrolment) -> None:
    save(enrolment, only_the_level(enrolment))
    empty = [name for name in parts() if name != LEVEL]
    confirm(enrolment, empty)
    more = only_the_level(enrolment) | {empty[0]: "Words."}
    answer = save(enrolment, more, base=1)
    assert (answer.gaps, answer.blank_parts) == (0, empty[1:])
    answer = save(enrolment, only_the_level(enrolment), base=2)
    assert (answer.gaps, answer.blank_parts) == (1, empty[1:])
    answer = save(enrolment, {}, base=3)
    assert (answer.gaps, answer.blank_parts, answer.text) == (0, [], "")


def test_database_knows_of_no_part_of_what_was_not_begun(enrolment: Enrolment) -> None:
    save(enrolment, only_the_level(enrolment))
    for wrong in ({"gaps": 1}, {"blank_parts": parts()[:1], "gaps": 0}):
        with pytest.raises(IntegrityError, match="answer_with_parts_was_begun"), transaction.atomic():
            Answer.objects.update(text="", **({"blank_parts": []} | wrong))


def test_no_filled_or_unknown_part_is_confirmed_blank(enrolment: Enrolment) -> None:
    with pytest.raises(actions.HasText):
        confirm(enrolment, [LEVEL])
    save(enrolment, only_the_level(enrolment))
    for names in ([LEVEL], ["nothing.such"]):
        with pytest.raises(actions.HasText):
            confirm(enrolment, names)
    assert Answer.objects.get().blank_parts == []


def test_what_was_submitted_before_parts_were_asked_about_stays_as_it_was(enrolment: Enrolment) -> None:
    save(enrolment, filled(PROFILE))
    made = submit(enrolment)
    assert canonical_form(made).startswith(b"AIMcert submission, form 1\n")
    # As the migration leaves it: a text with an empty part, of which no gap is known.
    text = PROFILE.text_of(only_the_level(enrolment), Question.objects.get().settings)
    other = factories.submission(factories.enrolment(enrolment.course), answers=[text])
    assert canonical_form(other).startswith(b"AIMcert submission, form 1\n")
    facts = with_assessment(Enrolment.objects.filter(pk=other.enrolment_id)).get()
    assert facts.questions_answered == facts.questions_total


def test_check_page_leads_to_every_gap_and_asks_about_each(enrolment: Enrolment) -> None:
    client = Client()
    client.force_login(enrolment.person)
    save(enrolment, only_the_level(enrolment))
    empty = [name for name in parts() if name != LEVEL]
    url = reverse("assessments:check", args=[enrolment.uuid])
    page = client.get(url).content.decode()
    question = reverse("assessments:question", args=[enrolment.uuid, 1])
    for name in empty:
        assert f'href="{question}?change#answer-{name}"' in page
        assert f'id="answer-{name}"' in client.get(question).content.decode()
    assert page.index("parts are empty") < page.index('id="checked-1"')
    ticked = {f"blank_1_{name}": "on" for name in empty}
    refused = client.post(url, dict(list(ticked.items())[1:]))
    assert refused.status_code == 422
    assert "fill it in, or tick that it stays blank" in refused.content.decode()
    assert Answer.objects.get().blank_parts == []
    assert client.get(reverse("assessments:submit", args=[enrolment.uuid])).url == url
    for _press in range(2):
        assert client.post(url, ticked).url == reverse("assessments:submit", args=[enrolment.uuid])
    assert Answer.objects.get().blank_parts == empty
    declared = client.get(reverse("assessments:submit", args=[enrolment.uuid])).content.decode()
    assert "You leave these parts blank" in declared


def test_statement_of_a_save_counts_what_its_kind_leaves_out(enrolment: Enrolment) -> None:
    assert save(enrolment, filled(PROFILE)).gaps == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT gaps, blank_parts FROM assessments_answer")
        assert cursor.fetchall() == [(0, [])]
