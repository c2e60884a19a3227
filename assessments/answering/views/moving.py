"""Moving a published course to the version in force, after reading what that does."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from assessments.answering import actions
from assessments.case_studies.models import Version
from assessments.permissions import Assessments
from courses.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def move_pin(request: SignedInRequest, course: UUID, version: UUID) -> HttpResponse:
    """From which version to which, whom it concerns, and the button."""
    visible = Course.objects.visible_to(request.user).select_related("programme", "pin__version", "sitting")
    found = get_object_or_404(visible, uuid=course)
    must(request.user, Assessments.PUBLISH_COURSE, found)
    newer = get_object_or_404(
        Version.objects.visible_to(request.user).filter(case_study__programme=found.programme_id),
        uuid=version,
    )
    if request.method == "POST":
        actions.move_pin(course=found, version=newer, by=request.user)
        messages.success(
            request, _("%(course)s uses %(version)s.") % {"course": found.title, "version": newer}
        )
        return redirect("assessments:publish", course)
    context = {
        "course": found,
        "pin": getattr(found, "pin", None),
        "newer": newer,
        "problem": actions.cannot_move(found, newer),
        "trainers": [row.associate.name for row in found.associates.select_related("associate")],
    }
    return render(request, "assessments/answering/move_pin.html", context)
