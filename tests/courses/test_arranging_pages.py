"""Creating and changing a course on its pages, and what they say to bad input."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Session
from tests import factories as make
from tests.courses.factories import NOON, coming, running
from tests.courses.pages import ARABIC, SCRIPT, key, signed_in, text
from tests.stale import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def course_form(**fields):
    rows = fields.pop("sessions", [("2026-12-01", "09:30", "12:30"), ("2026-12-02", "09:30", "12:30")])
    data = {
        "title": "AIM3, Leeds",
        "organisation": "",
        "country": "GB",
        "time_zone": "Europe/London",
        "delivery": "in_person",
        "venue": "Civic Hall",
        "capacity": "20",
        "experience_sought": "",
        "sessions-TOTAL_FORMS": str(len(rows)),
        "sessions-INITIAL_FORMS": "0",
        **key(),
        **fields,
    }
    for number, (day, starts, ends) in enumerate(rows):
        data |= {
            f"sessions-{number}-day": day,
            f"sessions-{number}-starts": starts,
            f"sessions-{number}-ends": ends,
        }
    return data


def test_admin_creates_a_course_with_sessions_and_is_led_on():
    programme = make.ProgrammeFactory.create()
    client = signed_in(make.admin())
    assert client.get(reverse("courses:create")).status_code == 200
    sent = course_form(programme=programme.code, time_zone="Australia/Sydney", country="AU")
    response = client.post(reverse("courses:create"), sent)
    course = Course.objects.get()
    assert response.url == reverse("courses:associates", args=[course.uuid])
    assert course.experience_sought == programme.experience_sought
    assert course.sessions.get(number=1).starts_at.isoformat() == "2026-11-30T22:30:00+00:00"
    # The same form again leads where the first did.
    assert client.post(reverse("courses:create"), sent).url == response.url
    assert Course.objects.count() == 1


def test_another_course_begins_with_what_one_is_and_the_hours_of_its_sessions():
    one = coming(title="AIM3, Leeds", venue="Room 7", capacity=17, country="IE", time_zone="Europe/Dublin")
    client, address = signed_in(make.admin()), reverse("courses:another", args=[one.uuid])
    assert f'href="{address}"' in text(client.get(reverse("courses:detail", args=[one.uuid])))
    page = client.get(address)
    assert f'action="{reverse("courses:create")}"' in page.text
    given = filled_in(page)
    assert {given[f"sessions-{number}-{name}"] for number in (0, 1) for name in ("day",)} == {""}
    starts = [
        at.astimezone(one.zone).strftime("%H:%M") for at in one.sessions.values_list("starts_at", flat=True)
    ]
    assert [given[f"sessions-{number}-starts"] for number in (0, 1)] == starts
    # Without the days it is refused, and keeps the rest.
    refused = client.post(reverse("courses:create"), given)
    assert refused.status_code == 422
    assert filled_in(refused)["venue"] == "Room 7"
    days = {"sessions-0-day": "2027-03-01", "sessions-1-day": "2027-03-02", "title": "AIM3, Leeds, again"}
    client.post(reverse("courses:create"), filled_in(refused) | days)
    made = Course.objects.get(title="AIM3, Leeds, again")
    same = ("programme", "organisation", "country", "time_zone", "delivery", "venue", "capacity")
    assert [getattr(made, name) for name in same] == [getattr(one, name) for name in same]
    assert (made.published_at, made.associates.count(), made.sessions.count()) == (None, 0, 2)


def test_create_page_adds_a_row_and_keeps_what_was_typed():
    make.ProgrammeFactory.create()
    client = signed_in(make.admin())
    page = text(client.post(reverse("courses:create"), course_form(title="Half typed", another="1")))
    assert "Half typed" in page
    assert 'value="2026-12-01"' in page
    assert "sessions-2-day" in page
    assert "There is a problem" not in page
    assert not Course.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Enter a title."),
        ({"title": "\x00\x07"}, "hidden character"),
        ({"title": " \u202e"}, "Enter a title."),
        ({"title": "x" * 151}, "Shorten this to 150 characters: it has 151."),
        ({"venue": ""}, "Enter the venue"),
        ({"venue": "x" * 1001}, "Shorten this to 1000 characters"),
        ({"capacity": "0"}, "Enter 1 place or more."),
        ({"capacity": "301"}, "Enter 300 places or fewer."),
        ({"capacity": "many"}, "Enter a whole number of places"),
        ({"country": "XX"}, "Choose one from the list."),
        ({"time_zone": "Mars/Olympus"}, "Choose one from the list."),
        ({"programme": "none"}, "Choose the programme."),
        ({"delivery": ""}, "Choose whether it meets"),
        ({"organisation": "not-a-uuid"}, "Choose one from the list."),
        ({"sessions": [("2026-11-01", "09:30", "12:30")]}, "A session starts in the past"),
        ({"sessions": [("2026-12-01", "12:30", "09:30")]}, "A session ends after it starts"),
        ({"sessions": [("2026-12-01", "", "12:30")]}, "Enter when this session starts."),
        ({"sessions": [("2026-13-45", "09:30", "12:30")]}, "Enter a date that exists"),
        ({"sessions": [("2026-12-01", "25:99", "12:30")]}, "Enter a time such as 09:30"),
        ({"sessions": [("0001-01-01", "09:30", "12:30")]}, "Check the year of this date."),
        ({"sessions": [("9999-12-31", "09:30", "12:30")]}, "Check the year of this date."),
        ({"sessions": [("2027-03-28", "01:30", "04:00")]}, "go forward and skip 01:30"),
        ({"sessions": [("2027-10-31", "00:30", "01:30")]}, "go back and show 01:30 twice"),
        (
            {"sessions": [("2026-12-01", "09:30", "12:30"), ("2026-12-01", "12:00", "13:00")]},
            "Two sessions overlap",
        ),
    ],
)
def test_create_page_says_what_is_wrong_and_keeps_the_rest(fields, words):
    programme = make.ProgrammeFactory.create()
    client = signed_in(make.admin())
    response = client.post(reverse("courses:create"), course_form(**{"programme": programme.code, **fields}))
    assert response.status_code == 422
    page = text(response)
    assert words in page
    assert "There is a problem" in page
    assert "<title>Error: " in page
    assert "Civic Hall" in page or "venue" in fields
    assert not Course.objects.exists()


def test_create_page_shows_markup_as_text_and_right_to_left_text_as_it_is():
    programme = make.ProgrammeFactory.create()
    client = signed_in(make.admin())
    client.post(reverse("courses:create"), course_form(programme=programme.code, title=SCRIPT, venue=ARABIC))
    course = Course.objects.get()
    page = text(client.get(reverse("courses:detail", args=[course.uuid])))
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert ARABIC in page


def test_sessions_formset_with_a_broken_or_huge_management_form_is_no_error_page():
    programme = make.ProgrammeFactory.create()
    client = signed_in(make.admin())
    for total in ("", "x", "5000", "-1"):
        sent = course_form(programme=programme.code, **{"sessions-TOTAL_FORMS": total})
        assert client.post(reverse("courses:create"), sent).status_code in (302, 422)
        again = course_form(programme=programme.code, another="1", **{"sessions-TOTAL_FORMS": total})
        assert client.post(reverse("courses:create"), again).status_code == 200
    assert not Session.objects.exists()


def test_edit_page_changes_a_course_and_says_why_not():
    course = coming()
    make.enrolment(course)
    client = signed_in(make.admin())
    url = reverse("courses:edit", args=[course.uuid])
    sent = filled_in(client.get(url))
    sent |= {"title": "New title", "delivery": "online", "venue": "By video", "capacity": "9"}
    assert client.post(url, sent).url == reverse("courses:detail", args=[course.uuid])
    course.refresh_from_db()
    assert (course.title, course.country, course.organisation_id is None) == ("New title", "GB", False)
    Course.objects.filter(pk=course.pk).update(capacity=30)
    make.enrolment(course)
    few = filled_in(client.get(url)) | {"capacity": "1"}
    assert "2 people are enrolled already" in text(client.post(url, few))


def test_sessions_page_shows_local_times_and_saves_them():
    starts = timezone.datetime(2026, 12, 1, 22, 30, tzinfo=timezone.get_fixed_timezone(0))
    course = make.course(starts=starts, sessions=1, time_zone="Australia/Sydney")
    client = signed_in(make.admin())
    url = reverse("courses:sessions", args=[course.uuid])
    page = text(client.get(url))
    assert 'value="2026-12-02"' in page
    assert 'value="09:30"' in page
    sent = filled_in(client.get(url)) | {"sessions-0-day": "2026-12-03", "sessions-0-ends": "11:00"}
    assert client.post(url, sent).status_code == 302
    assert course.sessions.get().starts_at == starts + timedelta(days=1)
    again = client.post(url, filled_in(client.get(url)) | {"sessions-0-day": "2026-11-01"})
    assert "A session starts in the past" in text(again)
    assert 'value="2026-11-01"' in text(again)


@pytest.mark.parametrize(
    ("page", "field", "typed"), [("edit", "venue", "York"), ("sessions", "sessions-1-ends", "20:00")]
)
def test_course_that_was_saved_as_it_was_says_so(page, field, typed):
    course = make.course(starts=timezone.now().replace(second=0, microsecond=0) + timedelta(days=7))
    client = signed_in(make.admin())
    url = reverse(f"courses:{page}", args=[course.uuid])
    assert "Nothing was changed." in text(client.post(url, filled_in(client.get(url)), follow=True))
    changed = client.post(url, filled_in(client.get(url)) | {field: typed}, follow=True)
    assert "Nothing was changed." not in text(changed)
    assert "were saved." in text(changed)


def test_associates_page_offers_only_those_who_may_train_it():
    course = make.course(published=False, trainers=[], starts=timezone.now() + timedelta(days=7))
    may = make.associate(course.programme, name="May Train")
    make.associate(course.programme, cleared=False, name="Not Cleared")
    make.associate(course.programme, "IE", name="Elsewhere")
    client = signed_in(make.admin())
    url = reverse("courses:associates", args=[course.uuid])
    page = text(client.get(url))
    offered, hindered = page.split("Licensed, and not able to train this course yet")
    assert "May Train" in offered
    for name in ("Not Cleared", "Elsewhere"):
        assert name not in offered
        assert name in hindered
    assert "Choose an Associate." in text(client.post(url, {}))
    assert "Choose an Associate." in text(client.post(url, {"associate": str(uuid4())}))
    assert client.post(url, {"associate": str(may.uuid)}).status_code == 302
    assert course.associates.get().associate == may
    assert client.post(reverse("courses:associate_remove", args=[course.uuid, may.uuid])).status_code == 302
    assert not course.associates.exists()
    gone = client.post(reverse("courses:associate_remove", args=[course.uuid, may.uuid]))
    assert gone.status_code == 404


def test_cancel_page_wants_a_reason_and_the_course_then_says_it():
    course = coming()
    client = signed_in(make.admin())
    url = reverse("courses:cancel", args=[course.uuid])
    assert client.get(url).status_code == 200
    assert "Say why it is cancelled." in text(client.post(url, {"because": " \n ", **key()}))
    assert client.post(url, {"because": "The trainer is ill.", **key()}).status_code == 302
    assert "The trainer is ill." in text(client.get(reverse("courses:detail", args=[course.uuid])))


@pytest.mark.parametrize(
    ("days", "enrolled", "words"),
    [
        pytest.param(-7, {}, "This course is over and cannot be cancelled any more.", id="over"),
        pytest.param(7, {"frozen_at": NOON}, "An outcome of this course was approved", id="approved"),
    ],
)
def test_course_that_cannot_be_cancelled_offers_it_nowhere(days, enrolled, words):
    course = coming(days)
    client, offer = signed_in(make.admin()), "Cancel this course"
    overview, url = (reverse(f"courses:{page}", args=[course.uuid]) for page in ("detail", "cancel"))
    if days > 0:
        assert offer in text(client.get(overview))
    make.enrolment(course, **enrolled)
    assert offer not in text(client.get(overview))
    refused = client.get(url)
    assert (refused.status_code, offer in text(refused)) == (409, False)
    assert words in text(refused)
    assert client.post(url, {"because": "Too late.", **key()}).status_code != 302
    course.refresh_from_db()
    assert course.cancelled_at is None


def test_cancelled_course_is_not_cancelled_again_but_a_second_press_leads_to_it():
    course = coming()
    client = signed_in(make.admin())
    url = reverse("courses:cancel", args=[course.uuid])
    for _ in range(2):
        assert client.post(url, {"because": "The trainer is ill.", **key()}).status_code == 302
    assert client.get(url).status_code == 409


@pytest.mark.parametrize("begun", [False, True])
def test_who_trained_a_course_that_has_begun_cannot_be_taken_off_and_the_page_says_so(begun):
    course = running() if begun else coming()
    page = text(signed_in(make.admin()).get(reverse("courses:associates", args=[course.uuid])))
    remove = reverse("courses:associate_remove", args=[course.uuid, make.trainer_of(course).uuid])
    assert (remove in page) is not begun
    assert ("who trained it stays on record" in page) is begun
