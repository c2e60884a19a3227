"""Lists with nothing and with much in them, with the longest words that there are, in every colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Organisation, Person
from courses.models import Course, Enrolment, Nomination
from tests import factories
from tests.certification import crowds, outcomes
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]

LISTS = (
    "home",
    "account",
    "organisations",
    "staff",
    "audit_log",
    "unsent_emails",
    "assessments:considerations",
    "courses:list",
    "courses:licences",
    "certification:queue",
    "certification:certificates",
    "certification:backlog",
    "certification:follow_ups",
)
COURSE_LISTS = (
    "courses:detail",
    "courses:public",
    "courses:nominations",
    "courses:register",
    "assessments:room",
    "assessments:course_considerations",
    "assessments:marking",
    "assessments:case_study",
    "certification:results",
    "certification:course_queue",
    "certification:approve_all",
)


def test_lists_with_nothing_in_them(wrong: Wrong) -> None:
    organisation = factories.OrganisationFactory.create()
    admin, nobody = factories.admin(), factories.PersonFactory.create()
    commissioner = factories.commissioner(organisation)
    assert not wrong(admin, *(at(page) for page in LISTS), at("organisation", organisation))
    assert not wrong(nobody, at("home"), at("account"), at("courses:list"))
    assert not wrong(commissioner, at("home"), at("certification:follow_ups"), at("organisations"))
    empty = factories.course(organisation=organisation)
    assert not wrong(admin, *(at(page, empty) for page in COURSE_LISTS))


def named_at_length(course: Course) -> None:
    """The longest names that one meets, and no space to break them at."""
    name = "Oluwaseun Featherstonehaugh-Cholmondeley"
    number = Cast("pk", CharField())
    domain = Value("@northamptonshire-childrens-services.example")
    email = Concat(Value("oluwaseun.featherstonehaugh."), number, domain)
    Person.objects.update(name=name, email=email)
    Nomination.objects.update(name=name, job_role="Multi-Systemic-Therapie-Supervisor/-in")
    Enrolment.objects.filter(frozen_at=None).update(certificate_name=name)
    Organisation.objects.update(name=Concat(Value("Northamptonshire Kinderschutzbundesverband "), number))
    Course.objects.update(
        title="Verhaltensauffälligkeitsbeurteilung, Northamptonshire",
        venue="https://meetings.example/rooms/5f0c9e7d81b24f6ea3d0/join?passcode=0123456789abcdef",
    )
    course.refresh_from_db()


def crowded(people: int) -> tuple[Course, Person]:
    course = factories.course(title="AIM3, Leeds")
    admin = factories.admin()
    crowds.recommended(course, people)
    factories.submission(factories.enrolment(course, attended=True))
    outcomes.certified(course)
    outcomes.released(course)
    outcomes.follow_up(course)
    factories.nomination(course)
    factories.sitting(course)
    for one in course.enrolments.all():
        factories.consideration(one)
    return course, admin


def test_lists_with_much_and_with_long_words(wrong: Wrong) -> None:
    course, admin = crowded(15)
    named_at_length(course)
    trainer = factories.trainer_of(course)
    commissioner = factories.commissioner(course.organisation)
    assert not wrong(admin, *(at(page) for page in LISTS))
    assert not wrong(admin, *(at(page, course) for page in COURSE_LISTS))
    assert not wrong(trainer, at("courses:register_session", course, 1), at("assessments:room", course))
    assert not wrong(trainer, at("home"), at("assessments:marking", course))
    assert not wrong(commissioner, at("home"), at("courses:nominations", course))
    assert not wrong(commissioner, at("certification:results", course), at("certification:follow_ups"))


COLOURS = [
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"forced_colors": "active"}, id="forced"),
]


@pytest.mark.parametrize("media", COLOURS)
def test_colours(wrong: Wrong, media: dict[str, Any]) -> None:
    course, admin = crowded(2)
    answering = factories.enrolment(course)
    factories.submission(answering, submitted=False, answers=["A draft."])
    trainer = factories.trainer_of(course)
    marked = course.enrolments.filter(submissions__submitted_at__isnull=False)
    certificate = outcomes.certified(course).certificates.get()
    assert not wrong(None, at("certification:verified", certificate.code), media=media)
    assert not wrong(None, at("account_login"), at("courses:public", course), media=media)
    assert not wrong(admin, *(at(page, course) for page in COURSE_LISTS), media=media)
    assert not wrong(admin, at("home"), at("certification:decide", course, marked[0]), media=media)
    for page in ("mark", "recommend"):
        script = marked.filter(recommendations=None)[0]
        assert not wrong(trainer, at(f"assessments:{page}", course, script), media=media)
    assert not wrong(trainer, at("courses:register_session", course, 1), media=media)
    own = ("assessments:task_list", "assessments:check", "certification:my_course")
    paths = [at(page, answering) for page in own]
    assert not wrong(answering.person, *paths, at("assessments:question", answering, 1), media=media)
