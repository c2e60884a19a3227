"""The register, session by session, on a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused, must
from courses.actions import (
    Entry,
    ReasonNeeded,
    RegisterRefused,
    corrects_entry,
    longest_missed,
    needs_making_up,
    needs_reason,
    note_identity,
    opens_at,
    record_make_up,
    seen_of,
    take_register,
)
from courses.forms import JudgementForm, MakeUpForm, ReasonForm, telling
from courses.models import Course, Enrolment, RegisterEntry, Session, entry_complete
from courses.permissions import Courses
from courses.states import Delivery, Judgement, Presence
from courses.times import said_times
from courses.views.finding import found, shown

REST = "rest"
PARTLY_THERE = (Presence.LATE, Presence.LEFT_EARLY)


@require_safe
def register(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Every session and how far its register is; everyone and what they still need."""
    row = found(request, course, Courses.TAKE_REGISTER)
    context = shown(request, row)
    enrolments = list(_active(row).with_attendance())
    for person in enrolments:
        person.sessions_missing = person.sessions_total - person.sessions_entered
    standing = Q(register_entries__enrolment__withdrawn_at__isnull=True)
    taken = Count("register_entries", filter=standing & entry_complete("register_entries__"))
    counted = dict(row.sessions.annotate(taken=taken).values_list("pk", "taken"))
    now = timezone.now()
    for one in context["sessions"]:
        one["taken"] = counted[one["session"].pk]
        one["open"] = opens_at(one["session"]) <= now
        one["complete"] = bool(enrolments) and one["taken"] >= len(enrolments)
    context |= {
        "enrolments": enrolments,
        "online": row.delivery == Delivery.ONLINE,
        "may_note_identity": request.user.has_perm(Courses.NOTE_IDENTITY, row),
        "may_add": request.user.has_perm(Courses.ADD_WALK_IN, row),
        "withdrawn": [
            one.certificate_name for one in row.enrolments.filter(withdrawn_at__isnull=False).order_by("pk")
        ],
    }
    return render(request, "courses/register.html", context)


def _active(course: Course) -> Any:
    return course.enrolments.filter(withdrawn_at__isnull=True).order_by("certificate_name", "pk")


def _session(course: Course, number: int) -> Session:
    session: Session = get_object_or_404(course.sessions, number=number)
    return session


@require_http_methods(["GET", "HEAD", "POST"])
def register_session(request: SignedInRequest, course: UUID, number: int) -> HttpResponse:
    """Everyone at one session, with what was seen of each."""
    row = found(request, course, Courses.TAKE_REGISTER)
    session = _session(row, number)
    context = shown(request, row)
    nav = context["nav"]
    # A trainer is asked for a reason only where the save that they sent needs one.
    explains = not nav.is_trainer or bool(request.POST.get("reason", "").strip())
    form = ReasonForm(request.POST if _is_sent(request) else None, reason_needed=explains)
    people = _people(request, row, session)
    if request.method == "POST" and REST in request.POST:
        for one in people:
            one["choice"] = _chosen(request, one) or (Presence.PRESENT if one["may"] else "")
        form = ReasonForm(initial={"reason": request.POST.get("reason", "")}, reason_needed=explains)
        context["rest_marked"] = True
    elif request.method == "POST":
        for one in people:
            one["choice"] = _chosen(request, one)
        if form.is_valid() or not nav.is_trainer:
            try:
                answer = _save(request, row, session, people, form)
            except ReasonNeeded:
                form, answer = ReasonForm(request.POST, reason_needed=True), None
            if answer is not None:
                return answer
    waiting = [one for one in people if one["to_judge"]]
    context |= {
        "session": session,
        "when": said_times(session.starts_at, session.ends_at, row.zone),
        "people": people,
        "form": form,
        "choices": Presence.choices,
        "to_judge": waiting,
        "opens": timezone.localtime(opens_at(session), row.zone),
        "is_open": opens_at(session) <= timezone.now(),
        "taken": sum(one["entry"] is not None and one["entry"].is_complete for one in people),
        "has_errors": bool(form.errors),
    }
    return render(request, "courses/register_session.html", context)


