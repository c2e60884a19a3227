"""What a participant sees: their page of one course, and their feedback."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import Refused, must
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.times import said_times
from assessments.answering.participation import FINISHED_WITHOUT
from assessments.answering.telling_window import offered_to
from assessments.marking.grounds import grounds_of
from assessments.states import Outcome
from certification.actions import comment_on, read_feedback, send_on
from certification.disclosure import (
    RESULTS,
    TO_COME,
    WITHOUT_CERTIFICATE,
    Following,
    Shown,
    Viewer,
    told,
    with_results,
)
from certification.forms import CommentForm, SendOnForm
from certification.models import FollowUp
from certification.permissions import Certification
from certification.report_contents import reasons_of
from courses.certificate_names import warning
from courses.models import Enrolment


class NoFeedbackYet(Refused):
    """There is nothing that this person could read."""


@require_safe
def my_course(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Where somebody stands on one course, in words, and what comes next."""
    found = get_object_or_404(with_results(_own(request)), uuid=enrolment)
    must(request.user, Certification.OPEN_MY_COURSE, found)
    shown = told(found, Viewer.PARTICIPANT)
    without_answers = found.shown_submitted_at is None  # type: ignore[attr-defined]
    is_finished = without_answers and shown.stage in (Shown.FEEDBACK_WAITS, Shown.NOT_ASSESSED)
    context = {
        "enrolment": found,
        "course": found.course,
        "finished": FINISHED_WITHOUT if is_finished else "",
        "is_begun": shown.stage == Shown.NOTHING_SENT
        and found.submissions.filter(answers__isnull=False).exists(),
        "redactions": found.redactions.all(),
        "sitting": getattr(found.course, "sitting", None),
        "sessions": [
            said_times(one.starts_at, one.ends_at, found.course.zone, place=False)
            for one in found.course.sessions.all()
        ],
        "may_leave": _is_leaving_offered(found),
        "told": shown,
        "is_result": shown.stage in RESULTS,
        "is_to_come": shown.stage in TO_COME,
        "may_be_certified": shown.stage not in WITHOUT_CERTIFICATE,
        "letters": warning(found.certificate_name),
        "offered": offered_to(found),
        "Shown": Shown,
        "Following": Following,
        "own_words": _trainers_words(found) if shown.stage == Shown.CERTIFIED else "",
    }
    return render(request, "certification/my_course.html", context)


@require_http_methods(["GET", "POST"])
def my_feedback(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Feedback to someone not yet competent or not assessed: opened, read, commented on, sent on."""
    found = get_object_or_404(_own(request).select_related("course__programme"), uuid=enrolment)
    must(request.user, Certification.OPEN_MY_COURSE, found)
    follow_up = found.follow_ups.select_related("recommendation").order_by("-recommendation__round").first()
    if follow_up is None:
        raise NoFeedbackYet(
            _("There is no feedback for you to read yet. Your course’s page says where you stand.")
        )
    follow_up.enrolment = found
    if request.method == "POST":
        match request.POST.get("do"):
            case "read":
                return _read(request, found, follow_up)
            case "send":
                return _send(request, found, follow_up)
            case "comment":
                return _comment(request, found, follow_up)
            case _:
                raise BadRequest
    typed = CommentForm if follow_up.released_at else SendOnForm
    return _feedback_page(request, found, follow_up, typed(initial={"comment": follow_up.comment}))


@sent_once
def _read(request: SignedInRequest, enrolment: Enrolment, follow_up: FollowUp) -> HttpResponse:
    read_feedback(follow_up=follow_up, by=request.user)
    return redirect("certification:my_feedback", enrolment.uuid)


@sent_once
def _send(request: SignedInRequest, enrolment: Enrolment, follow_up: FollowUp) -> HttpResponse:
    form = SendOnForm(request.POST)
    if not form.is_valid():
        return _feedback_page(request, enrolment, follow_up, form)
    send_on(follow_up=follow_up, comment=form.cleaned_data["comment"], by=request.user)
    sponsor = enrolment.sponsor_organisation
    if sponsor is None:
        messages.success(request, _("Your own follow-up is open."))
    else:
        messages.success(request, _("It has gone to %(sponsor)s.") % {"sponsor": sponsor.name})
    return redirect("certification:my_feedback", enrolment.uuid)


def _comment(request: SignedInRequest, enrolment: Enrolment, follow_up: FollowUp) -> HttpResponse:
    # One that was saved is taken back by emptying it.
    form = SendOnForm(request.POST) if follow_up.comment else CommentForm(request.POST)
    if not form.is_valid():
        return _feedback_page(request, enrolment, follow_up, form)
    comment = form.cleaned_data["comment"]
    comment_on(follow_up=follow_up, comment=comment, by=request.user)
    messages.success(request, _("Your comment is saved.") if comment else _("Your comment is taken back."))
    return redirect("certification:my_feedback", enrolment.uuid)


def _feedback_page(
    request: SignedInRequest, enrolment: Enrolment, follow_up: FollowUp, form: CommentForm
) -> HttpResponse:
    """The cover until they opened it; then all of it, with the one form that stands open."""
    context: dict[str, object] = {
        "enrolment": enrolment,
        "course": enrolment.course,
        "follow_up": follow_up,
        "recommendation": follow_up.recommendation,
        "sponsor": enrolment.sponsor_organisation,
    }
    if follow_up.read_at is None:
        return render(request, "certification/my_feedback_closed.html", context)
    recommendation = follow_up.recommendation
    context |= {"form": form, "reasons": reasons_of(recommendation)}
    if recommendation.outcome == Outcome.NOT_YET:
        recommendation.enrolment = enrolment
        context["grounds"] = grounds_of(recommendation, to_trainers=False)
        if recommendation.conversation_on is None:
            context["told_later"] = enrolment.told_later.filter(recommendation=recommendation).first()
    return render(request, "certification/my_feedback.html", context)


def _own(request: SignedInRequest) -> QuerySet[Enrolment]:
    related = ("course__programme", "sponsor_organisation", "nomination")
    return Enrolment.objects.visible_to(request.user).with_who_withdrew().select_related(*related)


def _is_leaving_offered(enrolment: Any) -> bool:
    """Whether giving up the place is still of use: not once answers are in, or the last session has ended."""
    is_off = enrolment.withdrawn_at or enrolment.course.cancelled_at
    is_settled = enrolment.frozen_at or enrolment.outcome_finalised_at
    is_held = enrolment.last_end is not None and enrolment.last_end < timezone.now()
    return not (is_off or is_settled or enrolment.shown_submitted_at or is_held)


def _trainers_words(enrolment: Enrolment) -> str:
    words = enrolment.recommendations.filter(pk=enrolment.shown_recommendation_id)  # type: ignore[attr-defined]
    return words.values_list("told_participant", flat=True).first() or ""
