"""Special consideration, at every step and with every mistake: its pages are accessible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.answering import actions
from assessments.answering.actions import Following
from assessments.states import WhatFollows
from courses.models import Course
from tests import factories
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]

ALL = at("assessments:considerations")


@pytest.fixture
def course() -> Course:
    made = factories.course()
    factories.sitting(made, closes_at=timezone.now() + timedelta(hours=1))
    return made


def test_telling_and_recording(wrong: Wrong, course: Course) -> None:
    trainer, admin, some = factories.trainer_of(course), factories.admin(), factories.enrolment(course)
    mine, listed = at("assessments:my_considerations", some), at("assessments:course_considerations", course)
    record = at("assessments:consideration_record", course)
    assert not wrong(
        some.person, mine, at("assessments:task_list", some), at("certification:my_course", some)
    )
    assert not wrong(trainer, at("assessments:room", course), listed, record)
    assert not wrong(admin, listed, ALL)
    ahead = {"day": "2199-01-01", "time": "10:00", "minutes": "0", "what": "An alarm."}
    assert not wrong(some.person, mine, sent=ahead)
    assert not wrong(trainer, record, sent={**ahead, "whom": "some"})
    gone = factories.enrolment(course, withdrawn_at=timezone.now(), withdrawn_by=admin)
    assert not wrong(gone.person, at("assessments:my_considerations", gone))


def test_outside_the_window_and_without_anybody(wrong: Wrong) -> None:
    for days in (3, -20):
        course = factories.course(starts=timezone.now() + timedelta(days=days))
        some, trainer = factories.enrolment(course), factories.trainer_of(course)
        assert not wrong(some.person, at("assessments:my_considerations", some))
        assert not wrong(
            trainer,
            at("assessments:course_considerations", course),
            at("assessments:consideration_record", course),
        )
    empty = factories.course()
    assert not wrong(factories.trainer_of(empty), at("assessments:consideration_record", empty))


def test_deciding_and_reading_what_was_decided(wrong: Wrong, course: Course) -> None:
    trainer, admin, together = factories.trainer_of(course), factories.admin(), uuid4()
    some, other = factories.enrolment(course), factories.enrolment(course)
    own = factories.consideration(some)
    rows = [
        factories.consideration(one, by=trainer, together=together, minutes_lost=15) for one in (some, other)
    ]
    private, shared = (at("assessments:consideration", course, one.enrolment, one) for one in (own, rows[0]))
    listed, mine = at("assessments:course_considerations", course), at("assessments:my_considerations", some)
    assert not wrong(some.person, mine)
    assert not wrong(trainer, listed, private, shared, f"{listed}?q=nobody")
    assert not wrong(admin, at("home"), ALL, f"{ALL}?q=nobody", private, shared)
    assert not wrong(admin, shared, sent={"follows": "sitting", "from_day": "2026-01-01"})
    for row, following in (
        (own, Following(WhatFollows.NOTHING)),
        (rows[0], Following(WhatFollows.MORE_TIME, 10)),
        (
            rows[1],
            Following(
                WhatFollows.SITTING,
                starts_at=timezone.now() + timedelta(days=1),
                until=timezone.now() + timedelta(days=2),
            ),
        ),
    ):
        actions.decide_considerations(
            considerations=[row], following=following, reason="What was lost is made good so.", by=admin
        )
    assert not wrong(some.person, mine)
    assert not wrong(other.person, at("assessments:my_considerations", other))
    assert not wrong(trainer, listed, private, shared, at("assessments:person", course, other))
    assert not wrong(admin, ALL, private, shared)
    assert not wrong(admin, shared, sent={"follows": "nothing", "reason": "Another."})


def test_a_long_list(wrong: Wrong, course: Course) -> None:
    for _ in range(60):
        factories.consideration(factories.enrolment(course))
    assert not wrong(factories.admin(), ALL)
    assert not wrong(factories.trainer_of(course), at("assessments:course_considerations", course))
