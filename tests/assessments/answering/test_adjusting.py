"""Adjustments: asked for directly, answered in words, granted at once, and counted on the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.answering import actions
from assessments.answering.actions import Agreed
from assessments.answering.participation import Stage, place_of
from assessments.models import Adjustment, AdjustmentRequest, TimeGrant
from assessments.states import Adjusted
from courses.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


def ask(enrolment: Enrolment, *kinds: Adjusted, words: str = "") -> AdjustmentRequest:
    return actions.ask_adjustment(enrolment=enrolment, kinds=kinds, words=words, by=enrolment.person)


def grant(enrolment: Enrolment, kind: Adjusted, details: str = "", minutes: int = 0) -> Adjustment:
    return actions.grant_adjustment(
        enrolment=enrolment,
        agreed=Agreed(kind, details, minutes),
        by=factories.trainer_of(enrolment.course),
    )


def test_a_request_goes_to_the_admins_alone(enrolment: Enrolment) -> None:
    admin, enrolled = factories.admin(), factories.admin()
    factories.enrolment(enrolment.course, enrolled)
    assert enrolment.sponsor_organisation is not None
    factories.commissioner(enrolment.sponsor_organisation)
    made = ask(enrolment, Adjusted.SCRIBE, Adjusted.TIME, words=" My hand tires. ")
    assert (made.kinds, made.words) == (["time", "scribe"], "My hand tires.")
    letter = OutgoingEmail.objects.get()
    assert letter.to_address == admin.email
    # What stands at the foot of every letter names adjustments in general.
    for word in ("/adjustments", "scribe", "Scribe", "hand tires", enrolment.person.name):
        assert word not in letter.text + letter.subject


@pytest.mark.parametrize(
    ("kinds", "words"), [([], "Something."), ([Adjusted.OTHER], " "), ([Adjusted.OTHER, Adjusted.ROOM], "")]
)
def test_a_request_asks_for_something(enrolment: Enrolment, kinds: list[Adjusted], words: str) -> None:
    with pytest.raises(actions.AdjustmentRefused):
        ask(enrolment, *kinds, words=words)
    assert not AdjustmentRequest.objects.exists()


def test_nobody_asks_for_another(enrolment: Enrolment) -> None:
    with pytest.raises(actions.NotTheirs):
        actions.ask_adjustment(
            enrolment=enrolment,
            kinds=[Adjusted.ROOM],
            words="",
            by=factories.trainer_of(enrolment.course),
        )


def test_who_withdrew_or_whose_course_was_cancelled_has_nothing_to_adjust(enrolment: Enrolment) -> None:
    enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), enrolment.person
    enrolment.save()
    for act in (lambda: ask(enrolment, Adjusted.ROOM), lambda: grant(enrolment, Adjusted.ROOM)):
        with pytest.raises(actions.NotTakingPart):
            act()


def test_requests_that_wait_are_few(enrolment: Enrolment) -> None:
    for _each in range(5):
        ask(enrolment, Adjusted.ROOM)
    with pytest.raises(actions.AdjustmentRefused):
        ask(enrolment, Adjusted.ROOM)


def test_an_answer_grants_what_was_agreed_and_writes_to_the_person(enrolment: Enrolment) -> None:
    admin = factories.admin()
    request = ask(enrolment, Adjusted.TIME, Adjusted.ROOM)
    agreed = [Agreed(Adjusted.TIME, minutes=15)]
    for _twice in range(2):
        actions.answer_adjustment(
            request=request, agreed=agreed, answer="More time; there is one room.", by=admin
        )
    granted = Adjustment.objects.get()
    assert (granted.kind, granted.request, granted.granted_by) == ("time", request, admin)
    assert TimeGrant.objects.get().minutes == 15
    with pytest.raises(actions.AdjustmentRefused):
        actions.answer_adjustment(request=request, agreed=[], answer="No.", by=factories.admin())
    letter = OutgoingEmail.objects.get(to_address=enrolment.person.email)
    assert "room" not in letter.text
    assert "/adjustments" not in letter.text


def test_a_declined_request_grants_nothing_and_needs_words(enrolment: Enrolment) -> None:
    request = ask(enrolment, Adjusted.ROOM)
    with pytest.raises(actions.AdjustmentRefused):
        actions.answer_adjustment(request=request, agreed=[], answer=" ", by=factories.admin())
    actions.answer_adjustment(request=request, agreed=[], answer="There is no room.", by=factories.admin())
    assert not Adjustment.objects.exists()


def test_more_time_counts_after_the_room_has_closed(enrolment: Enrolment) -> None:
    grant(enrolment, Adjusted.TIME, minutes=20)
    grant(enrolment, Adjusted.TIME, minutes=10)
    factories.sitting(enrolment.course, closed=True)
    place = place_of(enrolment.person, enrolment.uuid)
    assert place is not None
    assert place.stage is Stage.ANSWERING
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert place.stage is Stage.CLOSED


@pytest.mark.parametrize("minutes", [0, -5, 241])
def test_more_time_is_a_number_of_minutes(enrolment: Enrolment, minutes: int) -> None:
    with pytest.raises(actions.AdjustmentRefused):
        grant(enrolment, Adjusted.TIME, minutes=minutes)
    assert not TimeGrant.objects.exists()


def test_the_same_granted_again_is_one_and_other_words_replace_it(enrolment: Enrolment) -> None:
    first = grant(enrolment, Adjusted.ROOM, "Room 2.")
    assert grant(enrolment, Adjusted.ROOM, " Room 2. ") == first
    grant(enrolment, Adjusted.ROOM, "Room 3.")
    assert [one.details for one in Adjustment.objects.standing()] == ["Room 3."]
    assert Adjustment.objects.count() == 2


def test_time_that_was_granted_is_not_taken_back(enrolment: Enrolment) -> None:
    trainer = factories.trainer_of(enrolment.course)
    with pytest.raises(actions.AdjustmentRefused):
        actions.end_adjustment(adjustment=grant(enrolment, Adjusted.TIME, minutes=5), by=trainer)
    ended = actions.end_adjustment(adjustment=grant(enrolment, Adjusted.BREAKS), by=trainer)
    assert actions.end_adjustment(adjustment=ended, by=factories.admin()).ended_by == trainer


def test_who_reads_them(enrolment: Enrolment) -> None:
    ask(enrolment, Adjusted.ROOM)
    grant(enrolment, Adjusted.ROOM)
    course = enrolment.course
    assert enrolment.sponsor_organisation is not None
    admin_with_a_place = factories.admin()
    factories.enrolment(course, admin_with_a_place)
    trained_and_took_part = factories.associate(course.programme)
    licence = trained_and_took_part.licences.get()
    course.associates.create(associate=trained_and_took_part, licence=licence, assigned_by=factories.admin())
    factories.enrolment(course, trained_and_took_part)
    readers = [enrolment.person, factories.trainer_of(course), factories.admin()]
    others: list[Person] = [
        factories.commissioner(enrolment.sponsor_organisation),
        factories.enrolment(course).person,
        factories.associate(course.programme),
        admin_with_a_place,
        trained_and_took_part,
    ]
    for model in (Adjustment, AdjustmentRequest):
        for person in readers:
            assert model.objects.visible_to(Person.objects.get(pk=person.pk)).count() == 1
        for person in others:
            assert not model.objects.visible_to(Person.objects.get(pk=person.pk)).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM assessments_adjustment",
        "DELETE FROM assessments_adjustmentrequest",
        "UPDATE assessments_adjustment SET details = 'x'",
        "UPDATE assessments_adjustment SET kind = 'breaks'",
        "UPDATE assessments_adjustmentrequest SET words = 'x'",
        "UPDATE assessments_adjustmentrequest SET answered_at = now()",
        "UPDATE assessments_adjustment SET ended_at = now()",
    ],
)
def test_postgresql_keeps_what_was_asked_and_granted(enrolment: Enrolment, statement: str) -> None:
    ask(enrolment, Adjusted.ROOM)
    grant(enrolment, Adjusted.ROOM)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_adjustment_belongs_to_whose_request_and_time_it_is(enrolment: Enrolment) -> None:
    other = factories.enrolment(enrolment.course)
    theirs = ask(other, Adjusted.ROOM)
    by = factories.trainer_of(enrolment.course)
    with pytest.raises(DatabaseError), transaction.atomic():
        Adjustment.objects.create(enrolment=enrolment, request=theirs, kind=Adjusted.ROOM, granted_by=by)
    time = grant(other, Adjusted.TIME, minutes=5).time_grant
    with pytest.raises(DatabaseError), transaction.atomic():
        Adjustment.objects.filter(pk__lt=0).create(
            enrolment=enrolment, kind=Adjusted.TIME, time_grant=time, granted_by=by
        )
