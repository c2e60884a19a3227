"""The live board: where everybody in the room is, and who wants help."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from assessments.answering import actions
from assessments.answering.boards import LEGEND, board_of
from assessments.answering.views.room import course_of_room, sitting_of
from assessments.permissions import Assessments
from courses.models import Course

WITHOUT_NAMES = "without"


@require_safe
def board(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The board as a page; asked for again by the page itself, only what differs: 304 where nothing does.

    `?names=without` shows it without names, for a wall that everybody sees.
    """
    found = course_of_room(request, course)
    must(request.user, Assessments.SEE_SITTING, found)
    names = request.GET.get("names") != WITHOUT_NAMES
    pin, sitting = getattr(found, "pin", None), sitting_of(found)
    acts = request.user.has_perm(Assessments.RUN_SITTING, found)
    with timezone.override(found.zone):
        shown = board_of(found, sitting, pin.version if pin else None, names=names)
        tag = shown.etag(found.title, acts, get_language())
        if request.headers.get("If-None-Match") == tag:
            response: HttpResponse = HttpResponseNotModified()
        else:
            is_again = "HX-Request" in request.headers
            url = reverse("assessments:board", args=[found.uuid])
            context = {
                "course": found,
                "board": shown,
                "acts": acts,
                "legend": LEGEND,
                # The board asks again with it by itself: what is never stored has no other way to.
                "headers": json.dumps({"If-None-Match": tag}),
                "board_url": url if names else f"{url}?names={WITHOUT_NAMES}",
                "other_url": f"{url}?names={WITHOUT_NAMES}" if names else url,
            }
            template = (
                "assessments/answering/board_live.html" if is_again else "assessments/answering/board.html"
            )
            response = render(request, template, context)
    response["ETag"] = tag
    return response


@require_POST
def helped(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Mark that a trainer knows that somebody wants help."""
    found = course_of_room(request, course)
    about = get_object_or_404(
        found.enrolments.visible_to(request.user).select_related("person"), uuid=enrolment
    )
    must(request.user, Assessments.RUN_SITTING, found)
    actions.answer_help(enrolment=about, by=request.user)
    without = request.POST.get("names") == WITHOUT_NAMES
    if not without:
        messages.success(request, _("%(name)s now reads that you know.") % {"name": about.person.name})
    return redirect(_address(found, without))


def _address(course: Course, without: bool) -> str:
    url = reverse("assessments:board", args=[course.uuid])
    return f"{url}?names={WITHOUT_NAMES}" if without else url
