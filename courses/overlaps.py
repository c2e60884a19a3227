"""Who is to be in two places at once: courses whose sessions overlap in time."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from aimcert.foundation.name_order import name_key
from courses.models import Course, CourseAssociate, Enrolment, Session


def meanwhile(course: Course, people: Collection[int]) -> dict[int, list[str]]:
    """Titles of the courses that each of `people` trains or attends while `course` meets: two queries.

    Args:
        course: whose sessions are looked at.
        people: primary keys.

    Returns:
        By primary key, the titles in order; nobody who is free. One that was cancelled hinders nobody,
        a draft does.
    """
    mine = Session.objects.filter(
        course=course, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    clashing = Session.objects.filter(Exists(mine), course__cancelled_at__isnull=True).exclude(course=course)
    courses = clashing.values("course")
    trained = CourseAssociate.objects.filter(course__in=courses, associate__in=people)
    attended = Enrolment.objects.filter(
        course__in=courses, person__in=people, withdrawn_at__isnull=True
    ).values_list("person", "course__title")
    found: dict[int, set[str]] = {}
    for person, title in [*trained.values_list("associate", "course__title"), *attended]:
        found.setdefault(person, set()).add(title)
    return {person: sorted(titles, key=name_key) for person, titles in found.items()}
