"""An export of somebody says everything that is held about them, and nothing of anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from accounts.models import ConfirmedAddress, OutgoingEmail, Person
from accounts.personal_data import HOLDINGS
from aimcert.foundation.files import store
from assessments.models import (
    Adjustment,
    KeptAnswer,
    RedactedText,
    RemovedScan,
    Scan,
    Transcription,
)
from assessments.states import Adjusted, Kept, Outcome
from certification.actions import open_follow_up, read_feedback
from certification.models import CohortRelease
from courses.models import Enrolment, RegisterReason
from tests import factories
from tests.accounts.holdings import (
    NAME,
    exported,
    person_with_everything,
    rows_of,
    texts_of,
    unpacked,
)
from tests.certification import outcomes
from tests.statements import statements

pytestmark = pytest.mark.django_db

# The way from a row to whom it is about goes by none of these: they say who acted in it, or name a text.
ACTORS = re.compile(r"_by$|^(marker|link_shown_to|merged_into|version|course|criterion|question)$")
OTHERWISE: dict[Any, str] = {
    CohortRelease: "people__person",
    RedactedText: "redaction__enrolment__person",
    RemovedScan: "redaction__enrolment__person",
}


def way_to_person(model: type[models.Model], seen: tuple[Any, ...] = ()) -> str | None:
    """The look-up that leads from a row of `model` to whom it is about, found in its references alone."""
    if model in OTHERWISE:
        return OTHERWISE[model]
    links = [
        field
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one) and not field.auto_created
        if not ACTORS.search(field.name) and field.related_model not in seen
    ]
    # The place comes before an Associate who was asked something about it, or is to speak about it.
    asked = ("associate", "nomination", "conversation_holder")
    links.sort(key=lambda field: (field.name in asked, field.related_model is not Person))
    for field in links:
        if field.related_model is Person:
            return field.name
        further = way_to_person(field.related_model, (*seen, model))  # type: ignore[arg-type]
        if further:
            return f"{field.name}__{further}"
    return None


@pytest.fixture
def person() -> Person:
    return person_with_everything()


def test_every_row_of_every_table_is_in_the_file(person: Person) -> None:
    accounts = Person.objects.accounts_of(person)
    export = exported(person)
    rows = rows_of(export)
    # The letter that says that it waits came after it.
    OutgoingEmail.objects.filter(created_at__gte=export.made_at).update(to_address="nobody@people.example")
    addressed = {"letters": "to_address", "nominations": "email", "named_as_line_manager": "manager_email"}
    for holding in HOLDINGS.values():
        told = rows[holding.name]
        if holding.name in addressed:
            found = {addressed[holding.name]: person.email}
        else:
            way = "pk" if holding.model is Person else way_to_person(holding.model)
            assert way, holding.name
            found = {f"{way}__in": accounts}
        held = holding.model._base_manager.filter(**found)
        if holding.name == "markings":
            held = held.filter(finalised_at__isnull=False)
        assert len(told) == held.count() >= 1, holding.name


def test_what_rows_say_is_in_the_file_for_people_and_for_machines(person: Person) -> None:
    export = exported(person)
    with unpacked(export) as zipped:
        page, names = zipped.read("index.html").decode(), zipped.namelist()
        [sheet] = [name for name in names if name.startswith("files/scans/")]
        assert zipped.read(sheet) == b"THE-SHEET"
        [certificate] = [name for name in names if name.startswith("files/certificates/")]
        assert zipped.read(certificate).startswith(b"%PDF")
        answers = [name for name in names if name.startswith("files/submissions/")]
        assert len(answers) == 3
        assert all(b"My answer to 1." in zipped.read(name) for name in answers)
        for name in (sheet, certificate, *answers):
            assert f'href="{name}"' in page
    everything = texts_of(export)
    # Why nobody could speak to them earlier is for trainers and The AIM Project.
    assert ("SAID-LATER" in everything, "WHY-NOBODY-SPOKE" in everything) == (True, False)
    for words in (
        *("A draft of mine.", "An earlier word.", "On paper.", "A quiet room.", "Room 2.", "Reads slowly."),
        *("Seen at the back.", "An accent.", "In York.", "A child was named.", "Left open.", "On leave."),
        *(
            "TOLD-PARTICIPANT",
            "TOLD-COMMISSIONER",
            "WHAT-WAS-SAID",
            "I see it otherwise.",
            "Spoke with them.",
        ),
        *("ABCDEFGH", "Council of Leeds", "Trust of York", "zoe.before@people.example", "Nobody was free."),
        *("zoe.once@people.example", "Edge on Windows"),
    ):
        assert words in page, words
        assert everything.count(words) >= 2, words


def test_names_are_escaped_and_nothing_on_the_page_runs_or_is_loaded(person: Person) -> None:
    export = exported(person)
    with unpacked(export) as zipped:
        page = zipped.read("index.html").decode()
    assert "Zoë O’Neill &amp; &lt;Sons&gt;" in page
    assert "<Sons>" not in page
    assert not re.search(r"<script|<link|<img|\son\w+=|https?://|@import|url\(", page)
    assert rows_of(export)["accounts"][1]["name"] == NAME or rows_of(export)["accounts"][0]["name"] == NAME


def test_a_file_that_the_storage_lost_holds_nothing_up_and_is_said_to_be_missing(person: Person) -> None:
    default_storage.delete(Scan.objects.filter(removed__isnull=True).get().file)
    with unpacked(exported(person)) as zipped:
        assert not [name for name in zipped.namelist() if name.startswith("files/scans/")]
        assert "It is missing from our storage at the moment." in zipped.read("index.html").decode()


def test_secrets_that_let_somebody_in_are_not_in_the_file(person: Person) -> None:
    said = texts_of(exported(person))
    for secret in ("SECRET-", "a" * 64, "b" * 64, "c" * 64, "d" * 64):
        assert secret not in said


def test_what_they_did_to_others_is_told_by_its_time_alone() -> None:
    course = factories.course()
    trainer = factories.trainer_of(course)
    pupil = factories.recommended(course, person=factories.PersonFactory.create(name="PUPIL"))
    rows = rows_of(exported(trainer))
    acts = {(row["table"], row["act"]) for row in rows["acts"]}
    assert acts >= {
        ("assessments.marking", "marker"),
        ("assessments.marking", "finalised_by"),
        ("assessments.recommendation", "recommended_by"),
    }
    said = texts_of(exported(trainer))
    for words in ("PUPIL", "My answer", str(pupil.uuid), "CRITERION", pupil.person.email):
        assert words not in said


# --- Nothing of anybody else -----------------------------------------------------------------------------


def _somebody_else_on(course: Any) -> Iterator[str]:
    """Somebody with secrets on the same course; what must never be read of them."""
    by = factories.PersonFactory.create(name="SECRET-MARKER")
    other = outcomes.released(
        course,
        person=factories.PersonFactory.create(name="SECRET-NAME", email="secret-address@people.example"),
    ).enrolment
    submission = other.submissions.get()
    question = submission.version.questions.get(number=1)
    now = timezone.now()
    KeptAnswer.objects.create(
        submission=submission,
        question=question,
        why=Kept.REPLACED,
        text="SECRET-DRAFT",
        saved_at=now,
        minute=now,
    )
    Adjustment.objects.create(enrolment=other, kind=Adjusted.OTHER, details="SECRET-NEED", granted_by=by)
    RegisterReason.objects.create(
        enrolment=other, session=course.sessions.get(number=1), recorded_at=now, reason="SECRET-REGISTER"
    )
    paper = Transcription.objects.create(
        enrolment=other, version=submission.version, reason="SECRET-PAPER", begun_by=by
    )
    stored = store(b"SECRET-SHEET", suffix=".pdf")
    Scan.objects.create(
        transcription=paper,
        file=stored.name,
        sha256=stored.sha256,
        size=stored.size,
        content_type="application/pdf",
        added_by=by,
    )
    yield from ("SECRET", "secret-address", str(other.uuid), stored.sha256, submission.receipt)


def test_nothing_of_others_is_in_the_file() -> None:
    course = factories.course()
    person = factories.PersonFactory.create()
    secrets = [*_somebody_else_on(course)]
    factories.safeguarding_record(factories.PersonFactory.create(), about="SAFE-ABOUT", seen="SAFE-SEEN")
    mine = factories.enrolment(course, person, attended=True)
    factories.safeguarding_record(person, enrolment=mine, about="SAFE-ABOUT", seen="SAFE-SEEN")
    marked = factories.marking(factories.submission(mine), judged="not_met", finalised=True)
    recommendation = factories.recommendation(mine, outcome=Outcome.NOT_YET, marking=marked)
    follow_up = open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)
    read_feedback(follow_up=follow_up, by=person)
    said = texts_of(exported(person))
    assert "My answer to 1." in said
    assert "TOLD-PARTICIPANT" in said
    for secret in (
        *secrets,
        *("INTERNAL-NOTE", "SAFE-ABOUT", "SAFE-SEEN"),
        *("MODEL-ANSWER", "CRITERION-", "What is asked", "Robin was referred", "Shows it."),
        *(factories.trainer_of(course).name, factories.trainer_of(course).email),
    ):
        assert secret not in said, secret


def test_letters_and_invitations_to_an_address_that_somebody_else_has_by_now_are_theirs() -> None:
    now = timezone.now()
    person, later = (factories.PersonFactory.create() for _ in range(2))
    ConfirmedAddress.objects.create(
        person=person,
        email="shared@people.example",
        confirmed_at=now - timedelta(days=30),
        given_up_at=now - timedelta(days=5),
    )
    Person.objects.filter(pk=later.pk).update(email="shared@people.example")
    course = factories.course()
    for days, words in ((9, "MINE"), (2, "THEIRS")):
        letter = OutgoingEmail.objects.create(
            to_address="shared@people.example", subject=f"{words}-LETTER", text="Hello"
        )
        nomination = factories.nomination(
            course if days == 9 else factories.course(), email="shared@people.example", name=f"{words}-NAME"
        )
        OutgoingEmail.objects.filter(pk=letter.pk).update(created_at=now - timedelta(days=days))
        type(nomination).objects.filter(pk=nomination.pk).update(nominated_at=now - timedelta(days=days))
    before, after = texts_of(exported(person)), texts_of(exported(Person.objects.get(pk=later.pk)))
    assert ("MINE-LETTER" in before, "MINE-NAME" in before, "THEIRS" in before) == (True, True, False)
    assert ("THEIRS-LETTER" in after, "THEIRS-NAME" in after, "MINE" in after) == (True, True, False)


# --- Not before it may be known ----------------------------------------------------------------------------


TABLES = ("markings", "marks", "recommendations", "decisions", "follow_ups", "disagreements", "appointments")


def outcome_told(enrolment: Enrolment) -> list[str]:
    """The tables of an outcome of which an export says something now."""
    rows = rows_of(exported(enrolment.person))
    return [name for name in TABLES if rows[name]]


def test_an_outcome_is_told_once_their_own_page_tells_it_and_not_before() -> None:
    enrolment = factories.enrolment(factories.course(), attended=True)
    marked = factories.marking(factories.submission(enrolment))
    assert outcome_told(enrolment) == []
    marked.finalised_at, marked.finalised_by = timezone.now(), marked.marker
    marked.save()
    factories.recommendation(enrolment, marking=marked)
    assert outcome_told(enrolment) == []
    outcomes.decided(enrolment)
    assert outcome_told(enrolment) == ["markings", "marks", "recommendations", "decisions"]
    outcomes.revoked(enrolment)
    assert outcome_told(enrolment) == ["markings", "marks", "recommendations", "decisions"]
    with unpacked(exported(enrolment.person)) as zipped:
        assert not [name for name in zipped.namelist() if name.startswith("files/certificates")]


def test_feedback_is_told_once_it_was_opened_and_not_before() -> None:
    follow_up = outcomes.follow_up(factories.course())
    export = exported(follow_up.enrolment.person)
    assert outcome_told(follow_up.enrolment) == []
    for words in ("TOLD-PARTICIPANT", "TOLD-COMMISSIONER", "not_met", "sponsor_settled", "WHAT-WAS-SAID"):
        assert words not in texts_of(export)
    read_feedback(follow_up=follow_up, by=follow_up.enrolment.person)
    assert outcome_told(follow_up.enrolment) == ["markings", "marks", "recommendations", "follow_ups"]


def test_a_refused_outcome_is_not_told_while_another_is_worked_out() -> None:
    enrolment = factories.recommended(factories.course())
    outcomes.decided(enrolment, "refused")
    assert outcome_told(enrolment) == []


def test_the_words_about_what_is_left_out_are_the_same_whether_there_is_any() -> None:
    enrolment = factories.enrolment(factories.course(), attended=True)

    def left_out() -> str:
        with unpacked(exported(enrolment.person)) as zipped:
            return zipped.read("index.html").decode().split('id="left-out"')[-1]

    before = left_out()
    factories.safeguarding_record(enrolment.person, enrolment=enrolment)
    factories.recommendation(
        enrolment, marking=factories.marking(factories.submission(enrolment), finalised=True)
    )
    assert left_out() == before


# --- Whose it is --------------------------------------------------------------------------------------------


def test_accounts_that_were_joined_are_in_one_file() -> None:
    person = factories.PersonFactory.create()
    earlier = factories.PersonFactory.create(name="EARLIER")
    factories.submission(
        factories.enrolment(factories.course(), earlier), answers=["From the other account."]
    )
    Person.objects.filter(pk=earlier.pk).update(is_active=False, merged_into=person)
    said = texts_of(exported(person))
    assert "EARLIER" in said
    assert "From the other account." in said


def test_somebody_of_whom_there_is_nothing_has_a_file_that_says_so() -> None:
    export = exported(factories.PersonFactory.create(name="", email="nobody@people.example"))
    with unpacked(export) as zipped:
        page = zipped.read("index.html").decode()
    assert "nobody@people.example" in page
    assert "We looked, and hold nothing under these headings." in page
    assert {name for name, rows in rows_of(export).items() if rows} == {"accounts", "exports", "acts"}


def test_it_takes_as_many_statements_for_many_rows_as_for_one() -> None:
    def taken(rows: int) -> int:
        enrolment = factories.enrolment(factories.course(), attended=True)
        draft = factories.submission(enrolment, submitted=False)
        now = timezone.now()
        KeptAnswer.objects.bulk_create(
            KeptAnswer(
                submission=draft,
                question=draft.version.questions.get(number=1),
                why=Kept.CONFLICT,
                text=f"{number}",
                saved_at=now,
                minute=now,
            )
            for number in range(rows)
        )
        return len(statements(lambda: exported(enrolment.person)))

    assert taken(1) == taken(3) == taken(300)
