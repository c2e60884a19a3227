"""Publishing a course: what becomes public, which version it keeps, and the confirmation."""

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
from aimcert.foundation.times import said_times
from assessments.answering import actions
from assessments.permissions import Assessments
from courses.expectations import current
from courses.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def publish(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everything that will be public, and the button that makes it so."""
    visible = Course.objects.visible_to(request.user).select_related(
        "programme", "organisation", "published_by", "pin__version", "pin__pinned_by", "sitting"
    )
    visible = visible.prefetch_related("sessions", "associates__associate")
    found = get_object_or_404(visible, uuid=course)
    must(request.user, Assessments.PUBLISH_COURSE, found)
    if request.method == "POST":
        actions.publish_course(course=found, by=request.user)
        messages.success(request, _("%(course)s is published.") % {"course": found.title})
        return redirect("courses:detail", course)
    pin = getattr(found, "pin", None)
    in_force = actions.version_in_force(found)
    version = pin.version if pin else in_force
    context = {
        "course": found,
        "pin": pin,
        "version": version,
        "missing": [] if found.published_at else actions.missing_to_publish(found, version),
        "sessions": [
            said_times(session.starts_at, session.ends_at, found.zone, place=False)
            for session in found.sessions.all()
        ],
        "associates": [row.associate.name for row in found.associates.all()],
        "expectations": current(),
        "moves": found.pin_moves.select_related("from_version", "to_version", "moved_by"),
        # A newer one, as long as the course can still be moved to it.
        "newer": in_force
        if pin and in_force and pin.version_id != in_force.pk and not _is_released(found)
        else None,
    }
    return render(request, "assessments/answering/publish.html", context)


def _is_released(course: Course) -> bool:
    sitting = getattr(course, "sitting", None)
    return sitting is not None and sitting.released_at is not None
