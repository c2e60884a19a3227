"""The AIM Project's decisions: the queue, one course, and all its eligible ones at once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.typed import uuid_of
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
from certification.lists import (
    APART,
    COURSES_COLUMNS,
    NOT_ELIGIBLE,
    OTHER_COLUMNS,
    QUEUE_COLUMNS,
    REVOKED,
    SAME_ASSOCIATE,
    SHORT,
    STAGES,
    TOGETHER,
    CoursesNarrowing,
    CourseWaiting,
    Line,
    Other,
    QueueNarrowing,
)
from certification.models import Certificate
from certification.permissions import Certification
from certification.states import CertificateState
from courses.certificate_names import warning
from courses.models import Course, Enrolment
from courses.rules import course_nav

EPOCH = datetime.fromtimestamp(0, UTC)


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
    narrowing = CoursesNarrowing(request.GET)
    listing = listed_rows(request, list(found.values()), columns=COURSES_COLUMNS, narrowing=narrowing)
    return render(request, "certification/queue.html", {"listing": listing, "has_any": bool(found)})


@require_safe
def course_queue(request: SignedInRequest, course: UUID) -> HttpResponse:
    """One course: each person who waits with the checklist, and where everyone else stands."""
    of = _course(request, course)
    approver = as_approver(request.user)
    waiting: list[Line] = []
    others: list[Other] = []
    base = reverse("certification:course_queue", args=[of.uuid])
    said = {state: (str(words), tone) for state, (words, tone) in STAGES.items()}
    staged = [(row, stage_of(row)) for row in parties_of(of)]
    again = repeated(cast(Attempt, row) for row, stage in staged if stage == Stage.WAITING)
    for row, stage in staged:
        facts = cast(QueueRow, row)
        if stage == Stage.WAITING:
            missing = unmet(row, approver=approver)
            waiting.append(_line(facts, f"{base}{row.uuid}/", missing, again.get(row.pk, [])))
        else:
            state = REVOKED if facts.certificate_state == CertificateState.REVOKED else stage
            others.append(Other(row.certificate_name, f"{base}{row.uuid}/", state, *said[state]))
    counts = Counter(line.state for line in waiting)
    narrowing = QueueNarrowing(request.GET)
    return render(
        request,
        "certification/course_queue.html",
        {
            "course": of,
            "nav": course_nav(request.user, of),
            "waiting": len(waiting),
            "others": len(others),
            "listing": listed_rows(
                request, waiting, columns=QUEUE_COLUMNS, narrowing=narrowing, beside=len(others)
            ),
            "other_listing": listed_rows(request, others, columns=OTHER_COLUMNS, narrowing=narrowing),
            "together": counts[TOGETHER],
            "not_eligible": counts[NOT_ELIGIBLE],
            "apart": counts[APART],
        },
    )


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def approve_all(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Approving all the eligible ones: how many and who before, what was done after."""
    of = _course(request, course)
    if request.method == "POST":
        shown = {uuid for text in request.POST.getlist("shown") if (uuid := uuid_of(text))}
        named = {
            uuid: name
            for text, name in zip(request.POST.getlist("shown"), request.POST.getlist("named"), strict=False)
            if (uuid := uuid_of(text))
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
        by_me = by_me.filter(enrolment__course=of).select_related("document")
        issued = list(by_me.order_by("number"))
    with_warnings = [(row, warning(row.certificate_name)) for row in eligible]
    return render(
        request,
        "certification/approve_all.html",
        {
            "course": of,
            "eligible": with_warnings,
            "names_to_correct": sum(1 for _row, letters in with_warnings if letters),
            "left_out": left_out,
            "issued": issued,
            "built": sum(1 for one in issued if one.document.built_at),
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
        state=NOT_ELIGIBLE if missing else APART if repeats else TOGETHER,
        met=(facts.sessions_met, facts.questions_answered, facts.essential_met),
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