def _is_sent(request: SignedInRequest) -> bool:
    return request.method == "POST" and REST not in request.POST


def _people(request: SignedInRequest, course: Course, session: Session) -> list[dict[str, Any]]:
    entries = {one.enrolment_id: one for one in session.register_entries.all()}
    people = []
    for enrolment in _active(course):
        entry = entries.get(enrolment.pk)
        is_final = _is_final(request, enrolment, entry)
        seen = entry.presence if entry else ""
        people.append(
            {
                "enrolment": enrolment,
                "entry": entry,
                "key": f"p-{enrolment.uuid}",
                "seen": seen,
                "was": seen_of(entry),
                "choice": seen,
                "to_judge": entry is not None and not entry.is_complete,
                "needs_make_up": entry is not None and needs_making_up(entry) and entry.made_up_at is None,
                "may": enrolment.frozen_at is None and not is_final,
                "is_final": is_final,
            }
        )
    return people


def _is_final(request: SignedInRequest, enrolment: Enrolment, entry: RegisterEntry | None) -> bool:
    """Whether the reader, a trainer, no longer corrects `entry`, whose person's outcome is finalised."""
    recorded = entry is not None and corrects_entry(entry)
    return recorded and enrolment.outcome_finalised_at is not None and not request.user.is_aim_admin


def _chosen(request: SignedInRequest, one: dict[str, Any]) -> str:
    """What was chosen for somebody; where nothing can be, what the register says."""
    if not one["may"]:
        return str(one["seen"])
    chosen = request.POST.get(one["key"], "")
    return chosen if chosen in Presence.values else ""


def _save(
    request: SignedInRequest, course: Course, session: Session, people: list[dict[str, Any]], form: ReasonForm
) -> HttpResponse | None:
    """Save what was seen; go on to what those missed who were partly there. None: the form says why not.

    Raises:
        ReasonNeeded: nothing is saved before it is said why.
    """
    entries = []
    for one in people:
        chosen = one["choice"]
        if not chosen or not one["may"] or chosen == one["seen"]:
            continue
        was = request.POST.get("was-" + one["key"], "")
        later = chosen in PARTLY_THERE
        entries.append(Entry(enrolment=one["enrolment"], presence=chosen, judged_later=later, seen=was))
    if not form.is_valid():
        return None
    try:
        take_register(
            session=session, entries=entries, by=request.user, reason=form.cleaned_data.get("reason", "")
        )
    except ReasonNeeded:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.message))
        return None
    first = _next_to_judge(request, course, session)
    if first is not None:
        messages.info(request, _("Saved. Now say what those who came late or left early missed."))
        return redirect("courses:register_entry", course.uuid, session.number, first)
    messages.success(request, _("The register of session %(number)d was saved.") % {"number": session.number})
    return redirect("courses:register_session", course.uuid, session.number)


def _next_to_judge(request: SignedInRequest, course: Course, session: Session) -> UUID | None:
    """The first who was late or left early, and of whom it is not said yet what they missed."""
    waiting = session.register_entries.exclude(entry_complete()).values("enrolment")
    people = _active(course).filter(pk__in=waiting, frozen_at__isnull=True)
    return people.values_list("uuid", flat=True).first()


