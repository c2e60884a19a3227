"""The list of courses and one course's hub."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingEmail
from courses.actions import cancel
from tests import factories as make
from tests.courses.factories import NOON, coming, running
from tests.courses.pages import ARABIC, SCRIPT, signed_in, text
from tests.pages import flat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def test_hub_shows_each_role_its_own(client):
    course = running()
    enrolment = make.enrolment(course)
    seen = {}
    for role, person in {
        "admin": make.admin(),
        "trainer": make.trainer_of(course),
        "commissioner": make.commissioner(course.organisation),
        "participant": enrolment.person,
    }.items():
        response = signed_in(person).get(reverse("courses:detail", args=[course.uuid]))
        assert response.status_code == 200
        seen[role] = text(response)
    assert "Cancel this course" in seen["admin"]
    assert "Approvals" in seen["admin"]
    assert "Register of session 1" in seen["trainer"]
    assert "Nominations" not in seen["trainer"]
    assert "Nominations" in seen["commissioner"]
    assert "Register" not in seen["commissioner"]
    assert reverse("certification:my_course", args=[enrolment.uuid]) in seen["participant"]
    assert "Nominations" not in seen["participant"]
    assert "places free" not in seen["participant"]


def test_hub_of_a_held_course_offers_only_what_can_still_be_done():
    client = signed_in(make.admin())
    course = coming(-7)
    hub = reverse("courses:detail", args=[course.uuid])
    sessions = reverse("courses:sessions", args=[course.uuid])
    held = text(client.get(hub))
    assert "Change" not in held
    assert f'<a href="{sessions}">Add a session</a>' in held
    make.enrolment(course, frozen_at=timezone.now())
    assert sessions not in text(client.get(hub))
    assert text(client.get(reverse("courses:detail", args=[coming().uuid]))).count("Change<") == 4


@pytest.mark.parametrize("role", ["admin", "trainer", "commissioner"])
def test_every_tab_of_a_cancelled_course_says_so_and_offers_nothing(role):
    course = make.course(starts=timezone.now() + timedelta(days=7))
    make.enrolment(course)
    person = {
        "admin": make.admin,
        "trainer": lambda: make.trainer_of(course),
        "commissioner": lambda: make.commissioner(course.organisation),
    }[role]()
    client = signed_in(person)
    hub = flat(text(client.get(reverse("courses:detail", args=[course.uuid]))))
    tabs = re.findall(r'<li><a href="([^"]+)"', hub.partition('class="course-nav"')[2].partition("</nav>")[0])
    assert len(tabs) > 2
    cancel(course=course, because="The trainer is ill.", by=make.admin())
    for tab in tabs:
        page = text(client.get(tab))
        assert page.count("This course was cancelled") == 1
        for offer in ("Release the case study", "Add a walk-in", "Not open yet", "room’s address"):
            assert offer not in page
    told = [one.text for one in OutgoingEmail.objects.filter(subject="A course was cancelled")]
    assert told
    assert all("All times are London time." in text for text in told)


def test_list_is_empty_with_words_that_say_what_will_appear():
    assert "will appear here" in text(signed_in(make.PersonFactory.create()).get(reverse("courses:list")))
    page = text(signed_in(make.admin()).get(reverse("courses:list")))
    assert "Create a course" in page


def test_list_searches_and_filters():
    admin = make.admin()
    client = signed_in(admin)
    leeds = coming(title="AIM3, Leeds")
    held = coming(-7, title="AIM3, York")
    url = reverse("courses:list")

    def titles(**query):
        return set(re.findall(r"AIM3, (?:Leeds|York)", text(client.get(url, query))))

    assert titles() == {"AIM3, Leeds", "AIM3, York"}
    assert titles(q="leeds") == {"AIM3, Leeds"}
    assert titles(q=held.reference.lower()) == {"AIM3, York"}
    assert titles(q=leeds.organisation.name) == {"AIM3, Leeds"}
    assert titles(stage="held") == {"AIM3, York"}
    assert titles(stage="published") == {"AIM3, Leeds"}
    assert titles(stage="cancelled") == set()
    assert titles(stage="nonsense") == {"AIM3, Leeds", "AIM3, York"}
    assert titles(q="x" * 500) == set()
    for odd in ("\x00", SCRIPT, ARABIC, "C99999999999999999999", "²"):
        response = client.get(url, {"q": odd, "page": "x"})
        assert response.status_code in (200, 422)
        assert SCRIPT not in text(response)
