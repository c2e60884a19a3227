"""Sessions of a course on which somebody's outcome is finalised: they change with a reason that is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.states import Outcome
from certification.actions import approve
from courses.actions import SessionsReasonNeeded, SessionsRefused, SessionTimes, set_sessions
from courses.models import Course, Enrolment
from tests import factories as make
from tests.courses.factories import NOON, running, times
from tests.courses.pages import signed_in, text
from tests.stale import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def finalised(course: Course) -> Enrolment:
    return make.recommended(course, outcome=Outcome.NOT_YET)


def test_sessions_after_finalising_change_with_a_reason_that_stays_on_record():
    course, admin = running(sessions=1), make.admin(name="Ada Admin")
    enrolment = finalised(course)
    begun = course.sessions.get()
    wanted = [SessionTimes(begun.starts_at, begun.ends_at), *times(3)]
    for reason in ("", " \u200b"):
        with pytest.raises(SessionsReasonNeeded) as needed:
            set_sessions(course=course, sessions=wanted, by=admin, reason=reason)
        assert needed.value.field == "reason"
    assert course.sessions.count() == 1
    set_sessions(course=course, sessions=wanted, by=admin, reason="The room was flooded.")
    kept = course.session_changes.get()
    assert (kept.changed_by, kept.reason) == (admin, "The room was flooded.")
    for refused in (kept.delete, lambda: course.session_changes.update(reason="Another")):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()
    page = text(signed_in(admin).get(reverse("certification:decide", args=[course.uuid, enrolment.uuid])))
    assert "by Ada Admin. The room was flooded." in page


def test_sessions_page_asks_why_only_once_an_outcome_is_finalised():
    course = make.course(starts=NOON - timedelta(hours=1), sessions=1)
    client = signed_in(make.admin())
    url = reverse("courses:sessions", args=[course.uuid])
    assert "reason" not in filled_in(client.get(url))
    finalised(course)
    # As a form shows them, to the minute.
    course.sessions.update(starts_at=NOON - timedelta(hours=3), ends_at=NOON - timedelta(hours=1))
    day = timezone.localdate() + timedelta(days=3)
    more = {"sessions-1-day": day.isoformat(), "sessions-1-starts": "09:30", "sessions-1-ends": "12:30"}
    typed = filled_in(client.post(url, filled_in(client.get(url)) | {"another": "1"})) | more
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "Say why the sessions change." in text(refused)
    assert course.sessions.count() == 1
    assert client.post(url, filled_in(refused) | {"reason": "The room was flooded."}).status_code == 302
    assert course.sessions.count() == 2
    assert "The room was flooded." in text(client.get(url))


def test_sessions_change_without_a_reason_where_who_was_finalised_left():
    course = running(sessions=1)
    enrolment = finalised(course)
    type(enrolment).objects.filter(pk=enrolment.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=enrolment.person
    )
    begun = course.sessions.get()
    client = signed_in(make.admin())
    assert "reason" not in filled_in(client.get(reverse("courses:sessions", args=[course.uuid])))
    set_sessions(
        course=course,
        sessions=[SessionTimes(begun.starts_at, begun.ends_at), *times(3)],
        by=make.admin(),
        reason="Nobody asked for one.",
    )
    assert course.session_changes.get().reason == ""


def test_sessions_refuse_change_after_an_approval_whatever_the_reason():
    course, admin = running(sessions=1), make.admin()
    enrolment = make.recommended(course)
    approve(enrolment=enrolment, by=make.admin())
    begun = course.sessions.get()
    wanted = [SessionTimes(begun.starts_at, begun.ends_at), *times(3)]
    with pytest.raises(SessionsRefused, match="was approved"):
        set_sessions(course=course, sessions=wanted, by=admin, reason="The room was flooded.")
    assert course.sessions.count() == 1
    assert not course.session_changes.exists()
