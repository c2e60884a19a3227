"""The trainer's last step: finalising a recommended outcome."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must, refused_with
from aimcert.foundation.sent_forms import sent_once
from assessments.marking.readiness import YOU_DISAGREE, Step, marking_revision_of
from assessments.models import Recommendation
from assessments.states import Outcome
from certification import actions
from certification.conversations import awaited_of
from certification.eligibility import Code, Facts, stage_of, unmet_to_finalise, with_facts
from certification.permissions import Certification
from courses.models import Course, Enrolment

WHERE = {
    Step.MARK: "assessments:mark",
    Step.OUTCOME: "assessments:recommend",
    Step.CONVERSATION: "assessments:conversation",
    Step.FEEDBACK: "assessments:feedback",
    Step.DISAGREEMENT: "assessments:disagree",
    Step.SECOND_MARKING: "assessments:mark",
    Code.ESSENTIAL_CRITERIA: "assessments:mark",
    Code.REFUSED: "assessments:recommend",
}


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def finalise(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """What finalising one person's outcome needs and does; POST does it."""
    of = get_object_or_404(Course.objects.visible_to(request.user), uuid=course)
    people = Enrolment.objects.visible_to(request.user).filter(course=of)
    person = get_object_or_404(with_facts(people), uuid=enrolment)
    must(request.user, Certification.FINALISE, person)
    rounds = list(
        Recommendation.objects.visible_to(request.user)
        .filter(enrolment=person)
        .select_related("finalised_by", "marking", "conversation_holder")
        .latest_first()
    )
    if not rounds:
        return redirect("assessments:recommend", of.uuid, person.uuid)
    recommendation = rounds[0]
    if request.method == "POST":
        actions.finalise(
            recommendation=recommendation,
            by=request.user,
            seen_revision=_seen(request, recommendation, "revision"),
            seen_marking_revision=_seen(request, recommendation, "marking_revision"),
        )
        messages.success(
            request, _("The outcome of %(name)s is finalised.") % {"name": person.certificate_name}
        )
        return redirect("certification:finalise", of.uuid, person.uuid)
    facts = cast(Facts, person)
    return render(
        request,
        "certification/finalise.html",
        {
            "course": of,
            "enrolment": facts,
            "recommendation": recommendation,
            "marking_revision": marking_revision_of(recommendation.marking_id),
            "outcomes": Outcome,
            "working_days": settings.AIM["FOLLOW_UP_WORKING_DAYS"],
            "stage": stage_of(person),
            "is_silent": recommendation.outcome == Outcome.NOT_YET and not recommendation.conversation,
            "awaits": bool(recommendation.finalised_at) and awaited_of(person) is not None,
            "missing": [] if recommendation.finalised_at else _to_do(person, recommendation, request.user),
        },
    )


def _seen(request: SignedInRequest, recommendation: Recommendation, name: str) -> int:
    """Which revision the sent page showed; -1: none, or one of an earlier round."""
    revision = request.POST.get(name, "")
    is_same = request.POST.get("recommendation") == str(recommendation.uuid)
    return int(revision) if is_same and revision.isdecimal() and len(revision) < 10 else -1


def _to_do(person: Enrolment, recommendation: Recommendation, by: Person) -> list[tuple[str, str]]:
    """What is still to be done, each with the address where one does it, where there is one."""
    course = person.course
    disagrees = recommendation.disagreements.filter(withdrawn_at__isnull=True, disagreed_by=by).exists()
    awaits = refused_with(actions.must_await_no_sitting, person)
    return ([(awaits, "")] if awaits else []) + [
        (
            str(YOU_DISAGREE.words) if disagrees and need.code == Step.DISAGREEMENT else need.words,
            reverse(WHERE[need.code], args=[course.uuid, person.uuid])
            if need.code in WHERE
            else reverse("courses:register", args=[course.uuid])
            if need.code == Code.ATTENDANCE
            else "",
        )
        for need in unmet_to_finalise(person, recommendation)
    ]
