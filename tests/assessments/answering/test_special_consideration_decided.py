"""What The AIM Project decides about what happened: once, with its time, and never a mark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments import locks
from assessments.answering import actions
from assessments.answering.actions import Following
from assessments.answering.hours import with_answers_in
from assessments.answering.participation import Stage, place_of
from assessments.models import ConsiderationDecision, CriterionMark, SpecialConsideration, TimeGrant
from assessments.states import Granted, WhatFollows
from certification.actions import CannotBeFinalised, finalise
from certification.disclosure import Shown, Viewer, told, with_results
from courses.models import Course, CourseAssociate, Enrolment
from tests import factories
from tests.sessions import at_once

pytestmark = pytest.mark.django_db

NOTHING = Following(WhatFollows.NOTHING)
TEN = Following(WhatFollows.MORE_TIME, 10)


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return factories.enrolment(course, attended=True)


@pytest.fixture
def admin() -> Person:
    return factories.admin()


def in_(minutes: int) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def decide(
    *rows: SpecialConsideration, by: Person, following: Following = NOTHING, reason: str = "It was short."
) -> list[ConsiderationDecision]:
    return actions.decide_considerations(considerations=rows, following=following, reason=reason, by=by)


def stage(enrolment: Enrolment) -> Stage:
    place = place_of(enrolment.person, enrolment.uuid)
    assert place is not None
    return place.stage


def test_nothing_follows_and_the_person_and_the_trainer_are_told_that_something_waits(
    course: Course, enrolment: Enrolment, admin: Person
) -> None:
    by = factories.trainer_of(course)
    row = factories.consideration(enrolment, by=by)
    (made,) = decide(row, by=admin)
    assert (made.follows, made.time_grant, made.decided_by) == (WhatFollows.NOTHING, None, admin)
    letters = {letter.to_address: letter for letter in OutgoingEmail.objects.all()}
    assert set(letters) == {enrolment.person.email, by.email}
    for letter in letters.values():
        for word in ("short", "decided", "happened", "consideration"):
            assert word not in letter.text + letter.html + letter.subject


def test_who_told_it_themself_gets_one_letter_and_no_trainer_any(enrolment: Enrolment, admin: Person) -> None:
    decide(factories.consideration(enrolment), by=admin)
    assert [letter.to_address for letter in OutgoingEmail.objects.all()] == [enrolment.person.email]


def test_more_time_is_the_minutes_that_a_trainer_could_grant(
    course: Course, enrolment: Enrolment, admin: Person
) -> None:
    factories.sitting(course, closes_at=in_(20))
    (made,) = decide(factories.consideration(enrolment), by=admin, following=TEN)
    grant = made.time_grant
    assert grant is not None
    assert (grant.what, grant.minutes, grant.enrolment) == (Granted.EXTRA, 10, enrolment)
    # Trainers read this beside the minutes, and nothing of what happened.
    assert grant.reason == "Special consideration"


@pytest.mark.parametrize("state", ["not opened", "closed", "submitted"])
def test_more_time_needs_answering_to_be_open_for_them(
    course: Course, enrolment: Enrolment, admin: Person, state: str
) -> None:
    if state != "not opened":
        factories.sitting(course, closed=state == "closed")
    if state == "submitted":
        factories.submission(enrolment)
    with pytest.raises(actions.ConsiderationRefused, match="another sitting instead"):
        decide(factories.consideration(enrolment), by=admin, following=TEN)
    assert not ConsiderationDecision.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_another_sitting_opens_answering_again_and_the_first_attempt_stays(
    course: Course, enrolment: Enrolment, admin: Person
) -> None:
    factories.sitting(course, closed=True)
    first = factories.submission(enrolment)
    assert stage(enrolment) is Stage.SUBMITTED
    decide(
        factories.consideration(enrolment), by=admin, following=Following(WhatFollows.SITTING, until=in_(60))
    )
    assert stage(enrolment) is Stage.ANSWERING
    made = actions.start_submission(enrolment=enrolment, by=enrolment.person)
    assert (made.attempt, first.attempt) == (2, 1)


def test_another_sitting_from_a_later_hour_changes_nothing_before(
    course: Course, enrolment: Enrolment, admin: Person
) -> None:
    factories.sitting(course, closed=True)
    factories.submission(enrolment)
    later = Following(WhatFollows.SITTING, starts_at=in_(60), until=in_(120))
    (made,) = decide(factories.consideration(enrolment), by=admin, following=later)
    assert made.time_grant is not None
    assert made.time_grant.starts_at == later.starts_at
    assert stage(enrolment) is Stage.SUBMITTED
    with pytest.raises(actions.AlreadySubmitted):
        actions.save_answer(enrolment=enrolment, number=1, text="More.", base_revision=0, by=enrolment.person)
    shown = with_results(Enrolment.objects.filter(pk=enrolment.pk)).get()
    assert told(shown, Viewer.PARTICIPANT).stage is Shown.BEING_MARKED


def test_another_sitting_that_has_begun_takes_answers(course: Course, enrolment: Enrolment) -> None:
    factories.sitting(course, closed=True)
    factories.submission(enrolment)
    TimeGrant.objects.create(
        enrolment=enrolment,
        what=Granted.REOPENED,
        granted_at=in_(-60),
        starts_at=in_(1),
        until=in_(60),
        reason="Special consideration",
        granted_by=factories.admin(),
    )
    assert stage(enrolment) is Stage.SUBMITTED
    grant = TimeGrant.objects.create(
        enrolment=factories.enrolment(course),
        what=Granted.REOPENED,
        granted_at=in_(-60),
        starts_at=in_(-1),
        until=in_(60),
        reason="Special consideration",
        granted_by=factories.admin(),
    )
    assert stage(grant.enrolment) is Stage.ANSWERING
    actions.save_answer(
        enrolment=grant.enrolment, number=1, text="Mine.", base_revision=0, by=grant.enrolment.person
    )


@pytest.mark.parametrize(
    ("starts", "until", "field"),
    [(None, None, "day"), (None, -5, "until"), (60, 30, "until"), (None, 99999, "day")],
)
def test_a_sitting_that_nobody_means_is_refused_and_says_where(
    course: Course, enrolment: Enrolment, admin: Person, starts: int | None, until: int | None, field: str
) -> None:
    factories.sitting(course, closed=True)
    following = Following(
        WhatFollows.SITTING,
        starts_at=in_(starts) if starts else None,
        until=in_(until) if until is not None else None,
    )
    with pytest.raises(actions.ConsiderationRefused) as refused:
        decide(factories.consideration(enrolment), by=admin, following=following)
    # Near midnight it is on another day, which is then what to look at.
    assert refused.value.field in (field, "day")


@pytest.mark.parametrize("following", [TEN, Following(WhatFollows.SITTING, until=datetime.max)])
def test_no_time_follows_once_the_outcome_is_finalised(
    course: Course, admin: Person, following: Following
) -> None:
    recommended = factories.recommended(course)
    row = factories.consideration(recommended)
    with pytest.raises(actions.ConsiderationRefused, match="finalised"):
        decide(row, by=admin, following=following)
    assert decide(row, by=admin)[0].follows == WhatFollows.NOTHING


def test_an_outcome_waits_for_a_sitting_that_has_not_begun(course: Course, admin: Person) -> None:
    factories.sitting(course, closed=True)
    enrolment = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(enrolment))
    recommendation = factories.recommendation(enrolment, marking=marking, finalised=False)
    later = Following(WhatFollows.SITTING, starts_at=in_(60), until=in_(120))
    decide(factories.consideration(enrolment), by=admin, following=later)
    with pytest.raises(CannotBeFinalised, match="Another sitting begins for them"):
        finalise(recommendation=recommendation, by=recommendation.recommended_by)
    # Its page says so before anybody presses.
    client = Client()
    client.force_login(recommendation.recommended_by)
    page = client.get(reverse("certification:finalise", args=[course.uuid, enrolment.uuid])).text
    assert "Another sitting begins for them" in page
    # They will write once more, on paper perhaps.
    assert not with_answers_in(Enrolment.objects.filter(pk=enrolment.pk)).get().has_answers_in


def test_no_mark_changes(course: Course, admin: Person) -> None:
    factories.sitting(course, closed=True)
    enrolment = factories.enrolment(course, attended=True)
    factories.marking(factories.submission(enrolment))
    before = list(CriterionMark.objects.order_by("pk").values())
    assert before
    decide(factories.consideration(enrolment), by=admin)
    assert list(CriterionMark.objects.order_by("pk").values()) == before


def test_one_decision_stands_and_the_same_press_again_leaves_it(
    course: Course, enrolment: Enrolment, admin: Person
) -> None:
    factories.sitting(course, closes_at=in_(20))
    row = factories.consideration(enrolment)
    first = decide(row, by=admin, following=TEN)
    letters = OutgoingEmail.objects.count()
    assert decide(row, by=admin, following=TEN) == first
    for by, following, reason in (
        (factories.admin(), TEN, "It was short."),
        (admin, TEN, "Other words."),
        (admin, NOTHING, "It was short."),
    ):
        with pytest.raises(actions.AlreadyDecided):
            decide(row, by=by, following=following, reason=reason)
    assert TimeGrant.objects.count() == 1
    assert OutgoingEmail.objects.count() == letters


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_the_same_moment_decide_once() -> None:
    course = factories.course()
    factories.sitting(course, closes_at=in_(60))
    people = [factories.enrolment(course) for _ in range(3)]
    rows = [factories.consideration(one) for one in people]
    first, second = factories.admin(), factories.admin()
    done = at_once(
        lambda: decide(*rows, by=first, following=TEN, reason="One."),
        lambda: decide(*reversed(rows), by=second, following=TEN, reason="Two."),
    )
    assert sorted(type(one).__name__ for one in done) == ["AlreadyDecided", "list"]
    assert ConsiderationDecision.objects.count() == TimeGrant.objects.count() == 3


def test_several_are_decided_together_or_none_and_the_refusal_names_who(
    course: Course, admin: Person
) -> None:
    factories.sitting(course, closes_at=in_(60))
    by = factories.trainer_of(course)
    people = [factories.enrolment(course) for _ in range(2)]
    rows = [factories.consideration(one, by=by) for one in people]
    factories.submission(people[1])
    with pytest.raises(actions.ConsiderationRefused, match=f"{people[1].person.name}: "):
        decide(*rows, by=admin, following=TEN)
    assert not ConsiderationDecision.objects.exists()
    assert not TimeGrant.objects.exists()
    assert len(decide(*rows, by=admin)) == 2
    # One letter to each person, and one in all to who recorded it.
    assert OutgoingEmail.objects.count() == 3


def test_nobody_with_a_part_in_the_course_decides(
    course: Course, enrolment: Enrolment, admin: Person
) -> None:
    row = factories.consideration(enrolment)
    trains, takes_part = factories.admin(), factories.admin()
    licence = factories.trainer_of(course).licences.get()
    CourseAssociate.objects.create(course=course, associate=trains, licence=licence, assigned_by=admin)
    factories.enrolment(course, takes_part)
    for by in (trains, takes_part):
        with pytest.raises(locks.OwnWork):
            decide(row, by=by)


def test_words_are_asked_for(enrolment: Enrolment, admin: Person) -> None:
    with pytest.raises(actions.ConsiderationRefused) as refused:
        decide(factories.consideration(enrolment), by=admin, reason="  ")
    assert refused.value.field == "reason"


def test_what_happened_to_who_left_since_can_be_closed(course: Course, admin: Person) -> None:
    fields: dict[str, Any] = {"withdrawn_at": timezone.now(), "withdrawn_by": admin}
    row = factories.consideration(factories.enrolment(course, **fields))
    factories.sitting(course)
    assert row not in SpecialConsideration.objects.to_decide(admin)
    with pytest.raises(actions.ConsiderationRefused, match="withdrew"):
        decide(row, by=admin, following=TEN)
    assert decide(row, by=admin)
