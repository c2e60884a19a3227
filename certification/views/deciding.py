"""The AIM Project's decision on one person, and who decides where no admin is free."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.typed import uuid_of
from assessments.marking.attempts import earlier_attempts
from certification import actions
from certification.earlier import before, with_before
from certification.eligibility import (
    Parties,
    Stage,
    as_approver,
    associates_to_appoint,
    free_admins,
    stage_of,
    unmet,
    with_parties,
)
from certification.evidence import evidence
from certification.forms import AppointmentForm, DecisionForm
from certification.forms.deciding import APPROVE, RETURN
from certification.lists import STAGES
from certification.permissions import Certification
from certification.rules import enrolments_open_to
from courses.certificate_names import warning
from courses.models import Enrolment


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def decide(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """One person: everything that was said and marked, and the decision."""
    person = _person(request, course, enrolment)
    must(request.user, Certification.DECIDE, person)
    approver = as_approver(request.user)
    missing = unmet(person, approver=approver)
    may_decide = not any(need.code in actions.WHO for need in missing)
    waits = stage_of(person) == Stage.WAITING
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        may_approve=not missing or request.method == "POST",
    )
    if form.is_valid():
        return _decided(request, person, form)
    conflicted = waits and not may_decide and approver.is_aim_admin
    # What is missing then is about whoever reads it, and says nothing of the person.
    only_conflict = conflicted and all(need.code in actions.WHO for need in missing)
    return render(
        request,
        "certification/decide.html",
        {
            "course": person.course,
            "enrolment": person,
            "missing": missing,
            "only_conflict": only_conflict,
            "missing_tone": "" if only_conflict else "attention",
            "waits": waits,
            "stage": STAGES.get(stage_of(person)),
            "may_decide": may_decide,
            "is_admin": approver.is_aim_admin,
            "free": free_admins(person) if conflicted else [],
            "conflicted": conflicted,
            "evidence": evidence(person),
            "before": (earlier := before(person) if person.has_other_places else []),
            "earlier": earlier_attempts(person) if earlier else [],
            "form": form,
            # What came back with an error is about what its author read.
            "read": request.POST.get("recommendation", person.recommendation_uuid),
            "named": request.POST.get("named", person.certificate_name),
            "letters": warning(person.certificate_name),
            "corrections": _with_moments(person.name_corrections_told),
            "session_changes": _with_moments(person.session_changes_told),
            "sees_certificate": approver.is_aim_admin and cast(Parties, person).certificate_uuid,
        },
    )


def _with_moments(told: list[dict[str, str]]) -> list[dict[str, object]]:
    """What PostgreSQL wrote as JSON, its times as times."""
    return [one | {"at": datetime.fromisoformat(one["at"])} for one in told]


def _decided(request: SignedInRequest, person: Enrolment, form: DecisionForm) -> HttpResponse:
    words = form.cleaned_data["words"]
    name = {"name": person.certificate_name}
    seen = _seen(request)
    match form.cleaned_data["decision"]:
        case decision if decision == APPROVE:
            actions.approve(enrolment=person, by=request.user, seen=seen, named=request.POST.get("named"))
            messages.success(request, _("%(name)s is approved, and the certificate is issued.") % name)
        case decision if decision == RETURN:
            actions.return_to_trainer(enrolment=person, question=words, by=request.user, seen=seen)
            messages.success(
                request, _("%(name)s is back with the trainer, who was sent your question.") % name
            )
        case _:
            actions.refuse(enrolment=person, reason=words, by=request.user, seen=seen)
            messages.success(
                request,
                _("It is refused. The trainer speaks with %(name)s, who learns of it in no other way.")
                % name,
            )
    return redirect("certification:decide", person.course.uuid, person.uuid)


def _seen(request: SignedInRequest) -> UUID:
    """Which recommendation the sent page showed; one that does not exist where it does not say."""
    return uuid_of(request.POST.get("recommendation", "")) or UUID(int=0)


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def appoint(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Who decides where no AIM admin is free."""
    person = _person(request, course, enrolment)
    must(request.user, Certification.APPOINT, person)
    free = free_admins(person)
    associates = associates_to_appoint(person)
    form = AppointmentForm(request.POST if request.method == "POST" else None, associates=associates)
    if form.is_valid():
        appointed = actions.appoint(enrolment=person, **form.cleaned_data, by=request.user)
        messages.success(
            request,
            _("%(associate)s is appointed to decide on %(name)s, and is told by email.")
            % {"associate": appointed.associate, "name": person.certificate_name},
        )
        return redirect("certification:course_queue", person.course.uuid)
    return render(
        request,
        "certification/appoint.html",
        {
            "course": person.course,
            "enrolment": person,
            "free": free,
            "associates": associates,
            "waits": stage_of(person) == Stage.WAITING,
            "form": form,
        },
    )


def _person(request: SignedInRequest, course: UUID, enrolment: UUID) -> Any:
    """One enrolment with its facts. An Associate who was appointed does not see the course otherwise."""
    people: Any = actions.with_recommendation_uuid(
        with_parties(enrolments_open_to(request.user).filter(course__uuid=course))
    )
    related = ("course__programme", "sponsor_organisation")
    people = with_before(people.with_name_corrections().with_session_changes()).select_related(*related)
    return get_object_or_404(people, uuid=enrolment)
