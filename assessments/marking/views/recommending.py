"""The trainer's pages about an outcome: recommend it, agree to what is suggested, give feedback."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.marking import actions
from assessments.marking.facts import suggested_outcome
from assessments.marking.forms.agreeing import AgreeForm
from assessments.marking.forms.recommending import FeedbackForm, RecommendForm
from assessments.marking.grounds import said_criteria, said_sessions, unmet_essentials
from assessments.marking.models import Recommendation
from assessments.marking.readiness import AssessedEnrolment, Step, marking_revision_of, missing_to_finalise
from assessments.marking.views.marking import assessment_of, latest_recommendation
from assessments.marking.views.outcomes import (
    changed_meanwhile,
    outcome_about,
    outcome_page,
    recommended_for,
)
from assessments.permissions import Assessments
from assessments.states import Outcome
from courses.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Recommend an outcome, or change it while it is open."""
    found, about = outcome_about(request, course, enrolment, Assessments.RECOMMEND)
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
                experience_shown=typed["experience_shown"],
                experience_needed=typed["experience_needed"],
                understanding_words=typed["understanding_words"],
                override_reason=typed["override_reason"],
                base_revision=typed["revision"],
                by=request.user,
            )
        except actions.OutcomeNotPossible as refused:
            form.add_error(refused.field, str(refused.message))
        except ChangedMeanwhile as refused:
            return changed_meanwhile(request, found, about, form, RecommendForm.of, refused)
        else:
            return _after_recommending(request, found, about, saved)
    return _recommend_page(request, found, about, form)


@require_POST
def agree(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Take what the marks suggest, in one press."""
    found, about = outcome_about(request, course, enrolment, Assessments.RECOMMEND)
    form = AgreeForm(request.POST)
    try:
        if not form.is_valid():
            raise ChangedMeanwhile(_("This page was not sent whole. Read it again, then decide."))
        saved = actions.take_suggested(
            enrolment=about,
            suggested=form.cleaned_data["suggested"],
            attendance=form.cleaned_data["attendance"],
            base_revision=form.cleaned_data["revision"],
            seen_marking_revision=form.cleaned_data["marking_revision"],
            by=request.user,
        )
    except (ChangedMeanwhile, actions.OutcomeNotPossible) as refused:
        shown = RecommendForm(initial=RecommendForm.of(latest_recommendation(about)))
        return _recommend_page(request, found, about, shown, refused=refused)
    return _after_recommending(request, found, about, saved)


def _recommend_page(
    request: SignedInRequest,
    course: Course,
    about: AssessedEnrolment,
    form: RecommendForm,
    refused: Refused | None = None,
) -> HttpResponse:
    latest = latest_recommendation(about)
    suggested = suggested_outcome(about)
    missed = said_sessions(about) if about.sessions_met < about.sessions_total else []
    unmet = said_criteria(unmet_essentials(about.marking_id)) if suggested == Outcome.NOT_YET else []
    return outcome_page(
        request,
        "assessments/marking/recommend.html",
        course,
        about,
        "outcome",
        form=form,
        refused=refused,
        status=refused.status if refused else None,
        offers=_offers(suggested, about, latest, request.user),
        missed=missed,
        unmet=unmet,
        unmet_number=len(unmet),
        marking_revision=marking_revision_of(about.marking_id),
        base_revision=latest.revision if latest and latest.finalised_at is None else 0,
    )


def _offers(
    suggested: Outcome | None, about: AssessedEnrolment, latest: Recommendation | None, by: Person
) -> bool:
    """Whether what the marks suggest is still to be agreed to, and `by` can."""
    if suggested not in (Outcome.COMPETENT, Outcome.NOT_YET) or about.frozen_at is not None:
        return False
    if latest is None:
        return True
    if latest.finalised_at is not None:
        # Other answers were submitted, and are marked by now.
        return latest.submission_id != about.submission_id
    stands = latest.outcome == suggested and latest.marking_id == about.marking_id
    # What The AIM Project refused is not suggested to be recommended again.
    return not stands and not latest.begun_because and latest.recommended_by_id == by.pk


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
def feedback(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Write what the participant reads, what the commissioner is told, and what stays inside."""
    found, about = outcome_about(request, course, enrolment, Assessments.RECOMMEND)
    latest = recommended_for(about)
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
            return changed_meanwhile(request, found, about, form, FeedbackForm.of, refused)
        messages.success(request, _("The feedback for %(name)s is saved.") % {"name": about.person})
        if missing_to_finalise(assessment_of(about), saved):
            return redirect("assessments:feedback", course, enrolment)
        return redirect("certification:finalise", course, enrolment)
    return outcome_page(request, "assessments/marking/feedback.html", found, about, "feedback", form=form)