@require_http_methods(["GET", "HEAD", "POST"])
def register_entry(request: SignedInRequest, course: UUID, number: int, enrolment: UUID) -> HttpResponse:
    """One person at one session: what was missed and what it means, and what was made up."""
    row = found(request, course, Courses.TAKE_REGISTER)
    session = _session(row, number)
    person: Enrolment = get_object_or_404(_active(row), uuid=enrolment)
    entry = (
        session.register_entries.select_related("recorded_by", "made_up_by").filter(enrolment=person).first()
    )
    context = shown(request, row)
    nav = context["nav"]
    missed = entry is not None and needs_making_up(entry)
    may_confirm = request.user.has_perm(Courses.CONFIRM_MADE_UP, row)
    judgement = JudgementForm(
        request.POST if "judge" in request.POST else None,
        initial=_first_answers(entry),
        reason_needed=not nav.is_trainer or needs_reason(entry, Presence.LATE, session, person, request.user),
    )
    made_up = MakeUpForm(request.POST if "make_up" in request.POST else None)
    if judgement.is_valid():
        with telling(judgement):
            return _judge(request, row, session, person, judgement)
    if "make_up" in request.POST:
        must(request.user, Courses.CONFIRM_MADE_UP, row)
        if entry is None:
            raise RegisterRefused(_("Nothing of this session is to be made up."))
        if made_up.is_valid():
            with telling(made_up):
                record_make_up(entry=entry, **made_up.cleaned_data, by=request.user)
                messages.success(
                    request, _("You confirmed what %(name)s made up.") % {"name": person.certificate_name}
                )
                return redirect("courses:register_session", row.uuid, session.number)
    context |= {
        "session": session,
        "when": said_times(session.starts_at, session.ends_at, row.zone),
        "enrolment": person,
        "entry": entry,
        "earlier": _earlier(entry) if entry else [],
        "judgement_label": Judgement(entry.judgement).label if entry and entry.judgement else "",
        "judgement": judgement,
        "made_up": made_up if missed and may_confirm and not person.frozen_at else None,
        "missed": missed,
        "is_final": _is_final(request, person, entry),
        "opens": timezone.localtime(opens_at(session), row.zone),
        "is_open": opens_at(session) <= timezone.now(),
        "longest": longest_missed(session),
        "was": seen_of(entry),
        "asked_first": not missed or judgement.is_bound,
        "to_judge": entry is not None and not entry.is_complete,
        "shown_errors": made_up if made_up.is_bound else judgement,
        "has_errors": bool(made_up.errors or judgement.errors),
    }
    return render(request, "courses/register_entry.html", context)


def _earlier(entry: RegisterEntry) -> list[Any]:
    """What was written of this person at this session before, by whom and why, the latest first."""
    writings = RegisterEntry.writings().filter(enrolment=entry.enrolment_id, session=entry.session_id)
    # What was made up since is another event of the same writing.
    each = writings.exclude(recorded_at=entry.recorded_at).order_by("-recorded_at", "-pgh_id")
    found = list(each.distinct("recorded_at").select_related("recorded_by"))
    reasons = entry.session.register_reasons.filter(enrolment=entry.enrolment_id)
    said = dict(reasons.values_list("recorded_at", "reason"))
    for one in found:
        one.reason = said.get(one.recorded_at, "")
    return found


def _first_answers(entry: RegisterEntry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    return {
        "presence": entry.presence,
        "minutes_missed": entry.minutes_missed,
        "judgement": entry.judgement,
        "covered_how": entry.covered_how,
    }


def _judge(
    request: SignedInRequest, course: Course, session: Session, person: Enrolment, form: JudgementForm
) -> HttpResponse:
    given = form.cleaned_data
    entry = Entry(
        enrolment=person,
        presence=given["presence"],
        minutes_missed=given["minutes_missed"],
        judgement=given["judgement"],
        covered_how=given["covered_how"],
        seen=request.POST.get("was", ""),
    )
    take_register(session=session, entries=[entry], by=request.user, reason=given.get("reason", ""))
    messages.success(request, _("Saved for %(name)s.") % {"name": person.certificate_name})
    waiting = _next_to_judge(request, course, session)
    if waiting is not None:
        return redirect("courses:register_entry", course.uuid, session.number, waiting)
    return redirect("courses:register_session", course.uuid, session.number)


@require_POST
def identity(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Note, or take back, that somebody showed who they are on camera."""
    row = found(request, course, Courses.NOTE_IDENTITY)
    person: Enrolment = get_object_or_404(_active(row), uuid=enrolment)
    checked = "undo" not in request.POST
    note_identity(enrolment=person, by=request.user, checked=checked)
    words = (
        _("You noted that you checked who %(name)s is.")
        if checked
        else _("The note on %(name)s was taken back.")
    )
    messages.success(request, words % {"name": person.certificate_name})
    return redirect(reverse("courses:register", args=[row.uuid]) + "#identity")
