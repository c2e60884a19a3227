"""Two places at once: said where a place is accepted and an Associate assigned, and refused nowhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.actions import Hindrance, assign_associate, cancel, hindered_licences
from courses.models import Course, CourseAssociate, Enrolment
from courses.overlaps import meanwhile
from tests import factories as make
from tests.courses.factories import NOON, accepted, coming, nominated
from tests.courses.pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def associates_page(course: Course) -> str:
    return reverse("courses:associates", args=[course.uuid])


def test_sessions_that_overlap_hinder_and_those_that_touch_do_not():
    course = coming(sessions=1)
    person = make.PersonFactory.create()
    starts_at = course.sessions.get().starts_at
    for title, begins, hinders in (
        ("Same", starts_at, True),
        ("Inside", starts_at + timedelta(minutes=30), True),
        ("After", starts_at + timedelta(hours=2), False),
        ("Before", starts_at - timedelta(hours=2), False),
    ):
        other = make.course(title=title, starts=begins, sessions=1)
        place = make.enrolment(other, person)
        assert meanwhile(course, {person.pk}).get(person.pk, []) == ([title] if hinders else []), title
        Enrolment.objects.filter(pk=place.pk).update(withdrawn_at=timezone.now(), withdrawn_by=person)
    assert meanwhile(course, {person.pk}) == {}
    trained = make.course(title="Trained", starts=starts_at, sessions=1)
    trainer = make.trainer_of(trained)
    assert meanwhile(course, {trainer.pk, person.pk}) == {trainer.pk: ["Trained"]}
    cancel(course=trained, because="Nobody came.", by=make.admin())
    assert meanwhile(course, {trainer.pk}) == {}


def test_invitation_says_what_else_is_at_the_same_time_before_and_after():
    first, second = coming(title="The first"), coming(title="The second")
    person = accepted(nominated(first, email="ann@people.example")).person
    nomination = nominated(second, email="ann@people.example")
    url, client = reverse("courses:invitation", args=[nomination.token]), signed_in(person)
    assert "at the same times: The first" in text(client.get(url))
    sent = {"certificate_name": "Ann", "accepted": "on", "expectations_version": "1"}
    sent["expectations_version"] = first.enrolments.get().expectations_version
    assert client.post(url, sent).status_code == 302
    assert second.enrolments.get().person == person
    assert "at the same times: The first" in text(client.get(url))


def test_link_alone_tells_no_other_course(client):
    first, second = coming(title="The first"), coming(title="The second")
    accepted(nominated(first, email="ann@people.example"))
    nomination = nominated(second, email="ann@people.example")
    page = text(client.get(reverse("courses:invitation", args=[nomination.token])))
    assert "another course of yours" in page
    assert "The first" not in page


def test_associate_who_trains_elsewhere_at_the_time_is_marked_and_can_be_assigned():
    programme = make.ProgrammeFactory.create()
    busy = make.associate(programme, name="Bea Busy")
    make.course(programme=programme, title="Elsewhere", trainers=[busy], starts=timezone.now())
    course = make.course(programme=programme, starts=timezone.now() + timedelta(minutes=5), published=False)
    client = signed_in(make.admin())
    page = text(client.get(associates_page(course)))
    assert "on another course at the same time, Elsewhere" in page
    assert client.post(associates_page(course), {"associate": str(busy.uuid)}).status_code == 302
    assert CourseAssociate.objects.filter(course=course, associate=busy).exists()
    assert "On another course at the same time: Elsewhere." in text(client.get(associates_page(course)))


def test_associates_who_cannot_train_it_yet_are_listed_with_why():
    course = coming()
    programme, country = course.programme, course.country
    able = make.associate(programme)
    disagrees = make.associate(programme, cleared=False, name="Dee Disagrees")
    short = make.associate(programme, name="Sue Short")
    short.licences.update(valid_until=date(2026, 11, 25))
    abroad = make.associate(programme, "IE", name="Abe Abroad")
    make.associate(make.ProgrammeFactory.create(), name="Olga Other")
    gone = make.associate(programme, name="Gus Gone")
    gone.licences.update(withdrawn_at=timezone.now(), withdrawn_by=gone)
    found = {licence.associate: why for licence, why in hindered_licences(course)}
    assert found == {
        disagrees: Hindrance.NOT_AGREED,
        short: Hindrance.DATES,
        abroad: Hindrance.ELSEWHERE,
    }
    page = text(signed_in(make.admin()).get(associates_page(course)))
    for words in (
        "Has not agreed to the case study in force",
        "25 November 2026",
        "Licensed in Ireland only",
    ):
        assert words in page
    assert "Olga Other" not in page
    assert "Gus Gone" not in page
    assign_associate(course=course, associate=able, by=make.admin())
    assert country == "GB"
