"""How every page of a course finds its course, and what all of them show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import must
from aimcert.foundation.times import said_days, said_times
from courses.models import Course, Nomination, Session
from courses.permissions import Courses
from courses.rules import CourseNav, course_nav
from courses.states import STAGE_TONES, Stage

# With a nomination, the place that came of it and who put it forward.
PLACE = ("nominated_by", "enrolment__sponsor_organisation")


def found(request: SignedInRequest, course: UUID, permission: Courses) -> Course:
    """The course of a page: 404 for a stranger, 403 for the wrong role."""
    row: Course = get_object_or_404(
        Course.objects.visible_to(request.user).select_related("programme", "organisation"), uuid=course
    )
    must(request.user, permission, row)
    return row


def nomination_found(
    request: SignedInRequest, course: UUID, nomination: UUID, permission: Courses
) -> Nomination:
    """A nomination of a course: 404 for a stranger, 403 for the wrong role."""
    row = found(request, course, Courses.SEE_PROGRESS)
    child: Nomination = get_object_or_404(
        row.nominations.visible_to(request.user).select_related("course", "sponsor_organisation", *PLACE),
        uuid=nomination,
    )
    must(request.user, permission, child)
    return child


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also where that is nothing; None where it is only asked for."""
    return request.POST if request.method == "POST" else None


@dataclass
class SessionRow:
    """One session in words; on the register's page also how far its register is."""

    session: Session
    number: int
    words: str
    taken: int = 0
    open: bool = False
    complete: bool = False


@dataclass(frozen=True)
class CoursePage:
    """What the head of each inner page of a course needs, with its sessions in words."""

    course: Course
    nav: CourseNav
    stage: Stage
    stage_tone: str
    days: str
    sessions: list[SessionRow]

    @property
    def context(self) -> dict[str, object]:
        """Its fields, as a template names them."""
        return dict(vars(self))


def course_context(request: SignedInRequest, course: Course) -> dict[str, object]:
    """The context of an inner page of `course`, to which the page adds its own."""
    return course_page(request, course).context


def course_page(
    request: SignedInRequest,
    course: Course,
) -> CoursePage:
    """The head of an inner page of `course`, for the one who reads it."""
    rows = list(course.sessions.all())
    first = rows[0].starts_at if rows else None
    last = rows[-1].ends_at if rows else None
    stage = course.stage_at(timezone.now(), first, last)
    return CoursePage(
        course=course,
        nav=course_nav(request.user, course),
        stage=stage,
        stage_tone=STAGE_TONES[stage],
        days=said_days(first, last, course.zone) if first and last else "",
        sessions=[
            SessionRow(row, row.number, said_times(row.starts_at, row.ends_at, course.zone, place=False))
            for row in rows
        ],
    )
