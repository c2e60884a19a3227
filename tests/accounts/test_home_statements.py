"""Home takes the same few statements for one row and for 300, also for a person with every relationship."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, OutgoingEmail, Person
from aimcert.home import SOURCES
from assessments.models import (
    AdjustmentRequest,
    Objection,
    SpecialConsideration,
    Transcription,
    VersionAuthor,
)
from assessments.states import Adjusted, Outcome
from certification.actions import approve
from certification.models import Appointment, CertificateDocument, FollowUp, Report
from certification.report_kinds import KINDS
from courses.models import Enrolment
from tests import factories
from tests.certification import crowds
from tests.statements import statements

pytestmark = pytest.mark.django_db

# How the line of each thing that can wait begins.
EVERYTHING = (
    "could not be sent",
    "You act for",
    "Take the register",
    "Confirm that you accepted",
    "your course today",
    "Complete and publish",
    "Confirm 1 walk-in",
    "not answered their invitation",
    "Answer the questions",
    "have submitted",
    "Mark 1 script",
    "for The AIM Project",
    "Decide on",
    "could not be made",
    "Your certificate",
    "Read your feedback",
    "Follow up",
    "follow-up report",
    "Read and agree to",
    "Write the case study",
    "Answer 1 objection",
    "The intervention framework",
    "Answer requests for adjustments",
    "Compare answers that were typed in",
    "Decide on special consideration",
)


def everything(person: Person, rows: int) -> None:
    """Give `person` every relationship there is, and `rows` of whatever can wait.

    Certificates and follow-ups, which are decided one by one, are three at most.
    """
    programme = factories.ProgrammeFactory.create()
    few, other_admin, trainer = min(rows, 3), factories.admin(), factories.associate(programme)
    person.licences.create(
        programme=programme,
        country="GB",
        valid_from="2020-01-01",
        granted_by=other_admin,
        cleared_at=timezone.now(),
    )
    factories.version(programme)
    factories.framework(programme)
    underway = factories.version(programme, frozen=False)
    VersionAuthor.objects.create(version=underway, person=person, invited_by=other_admin)
    Objection.objects.create(
        version=underway, passage="head", passage_sha256="0" * 64, reason="The title.", raised_by=trainer
    )
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(to_address="a@people.example", subject="Hi", text="x", attempts=16) for _ in range(rows)
    )
    organisations = factories.OrganisationFactory.create_batch(rows)
    Membership.objects.bulk_create(
        Membership(person=person, organisation=one, started_by=other_admin) for one in organisations
    )

    def course(**fields: Any) -> Any:
        return factories.course(
            **{"programme": programme, "organisation": organisations[0], "trainers": [trainer], **fields}
        )

    trained = course(trainers=[person])
    factories.sitting(trained)
    crowd = crowds.recommended(trained, rows)
    Transcription.objects.bulk_create(
        Transcription(
            enrolment=one,
            version=trained.pin.version,
            reason="No network.",
            begun_by=trainer,
            typed_at=timezone.now(),
            typed_by=trainer,
        )
        for one in crowd
    )
    AdjustmentRequest.objects.bulk_create(
        AdjustmentRequest(enrolment=one, kinds=[Adjusted.BREAKS], asked_by=person) for one in crowd
    )
    factories.submission(factories.enrolment(trained))
    walk_in = factories.enrolment(trained, confirmed=False)
    walk_in.nomination.is_walk_in = True
    walk_in.nomination.save()
    for _ in range(rows):
        course(published=False, sessions=1, starts=timezone.now() + timedelta(days=3))
        taken = course(sessions=1)
        factories.sitting(taken)
        place = factories.enrolment(taken, person)
        place.nomination.link_shown_to = trainer
        place.nomination.save()
    ahead = course(starts=timezone.now() + timedelta(days=7))
    for _ in range(rows):
        factories.nomination(ahead)
    decided = course()
    waiting = crowds.recommended(decided, rows)
    Appointment.objects.bulk_create(
        Appointment(enrolment=one, associate=person, reason="Nobody is free.", appointed_by=other_admin)
        for one in waiting
    )
    SpecialConsideration.objects.bulk_create(
        SpecialConsideration(
            enrolment=one,
            what="An alarm.",
            effect="Noise.",
            happened_at=timezone.now(),
            recorded_at=timezone.now(),
            trainers_may_read=True,
            recorded_by=trainer,
        )
        for one in waiting
    )
    for _ in range(few):
        approve(enrolment=factories.recommended(course(), person=person), by=other_admin)
        follow_up(factories.recommended(course(), person=person, outcome=Outcome.NOT_YET), released=False)
        follow_up(factories.recommended(decided, outcome=Outcome.NOT_YET), released=True)
    CertificateDocument.objects.update(attempts=5)
    kind = next(iter(KINDS))
    Report.objects.bulk_create(
        Report(organisation=organisations[0], course=decided, kind=kind, format="pdf", requested_by=person)
        for _ in range(rows)
    )


def follow_up(enrolment: Enrolment, *, released: bool) -> None:
    """Feedback for its person to read; `released`, it has gone to their sponsor."""
    now = timezone.now()
    FollowUp.objects.create(
        enrolment=enrolment,
        recommendation=enrolment.recommendations.get(),
        sponsor_organisation=enrolment.sponsor_organisation,
        due_at=now + timedelta(days=2),
        read_at=now if released else None,
        released_at=now if released else None,
    )


def home_of(person: Person) -> tuple[str, int]:
    """The page, and how many statements it took."""
    client = Client()
    client.force_login(person)
    pages: list[str] = []
    taken = statements(lambda: pages.append(client.get(reverse("home")).text))
    return pages[0], len(taken)


@pytest.fixture(autouse=True)
def _noon(time_machine: Any) -> None:
    """What is today stands on the page; near midnight an hour ago was yesterday."""
    time_machine.move_to(timezone.now().replace(hour=12), tick=True)


# What a line of what waits begins with.
ACTS = {
    "Answer", "Appoint", "Ask", "Check", "Close", "Come", "Compare", "Complete", "Confirm", "Decide",
    "Follow", "Go", "Look", "Mark", "Nominate", "Read", "Remind", "See", "Take", "Write",
}  # fmt: skip


def test_every_line_that_waits_begins_with_what_to_do() -> None:
    person = factories.admin()
    everything(person, 1)
    lines = [one.words for source in SOURCES for one in source(person) if not one.done]
    assert len(lines) > 20
    assert [words for words in lines if words.split()[0] not in ACTS] == []


@pytest.mark.whole_run
@pytest.mark.parametrize("rows", [1, 3, 300])
def test_home_takes_thirteen_statements_for_everything_at_once(rows: int) -> None:
    person = factories.admin()
    everything(person, rows)
    text, taken = home_of(person)
    assert [words for words in EVERYTHING if words not in text] == []
    assert taken == 13


def test_home_takes_fewer_statements_for_fewer_relationships() -> None:
    """Session, person, their relationships; then only what somebody with such can have."""
    course = factories.course()
    factories.sitting(course)
    participant = factories.enrolment(course).person
    organisation = factories.OrganisationFactory.create()
    taken = {
        "nobody": home_of(factories.PersonFactory.create())[1],
        "participant": home_of(participant)[1],
        "trainer": home_of(factories.trainer_of(course))[1],
        "commissioner": home_of(factories.commissioner(organisation))[1],
        "admin": home_of(factories.admin())[1],
    }
    assert taken == {"nobody": 3, "participant": 7, "trainer": 6, "commissioner": 6, "admin": 9}
