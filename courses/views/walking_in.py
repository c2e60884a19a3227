"""Walk-ins: somebody in the room who was not nominated."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.qr import qr_code
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from courses.actions import add_walk_in, confirm_acceptance, resend_invitation, walk_in_sponsors
from courses.certificate_names import warning
from courses.forms import WalkInForm, telling
from courses.models import Course, Enrolment, Nomination
from courses.permissions import Courses
from courses.tokens import sha256_of
from courses.views.finding import course_context, found, sent

COOKIE = "invitation"
SHOWN_FOR = 30 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def walk_in(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Add a walk-in; then show them their link."""
    row = found(request, course, Courses.ADD_WALK_IN)
    form = WalkInForm(sent(request), sponsors=walk_in_sponsors(row), themself=True)
    if form.is_valid():
        with telling(form):
            made = add_walk_in(course=row, nominee=form.nominee, **form.sponsoring, by=request.user)
            return _show_code(row, made)
    return render(request, "courses/walk_in.html", {**course_context(request, row), "form": form})


def _show_code(course: Course, nomination: Nomination) -> HttpResponse:
    """On to the page with the link, which is kept in this device's cookie alone: we store its hash."""
    page = reverse("courses:walk_in_code", args=[course.uuid, nomination.uuid])
    response = redirect(page)
    if nomination.token:
        response.set_cookie(
            COOKIE,
            nomination.token,
            max_age=SHOWN_FOR,
            path=page,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
    return response


def _invited(request: SignedInRequest, course: UUID, nomination: UUID) -> tuple[Course, Nomination]:
    row = found(request, course, Courses.ADD_WALK_IN)
    child = get_object_or_404(
        row.nominations.standing().select_related("course", "enrolment", "sponsor_organisation"),
        uuid=nomination,
    )
    return row, child


@require_safe
def walk_in_code(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """The link of one invitation as a QR code, on the device that made it; then whether it was accepted."""
    row, child = _invited(request, course, nomination)
    token = request.COOKIES.get(COOKIE, "")
    context = course_context(request, row) | {
        "nomination": child,
        "enrolment": getattr(child, "enrolment", None),
        "letters": warning(child.name),
    }
    if token and sha256_of(token) == child.token_sha256:
        link = settings.SITE_URL + reverse("courses:invitation", args=[token])
        context |= {"link": link, "qr": qr_code(link)}
    return render(request, "courses/walk_in_code.html", context)


@require_POST
def walk_in_again(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """A new link for somebody in the room; the old one stops working."""
    row, child = _invited(request, course, nomination)
    made = resend_invitation(nomination=child, by=request.user, shown=True)
    if not made.token:
        messages.warning(request, _("A link was made within the last minute. Wait a minute, then try again."))
    return _show_code(row, made)


@require_POST
@sent_once
def confirm_own_acceptance(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Say that a place accepted in the room was accepted by oneself."""
    row = get_object_or_404(Course.objects.visible_to(request.user), uuid=course)
    own = get_object_or_404(Enrolment.objects.visible_to(request.user).filter(course=row), uuid=enrolment)
    must(request.user, Courses.CONFIRM_ACCEPTANCE, own)
    in_the_room = own.acceptance_confirmed_at is None and own.nomination.link_shown_to_id is not None
    confirm_acceptance(enrolment=own, by=request.user)
    messages.success(
        request,
        _("You confirmed that you accepted your place yourself.")
        if in_the_room
        else _("You confirmed that you pay for yourself."),
    )
    return redirect("certification:my_course", own.uuid)
