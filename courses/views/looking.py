"""The list of courses, one course's hub, and its public page."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.lists import listed
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_days, said_times
from courses import expectations
from courses.actions import places_left, places_of, unlicensed_associates
from courses.calendars import calendar_of
from courses.lists import CourseNarrowing, CourseTable
from courses.models import Course
from courses.permissions import Courses
from courses.states import Stage
from courses.views.finding import course_page, found


@require_safe
def course_list(request: SignedInRequest) -> HttpResponse:
    """Every course that the person has to do with, the next ones first."""
    courses = Course.objects.visible_to(request.user).with_dates().with_places()
    rows = courses.select_related("programme", "organisation").in_order(timezone.now())
    listing = listed(request, rows, table=CourseTable, narrowing=CourseNarrowing)
    context = {
        "listing": listing,
        "may_create": request.user.has_perm(Courses.MANAGE),
        "may_license": request.user.has_perm(Courses.MANAGE_LICENCES),
    }
    return render(request, "courses/list.html", context)


@require_safe
def detail(request: SignedInRequest, course: UUID) -> HttpResponse:
    """One course, as each of its people needs it."""
    row = found(request, course, Courses.VIEW)
    page = course_page(request, row)
    context, nav = page.context, page.nav
    trainers = [one.associate for one in row.associates.select_related("associate").order_by("pk")]
    context |= {"trainers": trainers, "public_url": request.build_absolute_uri("about/")}
    has_approved = False
    if nav.is_admin or nav.is_trainer or nav.may_nominate:
        enrolled, offered, has_approved = places_of(row)
        free = max(row.capacity - enrolled - offered, 0)
        context |= {"enrolled": enrolled, "offered": offered, "places_left": free}
    if nav.is_admin:
        unlicensed = unlicensed_associates(row)
        first = page.sessions[0].session.starts_at if page.sessions else None
        is_past = row.published_at is None and first is not None and first <= timezone.now()
        ready = bool(page.sessions and trainers and not unlicensed and not is_past)
        context |= {"unlicensed": unlicensed, "is_past": is_past, "ready": ready}
    is_held = page.stage == Stage.HELD
    may_change = nav.is_admin and row.cancelled_at is None and not is_held
    context |= {
        "may_change": may_change,
        # As `set_sessions` says: those that were held stay as they are.
        "may_add_session": nav.is_admin and is_held and not has_approved,
        # As `refuse_cancelling` says, without a query of its own.
        "may_cancel": may_change and not has_approved,
        "is_draft": page.stage == Stage.DRAFT,
    }
    return render(request, "courses/detail.html", context)


@require_safe
def calendar(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The sessions of a course as a file for one's own calendar."""
    row = found(request, course, Courses.VIEW)
    sessions = list(row.sessions.all())
    if not sessions:
        raise Refused(_("This course has no sessions yet."))
    response = HttpResponse(calendar_of(row, sessions), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.reference}.ics"'
    return response


@login_not_required
@require_safe
def public(request: HttpRequest, course: UUID) -> HttpResponse:
    """What anyone may know of a published course, and what it expects. It reads no session."""
    row = get_object_or_404(
        Course.objects.published().select_related("programme", "organisation"), uuid=course
    )
    sessions = list(row.sessions.all())
    now = timezone.now()
    stage = row.stage_at(now, sessions[0].starts_at, sessions[-1].ends_at) if sessions else Stage.PUBLISHED
    return render(
        request,
        "courses/public.html",
        {
            "course": row,
            "stage": stage,
            "is_cancelled": stage == Stage.CANCELLED,
            "is_open": stage == Stage.PUBLISHED,
            "is_over": stage == Stage.HELD,
            "is_full": places_left(row) < 1,
            "days": said_days(sessions[0].starts_at, sessions[-1].ends_at, row.zone) if sessions else "",
            "sessions": [said_times(one.starts_at, one.ends_at, row.zone, place=False) for one in sessions],
            "trainers": [
                one.associate.name for one in row.associates.select_related("associate").order_by("pk")
            ],
            "expectations": expectations.current(),
        },
    )
