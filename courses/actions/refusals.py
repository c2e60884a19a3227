"""What is refused all over a course's life, and the lock that every change of a course takes first."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from aimcert.foundation.refusals import Refused
from courses.models import Course


class CourseRefused(Refused):
    """A course cannot be made or changed so.

    Args:
        message: what is wrong and what to do.
        field: the form's field that it is about, if it is about one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class CourseCancelled(CourseRefused):
    """The course was cancelled."""


class CourseBegun(CourseRefused):
    """The course's first session has begun."""


class CourseOver(CourseRefused):
    """The course's last session has ended."""


def locked(course: Course) -> Course:
    """The course's row, locked until the transaction ends: first of all locks in this app."""
    return Course.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=course.pk)


def refuse_cancelled(course: Course) -> None:
    """Raise `CourseCancelled` where it was."""
    if course.cancelled_at:
        raise CourseCancelled(_("This course was cancelled. Nothing about it can be changed any more."))


def first_start(course: Course) -> datetime | None:
    """When the course's first session starts, read now."""
    return course.sessions.order_by("starts_at").values_list("starts_at", flat=True).first()


def last_end(course: Course) -> datetime | None:
    """When the course's last session ends, read now."""
    return course.sessions.order_by("-ends_at").values_list("ends_at", flat=True).first()
