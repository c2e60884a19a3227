"""What the trainer's pages about an outcome share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused, must
from aimcert.foundation.stale_forms import ChangedMeanwhile, said
from assessments.marking.facts import suggested_outcome
from assessments.marking.grounds import grounds_of
from assessments.marking.models import Recommendation
from assessments.marking.readiness import AssessedEnrolment, missing_to_finalise, said_to
from assessments.marking.second_marking import is_settled, needed_for
from assessments.marking.views.marking import (
    course_to_mark,
    enrolment_to_mark,
    latest_recommendation,
    page,
    said_outcome,
)
from assessments.permissions import Assessments
from courses.models import Course


class NotRecommended(Refused):
    """There is no outcome yet that this could be about."""


def outcome_about(
    request: SignedInRequest, course: UUID, enrolment: UUID, permission: Assessments
) -> tuple[Course, AssessedEnrolment]:
    """The course and the enrolment, with its facts; only for somebody with `permission` on it."""
    found = course_to_mark(request, course)
    about = enrolment_to_mark(request, found, enrolment)
    must(request.user, permission, about)
    return found, about


def recommended_for(about: AssessedEnrolment) -> Recommendation:
    """The latest recommendation.

    Raises:
        NotRecommended: there is none.
    """
    latest = latest_recommendation(about)
    if latest is None:
        raise NotRecommended(
            _("Recommend an outcome first. The conversation, the feedback and a disagreement are about one.")
        )
    return latest


def outcome_page(
    request: SignedInRequest,
    template: str,
    course: Course,
    about: AssessedEnrolment,
    step: str,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """A page about an outcome: where one is on the way to it, what is still missing, and what is its own."""
    recommendation = latest_recommendation(about)
    disagrees = (
        bool(about.standing_disagreements)
        and recommendation is not None
        and (
            recommendation.disagreements.filter(withdrawn_at__isnull=True, disagreed_by=request.user).exists()
        )
    )
    missing = missing_to_finalise(about, recommendation)
    context = {
        "step": step,
        "recommendation": recommendation,
        "suggested": said_outcome(suggested_outcome(about)),
        "suggested_value": suggested_outcome(about) or "",
        "missing": said_to(missing, disagrees=disagrees),
        "second_marking": is_settled(about) or needed_for(about),
        "grounds": grounds_of(recommendation, to_trainers=True) if recommendation else [],
        "finalised": recommendation is not None and recommendation.finalised_at is not None,
        "others": recommendation is not None
        and recommendation.finalised_at is None
        and recommendation.recommended_by_id != request.user.pk,
        **more,
    }
    return page(request, template, course, about, context, status=status)


def changed_meanwhile(
    request: SignedInRequest,
    course: Course,
    about: AssessedEnrolment,
    form: Form,
    now_in: Callable[[Any], dict[str, object]],
    refused: ChangedMeanwhile,
) -> HttpResponse:
    """What is saved beside what was typed, so that nothing of either is lost."""
    latest = latest_recommendation(about)
    saved = now_in(latest)
    rows = [
        (
            field.label,
            said(field, saved.get(field.name), course.zone),
            said(field, form.cleaned_data.get(field.name), course.zone),
        )
        for field in form.visible_fields()
    ]
    context = {
        "refused": refused,
        "rows": [row for row in rows if row[1] != row[2]],
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            if name in form.fields and name != "revision"
            for value in values
        ],
        "revision": saved.get("revision", 0),
        "latest": latest,
    }
    return page(
        request, "assessments/marking/outcome_conflict.html", course, about, context, status=refused.status
    )
