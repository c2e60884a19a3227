"""What tests of courses need beyond the shared factories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from courses import expectations
from courses.actions import SessionTimes, accept, nominate
from courses.models import Course, Enrolment, Nomination
from courses.nominees import Nominee
from courses.states import Delivery
from tests import factories as make

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def fresh(person: Person) -> Person:
    """The same person as another request would load them."""
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def coming(days: int = 7, **fields: Any) -> Course:
    """A published course that starts in `days` days."""
    return make.course(starts=timezone.now() + timedelta(days=days), **fields)


@transaction.atomic
def running(**fields: Any) -> Course:
    """A published course that is running."""
    return make.course(**fields)


def times(days: int = 7, hours: int = 2, count: int = 1) -> list[SessionTimes]:
    """`count` sessions on following days, the first in `days` days."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return [
        SessionTimes(start + timedelta(days=day), start + timedelta(days=day, hours=hours))
        for day in range(count)
    ]


def course_fields(**fields: Any) -> dict[str, Any]:
    """What `create_course` wants to know, without `by`."""
    return {
        "programme": fields.pop("programme", None) or make.ProgrammeFactory.create(),
        "title": "AIM3, Leeds",
        "organisation": None,
        "country": "GB",
        "time_zone": "Europe/London",
        "delivery": Delivery.IN_PERSON,
        "venue": "Room 1",
        "capacity": 20,
        "experience_sought": "Two years.",
        **fields,
    }


def nominee(**fields: Any) -> Nominee:
    """Somebody to put forward, or to add in the room."""
    return Nominee(**person_fields(**fields))


def person_fields(**fields: Any) -> dict[str, Any]:
    """What the forms of a nomination and of a walk-in want to know of somebody."""
    number = make.PersonFactory.build().email.split("@")[0]
    return {
        "name": "Zoë O’Neill",
        "email": f"nominated.{number}@people.example",
        "job_role": "Social worker",
        "years_experience": 3,
        "manager_name": "Sam Smith",
        "manager_email": "sam@council.example",
        **fields,
    }


def nominated(course: Course, *, by: Person | None = None, **fields: Any) -> Nomination:
    """Somebody nominated through the action, by the course's organisation; `token` is the link's."""
    by = by or make.commissioner(course.organisation)
    sponsor = fields.pop("sponsor", course.organisation)
    return nominate(course=course, nominee=nominee(**fields), sponsor=sponsor, by=by)


def accepted(nomination: Any) -> Enrolment:
    """The invitation's link, used."""
    return accept(
        token=nomination.token,
        certificate_name=nomination.name,
        expectations_version=expectations.CURRENT,
    )


def letters_to(address: str) -> list[OutgoingEmail]:
    """Letters that wait for, or went to, an address."""
    return list(OutgoingEmail.objects.filter(to_address=address).order_by("pk"))
