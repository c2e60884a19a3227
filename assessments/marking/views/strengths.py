"""Where a course, or all courses of a programme, were strong or weak."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from assessments.marking.strengths import strengths_of
from assessments.permissions import Assessments
from courses.models import Course
from courses.rules import course_nav


@require_safe
def of_course(request: SignedInRequest, course: UUID) -> HttpResponse:
    """One course, for its trainers and AIM admins."""
    visible = Course.objects.visible_to(request.user).select_related("programme")
    found = get_object_or_404(visible, uuid=course)
    must(request.user, Assessments.SEE_MARKING, found)
    context = {
        "course": found,
        "nav": course_nav(request.user, found),
        "strengths": strengths_of(found.enrolments.all()),
    }
    return render(request, "assessments/marking/strengths.html", context)


@require_safe
def of_programmes(request: SignedInRequest) -> HttpResponse:
    """All courses of one programme, for AIM admins."""
    must(request.user, Assessments.SEE_ALL_STRENGTHS)
    courses = Course.objects.visible_to(request.user).order_by("programme__position", "programme__name")
    programmes = dict(courses.values_list("programme__code", "programme__name").distinct())
    asked = request.GET.get("programme")
    if asked is not None and asked not in programmes:
        raise Http404
    chosen = asked or next(iter(programmes), "")
    # Each course's people, found through what is visible.
    enrolments = courses.filter(programme__code=chosen).order_by().values_list("enrolments", flat=True)
    context = {
        "programmes": programmes,
        "chosen": chosen,
        "strengths": strengths_of(enrolments.filter(enrolments__isnull=False)),
    }
    return render(request, "assessments/marking/programme_strengths.html", context)
