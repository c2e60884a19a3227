"""What happened to somebody: recorded by a trainer or told by the person, within its window, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments import locks
from assessments.answering import actions
from assessments.answering.actions import Happened
from assessments.answering.telling_window import offered_to
from assessments.models import ConsiderationDecision, SpecialConsideration, TimeGrant
from assessments.states import Granted, WhatFollows
from courses.models import Course, CourseAssociate, Enrolment, RegisterEntry
from courses.states import Presence
from tests import factories
from tests.sessions import at_once

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return factories.enrolment(course)


def alarm(**fields: Any) -> Happened:
    at = timezone.now() - timedelta(minutes=10)
    return Happened(**{"what": "A fire alarm.", "at": at, "effect": "Nobody could write.", **fields})


def tell(enrolment: Enrolment, happened: Happened | None = None, **options: Any) -> SpecialConsideration:
    told = {"trainers_may_read": False, "by": enrolment.person, **options}
    return actions.tell_what_happened(enrolment=enrolment, happened=happened or alarm(), **told)


def test_person_tells_what_happened_to_them_and_nobody_gets_a_letter(enrolment: Enrolment) -> None:
    row = tell(enrolment, alarm(what=" A fire alarm. ", minutes=20))
    assert (row.what, row.minutes_lost, row.recorded_by) == ("A fire alarm.", 20, enrolment.person)
    assert row.is_told_by_themself
    assert not row.trainers_may_read
    assert not OutgoingEmail.objects.exists()


def test_trainer_records_it_for_several_together_and_each_is_told(course: Course) -> None:
    people = [factories.enrolment(course) for _ in range(3)]
    by = factories.trainer_of(course)
    rows = actions.record_consideration(enrolments=people, happened=alarm(), by=by)
    assert {row.enrolment_id for row in rows} == {one.pk for one in people}
    assert len({row.together for row in rows}) == 1
    assert all(row.trainers_may_read for row in rows)
    letters = OutgoingEmail.objects.all()
    assert {letter.to_address for letter in letters} == {one.person.email for one in people}
    assert not any("alarm" in letter.text or "happened" in letter.text for letter in letters)


def test_recorded_twice_it_stands_once_and_nobody_gets_a_second_letter(course: Course) -> None:
    people = [factories.enrolment(course) for _ in range(2)]
    by, happened = factories.trainer_of(course), alarm()
    first = actions.record_consideration(enrolments=people[:1], happened=happened, by=by)
    again = actions.record_consideration(enrolments=people, happened=happened, by=by)
    assert again[0] == first[0]
    assert SpecialConsideration.objects.count() == 2
    assert OutgoingEmail.objects.count() == 2
    told = tell(people[0], happened)
    assert tell(people[0], happened) == told
    assert SpecialConsideration.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_record_it_once() -> None:
    course = factories.course()
    people = [factories.enrolment(course) for _ in range(3)]
    by, happened = factories.trainer_of(course), alarm()

    def record(order: int) -> Callable[[], list[SpecialConsideration]]:
        return lambda: actions.record_consideration(enrolments=people[::order], happened=happened, by=by)

    done = at_once(record(1), record(-1))
    assert not [one for one in done if isinstance(one, Exception)]
    assert SpecialConsideration.objects.count() == 3


# The last session ends on a Friday at 16:00; the clocks go back in the night to Sunday, 25 October 2026.
@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-10-23T09:59:59", False),
        ("2026-10-23T10:00:00", True),
        ("2026-10-30T15:59:59", True),
        ("2026-10-30T16:00:00", False),
    ],
)
def test_window_is_from_the_first_session_until_five_working_days_after_the_last(
    at: str, is_open: bool
) -> None:
    begin = datetime(2026, 10, 23, 10, tzinfo=LONDON)
    with time_machine.travel(begin - timedelta(days=3), tick=False):
        course = factories.course(starts=begin, sessions=1)
        course.sessions.update(ends_at=datetime(2026, 10, 23, 16, tzinfo=LONDON))
        enrolment = factories.enrolment(course)
    with time_machine.travel(datetime.fromisoformat(at).replace(tzinfo=LONDON), tick=False):
        assert offered_to(enrolment).tells == is_open
        for act in (
            lambda: tell(enrolment),
            lambda: actions.record_consideration(
                enrolments=[enrolment], happened=alarm(), by=factories.trainer_of(course)
            ),
        ):
            if is_open:
                act()
                continue
            with pytest.raises(actions.NotInWindow) as refused:
                act()
            early = "adjustment" in str(refused.value.message)
            assert early or "30 October 2026, 16:00 (London" in str(refused.value.message)
            assert early == at.startswith("2026-10-23")


def test_window_is_counted_where_the_course_meets() -> None:
    """Friday evening in UTC is Saturday in Auckland, from where it counts as from Monday at nine."""
    auckland = ZoneInfo("Pacific/Auckland")
    begin = datetime(2026, 11, 27, 20, tzinfo=ZoneInfo("UTC"))
    with time_machine.travel(begin - timedelta(days=1), tick=False):
        course = factories.course(starts=begin, sessions=1, time_zone=str(auckland))
        enrolment = factories.enrolment(course)
    closes = datetime(2026, 12, 7, 9, tzinfo=auckland)
    for at, is_open in ((closes - timedelta(seconds=1), True), (closes, False)):
        with time_machine.travel(at, tick=False):
            assert offered_to(enrolment).tells == is_open


def test_number_of_days_is_a_setting(settings: Any) -> None:
    settings.AIM = {**settings.AIM, "CONSIDERATION_TOLD_WORKING_DAYS": 20}
    enrolment = factories.enrolment(factories.course(starts=timezone.now() - timedelta(days=20)))
    assert offered_to(enrolment).tells
    settings.AIM = {**settings.AIM, "CONSIDERATION_TOLD_WORKING_DAYS": 5}
    assert not offered_to(enrolment).tells


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"what": "  "}, "what"),
        ({"effect": ""}, "effect"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 601}, "minutes"),
        ({"at": timedelta(minutes=5)}, "time"),
        ({"at": timedelta(days=-40)}, "day"),
    ],
)
def test_what_nobody_means_is_refused_and_says_where(
    enrolment: Enrolment, fields: dict[str, Any], field: str
) -> None:
    if "at" in fields:
        fields = {"at": timezone.now() + fields["at"]}
    with pytest.raises(actions.ConsiderationRefused) as refused:
        tell(enrolment, alarm(**fields))
    assert refused.value.field == field
    assert not SpecialConsideration.objects.exists()


def test_nobody_records_for_who_withdrew_nor_for_a_cancelled_course(course: Course) -> None:
    by = factories.trainer_of(course)
    now = timezone.now()
    gone = factories.enrolment(course, withdrawn_at=now, withdrawn_by=by)
    stays = factories.enrolment(course)
    with pytest.raises(actions.NotTakingPart):
        tell(gone)
    with pytest.raises(actions.NotTakingPart, match=gone.person.name):
        actions.record_consideration(enrolments=[stays, gone], happened=alarm(), by=by)
    assert not SpecialConsideration.objects.exists()
    Course.objects.filter(pk=course.pk).update(cancelled_at=now, cancelled_by=by)
    with pytest.raises(actions.NotTakingPart, match="cancelled"):
        tell(stays)


def test_only_the_person_tells_and_only_a_trainer_of_the_course_records(
    course: Course, enrolment: Enrolment
) -> None:
    other = factories.enrolment(course).person
    with pytest.raises(actions.NotTheirs):
        tell(enrolment, by=other)
    for by in (factories.admin(), factories.associate(course.programme), enrolment.person):
        with pytest.raises((locks.NotTheTrainer, locks.OwnWork)):
            actions.record_consideration(enrolments=[enrolment], happened=alarm(), by=by)
    with pytest.raises(actions.NotTheirs):
        actions.record_consideration(
            enrolments=[enrolment, factories.enrolment(factories.course())],
            happened=alarm(),
            by=factories.trainer_of(course),
        )
    with pytest.raises(actions.ConsiderationRefused, match="at least one"):
        actions.record_consideration(enrolments=[], happened=alarm(), by=factories.trainer_of(course))


def test_five_things_of_ones_own_can_wait_and_no_sixth(enrolment: Enrolment) -> None:
    for number in range(5):
        tell(enrolment, alarm(what=f"Thing {number}."))
    with pytest.raises(actions.ConsiderationRefused, match="several things already"):
        tell(enrolment, alarm(what="Thing 5."))
    assert SpecialConsideration.objects.count() == 5


def test_who_was_in_the_room_is_whom_the_register_has_not_as_absent(course: Course) -> None:
    present, unsaid, absent, elsewhere = (factories.enrolment(course) for _ in range(4))
    by, first = factories.trainer_of(course), course.sessions.get(number=1)
    factories.enrolment(course, withdrawn_at=timezone.now(), withdrawn_by=by)
    for one, presence in ((present, Presence.PRESENT), (absent, Presence.ABSENT)):
        RegisterEntry.objects.create(
            course=course, enrolment=one, session=first, presence=presence, recorded_by=by
        )
    RegisterEntry.objects.create(
        course=course,
        enrolment=elsewhere,
        session=course.sessions.get(number=2),
        presence=Presence.ABSENT,
        recorded_by=by,
    )
    during = first.starts_at + timedelta(minutes=5)
    there = actions.who_was_in_the_room(course, during)
    assert {one.pk for one in there} == {present.pk, unsaid.pk, elsewhere.pk}
    # On a day without a session everybody counts.
    assert len(actions.who_was_in_the_room(course, during - timedelta(days=3))) == 4


def test_a_row_never_changes_nor_goes(enrolment: Enrolment) -> None:
    row = tell(enrolment)
    for sql in (
        "UPDATE assessments_specialconsideration SET what = 'x'",
        "DELETE FROM assessments_specialconsideration",
        "UPDATE assessments_considerationdecision SET reason = 'x'",
        "DELETE FROM assessments_considerationdecision",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert SpecialConsideration.objects.get() == row


def test_database_holds_one_decision_about_the_same_person_with_the_time_that_was_decided(
    course: Course, enrolment: Enrolment
) -> None:
    row, admin = factories.consideration(enrolment), factories.admin()
    other = factories.enrolment(course)
    minutes = TimeGrant.objects.create(
        enrolment=enrolment, what=Granted.EXTRA, minutes=5, reason="Why.", granted_by=admin
    )
    theirs = TimeGrant.objects.create(
        enrolment=other, what=Granted.EXTRA, minutes=5, reason="Why.", granted_by=admin
    )

    def decide(**fields: Any) -> None:
        ConsiderationDecision.objects.create(
            **{
                "consideration": row,
                "enrolment": enrolment,
                "follows": WhatFollows.NOTHING,
                "reason": "Why.",
                "decided_by": admin,
                **fields,
            }
        )

    for fields in (
        {"enrolment": other},
        {"follows": WhatFollows.MORE_TIME, "time_grant": theirs},
        {"follows": WhatFollows.MORE_TIME},
        {"follows": WhatFollows.SITTING, "time_grant": minutes},
        {"time_grant": minutes},
        {"follows": "a_mark"},
        {"reason": ""},
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            decide(**fields)
    decide()
    with pytest.raises(IntegrityError), transaction.atomic():
        decide(reason="Another.")


def test_who_sees_that_it_was_recorded(course: Course, enrolment: Enrolment) -> None:
    row = factories.consideration(enrolment)
    trainer, admin, other = (
        factories.trainer_of(course),
        factories.admin(),
        factories.enrolment(course).person,
    )
    both = factories.admin()
    CourseAssociate.objects.create(
        course=course, associate=both, licence=trainer.licences.get(), assigned_by=admin
    )
    enrolled = factories.admin()
    factories.enrolment(course, enrolled)

    def found(user: Person) -> tuple[bool, bool]:
        rows = SpecialConsideration.objects.visible_to(user)
        return rows.exists(), SpecialConsideration.objects.to_decide(user).exists()

    assert row in SpecialConsideration.objects.visible_to(enrolment.person)
    assert found(trainer)[0]
    assert [found(one) for one in (admin, both, enrolled)] == [(True, True), (True, False), (False, False)]
    for stranger in (
        other,
        factories.commissioner(course.organisation),
        factories.associate(course.programme),
    ):
        assert not found(stranger)[0]
