"""Two people change one course or licence: neither overwrites the other without having seen what stands."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from courses.actions import renew_licence
from courses.models import Licence
from tests import factories as make
from tests.courses.factories import NOON, coming
from tests.courses.pages import signed_in, text
from tests.stale import REFUSED, both, filled_in, over

pytestmark = pytest.mark.django_db

THEIRS = r"Olu Other saved it on 22 November 2026, 12:\d\d"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


@pytest.fixture
def mine() -> Client:
    return signed_in(make.admin(name="Ada Admin"))


@pytest.fixture
def other() -> Person:
    return make.admin(name="Olu Other")


def test_course_that_another_admin_changed_is_not_overwritten_before_both_were_seen(mine, other):
    course = coming(title="AIM3, Leeds", venue="Room 1", capacity=20)
    url, theirs = reverse("courses:edit", args=[course.uuid]), signed_in(other)
    typed = filled_in(mine.get(url)) | {"venue": "The Old Mill"}
    changed = filled_in(theirs.get(url)) | {"title": "AIM3, York", "capacity": "12"}
    assert theirs.post(url, changed).status_code == 302
    refused = mine.post(url, typed)
    assert refused.status_code == 409
    assert REFUSED in text(refused)
    assert re.search(THEIRS, text(refused))
    assert both(refused) == [("AIM3, York", "AIM3, Leeds"), ("Room 1", "The Old Mill"), ("12", "20")]
    # Sent again as it came back, with what was typed: it builds on the older text still.
    again = filled_in(refused)
    assert again["venue"] == "The Old Mill"
    assert mine.post(url, again).status_code == 409
    course.refresh_from_db()
    assert (course.title, course.venue, course.capacity) == ("AIM3, York", "Room 1", 12)
    assert mine.post(url, again | over(refused)).status_code == 302
    course.refresh_from_db()
    assert (course.title, course.venue, course.capacity) == ("AIM3, Leeds", "The Old Mill", 20)


def test_course_that_changes_once_more_is_refused_once_more(mine, other):
    course = coming(title="AIM3, Leeds")
    url, theirs = reverse("courses:edit", args=[course.uuid]), signed_in(other)
    typed = filled_in(mine.get(url)) | {"title": "AIM3, Hull"}
    theirs.post(url, filled_in(theirs.get(url)) | {"title": "AIM3, York"})
    refused = mine.post(url, typed)
    theirs.post(url, filled_in(theirs.get(url)) | {"title": "AIM3, Bath"})
    assert mine.post(url, filled_in(refused) | over(refused)).status_code == 409
    course.refresh_from_db()
    assert course.title == "AIM3, Bath"


def test_course_that_says_the_same_already_is_saved_whoever_saved_it(mine, other):
    course = coming(title="AIM3, Leeds")
    url, theirs = reverse("courses:edit", args=[course.uuid]), signed_in(other)
    typed = filled_in(mine.get(url)) | {"title": "AIM3, York"}
    theirs.post(url, typed)
    assert mine.post(url, typed).status_code == 302
    course.refresh_from_db()
    assert (course.title, course.changed_by) == ("AIM3, York", other)


def test_sessions_that_another_admin_moved_are_not_overwritten_before_both_were_seen(mine, other):
    course = coming(sessions=2)
    url, theirs = reverse("courses:sessions", args=[course.uuid]), signed_in(other)
    typed = filled_in(mine.get(url)) | {"sessions-0-day": "2026-12-07"}
    day = {"sessions-1-day": "2026-12-09"}
    assert theirs.post(url, filled_in(theirs.get(url)) | day).status_code == 302
    # One more row on the way loses nothing of what the page builds on.
    refused = mine.post(
        url, filled_in(mine.post(url, typed | {"another": "1"})) | {"sessions-0-day": "2026-11-28"}
    )
    assert refused.status_code == 409
    assert REFUSED in text(refused)
    assert re.search(THEIRS, text(refused))
    assert [saved[:16] for saved, _mine in both(refused)] == ["29 November 2026", "9 December 2026,"]
    again = filled_in(refused)
    assert mine.post(url, again).status_code == 409
    assert [one.starts_at.day for one in course.sessions.all()] == [29, 9]
    assert mine.post(url, again | over(refused)).status_code == 302
    assert [one.starts_at.day for one in course.sessions.all()] == [28, 29]


def test_last_day_that_another_admin_set_is_not_overwritten_before_both_were_seen(mine, other):
    make.associate(make.ProgrammeFactory.create())
    licence = Licence.objects.get()
    url = reverse("courses:licence_renew", args=[licence.uuid])
    typed = filled_in(mine.get(url)) | {"valid_until": "2028-01-01"}
    renew_licence(licence=licence, valid_until=date(2027, 6, 30), by=other)
    refused = mine.post(url, typed)
    assert refused.status_code == 409
    assert re.search(THEIRS, text(refused))
    assert both(refused) == [("30 June 2027", "1 January 2028")]
    assert mine.post(url, filled_in(refused)).status_code == 409
    licence.refresh_from_db()
    assert licence.valid_until == date(2027, 6, 30)
    assert mine.post(url, filled_in(refused) | over(refused)).status_code == 302
    licence.refresh_from_db()
    assert licence.valid_until == date(2028, 1, 1)


@pytest.mark.parametrize("name", ["edit", "sessions", "licence_renew"])
def test_form_that_does_not_say_what_it_builds_on_changes_nothing(mine, name):
    course = coming()
    licence = course.associates.get().licence
    thing = licence if name == "licence_renew" else course
    url = reverse(f"courses:{name}", args=[thing.uuid])
    page = filled_in(mine.get(url))
    sent = page | {"title": "Another", "valid_until": "2030-01-01", "sessions-0-day": "2026-12-20"}
    for seen in ("", "x", "\x00", "0" * 17):
        answer = mine.post(url, sent | {"seen": seen})
        assert answer.status_code == 422
        assert "arrived incomplete" in text(answer)
    course.refresh_from_db()
    licence.refresh_from_db()
    assert course.title != "Another"
    assert licence.valid_until != date(2030, 1, 1)
    assert course.sessions.get(number=1).starts_at.day != 20
