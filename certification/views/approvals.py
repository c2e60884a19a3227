"""The AIM Project's decisions: the queue, one course, and all its eligible ones at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from assessments.marking.attempts import Attempt, repeated
from certification import actions
from certification.eligibility import (
    Approver,
    Code,
    Parties,
    Requirement,
    Stage,
    as_approver,
    parties_of,
    stage_of,
    unmet,
    waiting_for_decision,
    with_parties,
)
from certification.models import Certificate
from certification.permissions import Certification
from certification.states import CertificateState
from courses.certificate_names import warning
from courses.models import Course, Enrolment
from courses.rules import course_nav

EPOCH = datetime.fromtimestamp(0, UTC)
# What a queue says in few words; eligibility's own words, which say what to do, stand with each person.
SHORT = {
    Code.WITHDRAWN: gettext_lazy("withdrew"),
    Code.ATTENDANCE: gettext_lazy("attendance is not full"),
    Code.INDIVIDUAL_WORK: gettext_lazy("answers are missing"),
    Code.MARKING: gettext_lazy("marking is not complete"),
    Code.MARKING_FINALISED: gettext_lazy("marking is not finalised"),
    Code.ESSENTIAL_CRITERIA: gettext_lazy("an essential criterion is not met"),
    Code.SECOND_MARKING: gettext_lazy("needs a second marker"),
    Code.RECOMMENDATION: gettext_lazy("not recommended as competent"),
    Code.REFUSED: gettext_lazy("was refused on these answers"),
    Code.FINALISED: gettext_lazy("outcome is not finalised"),
    Code.SPONSOR: gettext_lazy("sponsor or acceptance is not confirmed"),
    Code.APPROVER: gettext_lazy("you may not decide"),
    Code.CONFLICT: gettext_lazy("you have a conflict"),
}
STAGES = {
    Stage.WITH_TRAINER: (gettext_lazy("With the trainer"), "neutral"),
    Stage.APPROVED: (gettext_lazy("Approved"), "good"),
    Stage.NOT_YET: (gettext_lazy("Not yet competent"), "waiting"),
    Stage.NOT_ASSESSED: (gettext_lazy("Not assessed"), "waiting"),
}


# Of somebody eligible who is left out where all are approved at once.
SAME_ASSOCIATE = gettext_lazy("the same Associate again: decide on their own page")


@dataclass
class CourseWaiting:
    """One course in the queue."""

    course: Course
    together: int = 0
    others: int = 0
    reasons: Counter[Promise] = field(default_factory=Counter)

    @property
    def why(self) -> list[str]:
        """Why some cannot be approved with all the others, the most frequent first."""
        return [f"{count} × {words}" for words, count in self.reasons.most_common()]


@dataclass(frozen=True, slots=True)
class Line:
    """One person in a course's queue, ready to be written."""

    name: str
    url: str
    sessions: str
    questions: str
    essential: str
    missing: list[Requirement]
    # With whom they did this version before, where that is so.
    repeats: list[str]


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Everyone who waits for a decision, by course: how many can be approved at once, and why others not."""
    must(request.user, Certification.SEE_QUEUE)
    approver = as_approver(request.user)
    found: dict[int, CourseWaiting] = {}
    people = with_parties(_own_waiting(request, approver)).select_related("course__programme")
    rows = list(people.order_by("course__number", "pk"))
    again = repeated(cast(list[Attempt], rows))
    for row in rows:
        waiting = found.setdefault(row.course_id, CourseWaiting(row.course))
        missing = unmet(row, approver=approver)
        if missing or row.pk in again:
            waiting.others += 1
            waiting.reasons.update([SHORT[Code(need.code)] for need in missing] or [SAME_ASSOCIATE])
        else:
            waiting.together += 1
    return render(request, "certification/queue.html", {"found": list(found.values())})


@require_safe
def course_queue(request: SignedInRequest, course: UUID) -> HttpResponse:
    """One course: each person who waits with the checklist, and where everyone else stands."""
    of = _course(request, course)
    approver = as_approver(request.user)
    waiting, others = [], []
    base = reverse("certification:course_queue", args=[of.uuid])
    staged = [(row, stage_of(row)) for row in parties_of(of)]
    again = repeated(cast(Attempt, row) for row, stage in staged if stage == Stage.WAITING)
    for row, stage in staged:
        facts = cast(QueueRow, row)
        if stage == Stage.WAITING:
            missing = unmet(row, approver=approver)
            waiting.append(_line(facts, f"{base}{row.uuid}/", missing, again.get(row.pk, [])))
        else:
            words, tone = STAGES[stage]
            if facts.certificate_state == CertificateState.REVOKED:
                words, tone = CertificateState.REVOKED.label, "attention"
            others.append((row.certificate_name, f"{base}{row.uuid}/", str(words), tone))
    eligible = sum(not line.missing for line in waiting)
    together = sum(not line.missing and not line.repeats for line in waiting)
    return render(
        request,
        "certification/course_queue.html",
        {
            "course": of,
            "nav": course_nav(request.user, of),
            "waiting": waiting,
            "others": others,
            "together": together,
            "not_eligible": len(waiting) - eligible,
            "apart": eligible - together,
        },
    )


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def approve_all(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Approving all the eligible ones: how many and who before, what was done after."""
    of = _course(request, course)
    if request.method == "POST":
        shown = {UUID(text) for text in request.POST.getlist("shown") if _is_uuid(text)}
        named = {
            UUID(uuid): name
            for uuid, name in zip(request.POST.getlist("shown"), request.POST.getlist("named"), strict=False)
            if _is_uuid(uuid)
        }
        done = actions.approve_all(course=of, by=request.user, shown=shown, named=named)
        after = urlencode({"done": (done.at - EPOCH) // timedelta(microseconds=1)})
        return redirect(f"{reverse('certification:approve_all', args=[of.uuid])}?{after}")
    approver = as_approver(request.user)
    eligible: list[Enrolment] = []
    left_out: list[actions.LeftOut] = []
    people = _own_waiting(request, approver).filter(course=of)
    for row, missing in actions.to_approve_together(people, approver):
        if missing:
            left_out.append(actions.LeftOut(row, missing))
        else:
            eligible.append(row)
    approved = _approved(request)
    issued = []
    if approved is not None:
        by_me = Certificate.objects.visible_to(request.user).filter(
            issued_at=approved, issued_by=request.user
        )
        issued = list(by_me.filter(enrolment__course=of).order_by("number"))
    return render(
        request,
        "certification/approve_all.html",
        {
            "course": of,
            "eligible": [(row, warning(row.certificate_name)) for row in eligible],
            "left_out": left_out,
            "issued": issued,
            "is_result": approved is not None,
            "reload": reverse("certification:approve_all", args=[of.uuid]),
        },
    )


def _course(request: SignedInRequest, course: UUID) -> Course:
    found = get_object_or_404(Course.objects.visible_to(request.user), uuid=course)
    must(request.user, Certification.SEE_COURSE_QUEUE, found)
    return found


def _own_waiting(request: SignedInRequest, approver: Approver) -> QuerySet[Enrolment]:
    people = Enrolment.objects.visible_to(request.user).exclude(course__in=approver.course_ids)
    return people.filter(waiting_for_decision())


class QueueRow(Parties, Protocol):
    """An enrolment in a course's queue."""

    certificate_name: str


def _line(facts: QueueRow, url: str, missing: list[Requirement], repeats: list[str]) -> Line:
    return Line(
        name=facts.certificate_name,
        url=url,
        sessions=f"{facts.sessions_met}/{facts.sessions_total}",
        questions=f"{facts.questions_answered}/{facts.questions_total}",
        essential=f"{facts.essential_met}/{facts.essential_total}",
        missing=missing,
        repeats=repeats,
    )


def _approved(request: SignedInRequest) -> datetime | None:
    """The moment of an approval of all, where the address names one."""
    text = request.GET.get("done", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return EPOCH + timedelta(microseconds=int(text))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
