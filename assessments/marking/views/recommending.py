"""The trainer's pages about an outcome: recommend it, hold the conversation, give feedback, disagree."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused, must
from aimcert.foundation.stale_forms import ChangedMeanwhile, said
from assessments.marking import actions
from assessments.marking.facts import suggested_outcome
from assessments.marking.forms.recommending import ConversationForm, DisagreeForm, FeedbackForm, RecommendForm
from assessments.marking.models import Disagreement, Recommendation
from assessments.marking.readiness import AssessedEnrolment, Step, missing_to_finalise
from assessments.marking.views.marking import (
    assessment_of,
    course_to_mark,
    enrolment_to_mark,
    latest_recommendation,
    page,
    said_outcome,
)
from assessments.permissions import Assessments
from assessments.states import Outcome
from courses.models import Course


class NotRecommended(Refused):
    """There is no outcome yet that this could be about."""


@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Recommend an outcome, or change it while it is open."""
    found, about = _about(request, course, enrolment, Assessments.RECOMMEND)
    latest = latest_recommendation(about)
    form = RecommendForm(request.POST if request.method == "POST" else None, initial=RecommendForm.of(latest))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            saved = actions.recommend(
                enrolment=about,
                outcome=typed["outcome"],
                reasons=typed["reasons"],
                not_assessed_because=typed["not_assessed_because"],
                interest_observed=typed["interest_observed"],
                interest_own_account=typed["interest_own_account"],
                override_reason=typed["override_reason"],
                base_revision=typed["revision"],
                by=request.user,
            )
        except actions.OutcomeNotPossible as refused:
            form.add_error(refused.field, str(refused.message))
        except ChangedMeanwhile as refused:
            return _changed(request, found, about, form, RecommendForm.of, refused)
        else:
            return _after_recommending(request, found, about, saved)
    return _outcome_page(request, "assessments/marking/recommend.html", found, about, "outcome", form=form)


def _after_recommending(
    request: SignedInRequest, course: Course, about: AssessedEnrolment, saved: Recommendation
) -> HttpResponse:
    told = {"outcome": saved.get_outcome_display(), "name": about.person.name}
    messages.success(request, _("Saved: %(outcome)s is recommended for %(name)s.") % told)
    if saved.outcome == Outcome.NOT_YET:
        return redirect("assessments:conversation", course.uuid, about.uuid)
    missing = missing_to_finalise(assessment_of(about), saved)
    if missing and all(one.step == Step.FEEDBACK for one in missing):
        return redirect("assessments:feedback", course.uuid, about.uuid)
    if missing:
        return redirect("assessments:recommend", course.uuid, about.uuid)
    return redirect("certification:finalise", course.uuid, about.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Record the conversation in which the person heard the outcome."""
    found, about = _about(request, course, enrolment, Assessments.RECOMMEND)
    latest = _recommended(about)
    form = ConversationForm(
        found,
        request.POST if request.method == "POST" else None,
        initial=ConversationForm.of(latest, found),
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.record_conversation(
                recommendation=latest,
                held_on=typed["held_on"],
                words=typed["words"],
                held_by=typed["held_by"],
                base_revision=typed["revision"],
                by=request.user,
            )
        except actions.ConversationNotPossible as refused:
            form.add_error("held_by", str(refused.message))
        except ChangedMeanwhile as refused:
            return _changed(request, found, about, form, partial(ConversationForm.of, course=found), refused)
        else:
            messages.success(
                request, _("The conversation with %(name)s is recorded.") % {"name": about.person}
            )
            return redirect("assessments:feedback", course, enrolment)
    return _outcome_page(
        request, "assessments/marking/conversation.html", found, about, "conversation", form=form
    )


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Write what the participant reads, what the commissioner is told, and what stays inside."""
    found, about = _about(request, course, enrolment, Assessments.RECOMMEND)
    latest = _recommended(about)
    form = FeedbackForm(
        about, request.POST if request.method == "POST" else None, initial=FeedbackForm.of(latest)
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            saved = actions.write_feedback(
                recommendation=latest,
                told_participant=typed["told_participant"],
                told_commissioner=typed["told_commissioner"],
                internal_note=typed["internal_note"],
                base_revision=typed["revision"],
                by=request.user,
            )
        except ChangedMeanwhile as refused:
            return _changed(request, found, about, form, FeedbackForm.of, refused)
        messages.success(request, _("The feedback for %(name)s is saved.") % {"name": about.person})
        if missing_to_finalise(assessment_of(about), saved):
            return redirect("assessments:feedback", course, enrolment)
        return redirect("certification:finalise", course, enrolment)
    return _outcome_page(request, "assessments/marking/feedback.html", found, about, "feedback", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def disagree(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """A co-trainer sees the outcome otherwise."""
    found, about = _about(request, course, enrolment, Assessments.DISAGREE)
    latest = _recommended(about)
    form = DisagreeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.disagree(recommendation=latest, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request, _("Your disagreement is recorded. The outcome cannot be finalised while it stands.")
        )
        return redirect("assessments:disagree", course, enrolment)
    standing = list(
        latest.disagreements.filter(withdrawn_at__isnull=True).select_related("disagreed_by").order_by("pk")
    )
    return _outcome_page(
        request,
        "assessments/marking/disagree.html",
        found,
        about,
        "disagreement",
        form=form,
        standing=standing,
        own=next((one for one in standing if one.disagreed_by_id == request.user.pk), None),
    )


@require_POST
def withdraw_disagreement(
    request: SignedInRequest, course: UUID, enrolment: UUID, disagreement: UUID
) -> HttpResponse:
    """Take one's own disagreement back."""
    _found, about = _about(request, course, enrolment, Assessments.DISAGREE)
    mine = Disagreement.objects.visible_to(request.user).filter(
        recommendation__enrolment=about, disagreed_by=request.user
    )
    actions.withdraw_disagreement(disagreement=get_object_or_404(mine, uuid=disagreement), by=request.user)
    messages.success(request, _("Your disagreement is withdrawn."))
    return redirect("assessments:disagree", course, enrolment)


# --- What these pages share ---------------------------------------------------------------------------


def _about(
    request: SignedInRequest, course: UUID, enrolment: UUID, permission: Assessments
) -> tuple[Course, AssessedEnrolment]:
    found = course_to_mark(request, course)
    about = enrolment_to_mark(request, found, enrolment)
    must(request.user, permission, about)
    return found, about


def _recommended(about: AssessedEnrolment) -> Recommendation:
    latest = latest_recommendation(about)
    if latest is None:
        raise NotRecommended(
            _("Recommend an outcome first. The conversation, the feedback and a disagreement are about one.")
        )
    return latest


def _outcome_page(
    request: SignedInRequest, template: str, course: Course, about: AssessedEnrolment, step: str, **more: Any
) -> HttpResponse:
    recommendation = latest_recommendation(about)
    context = {
        "step": step,
        "recommendation": recommendation,
        "suggested": said_outcome(suggested_outcome(about)),
        "suggested_value": suggested_outcome(about) or "",
        "missing": missing_to_finalise(about, recommendation),
        "finalised": recommendation is not None and recommendation.finalised_at is not None,
        "others": recommendation is not None
        and recommendation.finalised_at is None
        and recommendation.recommended_by_id != request.user.pk,
        **more,
    }
    return page(request, template, course, about, context)


def _changed(
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
