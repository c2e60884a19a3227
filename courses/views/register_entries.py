"""One person at one session: what was missed and what it means, and what was made up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.times import said_times
from courses.actions import (
    Entry,
    RegisterChanged,
    RegisterRefused,
    ask_make_up,
    longest_missed,
    needs_making_up,
    needs_reason,
    opens_at,
    record_make_up,
    seen_of,
    take_register,
    who_may_have_held,
)
from courses.forms import AskMakeUpForm, JudgementForm, MakeUpForm, telling
from courses.models import Course, Enrolment, MakeUpRequest, RegisterEntry, Session, entry_complete
from courses.permissions import Courses
from courses.states import Judgement, Presence
from courses.views.finding import course_page, found
from courses.views.register_choices import active, is_final


def next_to_judge(course: Course, session: Session) -> UUID | None:
    """The first who was late or left early, and of whom it is not said yet what they missed."""
    waiting = session.register_entries.exclude(entry_complete()).values("enrolment")
    people = active(course).filter(pk__in=waiting, frozen_at__isnull=True, outcome_finalised_at__isnull=True)
    first: UUID | None = people.values_list("uuid", flat=True).first()
    return first


@require_http_methods(["GET", "HEAD", "POST"])
def register_entry(request: SignedInRequest, course: UUID, number: int, enrolment: UUID) -> HttpResponse:
    """One person at one session: what was missed and what it means, and what was made up."""
    row = found(request, course, Courses.TAKE_REGISTER)
    session = get_object_or_404(row.sessions, number=number)
    person: Enrolment = get_object_or_404(active(row), uuid=enrolment)
    entry = (
        session.register_entries.select_related("recorded_by", "made_up_by").filter(enrolment=person).first()
    )
    page = course_page(request, row)
    context, nav = page.context, page.nav
    missed = entry is not None and needs_making_up(entry)
    may_confirm = request.user.has_perm(Courses.CONFIRM_MADE_UP, row)
    judgement = JudgementForm(
        request.POST if "judge" in request.POST else None,
        initial=_first_answers(entry),
        reason_needed=not nav.is_trainer or needs_reason(entry, Presence.LATE, session, person, request.user),
    )
    made_up = MakeUpForm(
        request.POST if "make_up" in request.POST else None,
        initial={"made_up_on": entry.made_up_on, "made_up_how": entry.made_up_how} if entry else None,
    )
    ask = AskMakeUpForm(
        request.POST if "ask" in request.POST else None,
        people=who_may_have_held(row) if missed else [],
        reason_needed=not nav.is_trainer or person.outcome_finalised_at is not None,
    )
    if judgement.is_valid():
        with telling(judgement):
            try:
                return _judge(request, row, session, person, judgement)
            except RegisterChanged as changed:
                return _conflict(request, context, session, person, judgement, changed)
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
    if ask.is_valid() and entry is not None:
        with telling(ask):
            asked = ask_make_up(entry=entry, by=request.user, **ask.cleaned_data)
            messages.success(
                request, _("%(name)s is asked, by email and on their home page.") % {"name": asked.associate}
            )
            return redirect("courses:register_entry", row.uuid, session.number, person.uuid)
    final = is_final(request, person)
    open_to_make_up = missed and not person.frozen_at and not final
    may_confirm = may_confirm and person.outcome_finalised_at is None
    # What somebody else confirmed is theirs to correct.
    may_confirm = may_confirm and (entry is None or entry.made_up_by_id in (None, request.user.pk))
    context |= {
        "session": session,
        "when": said_times(session.starts_at, session.ends_at, row.zone, place=False),
        "enrolment": person,
        "entry": entry,
        "earlier": _earlier(entry) if entry else [],
        "judgement_label": Judgement(entry.judgement).label if entry and entry.judgement else "",
        "judgement": judgement,
        "made_up": made_up if open_to_make_up and may_confirm else None,
        "ask": ask if open_to_make_up and entry is not None and not entry.made_up_at else None,
        "asked": _asked(person, session) if missed else None,
        "missed": missed,
        "is_final": final,
        "opens": opens_at(session),
        "is_open": opens_at(session) <= timezone.now(),
        "longest": longest_missed(session),
        # What came back with an error builds on what its author saw.
        "was": request.POST.get("was", "") if judgement.is_bound else seen_of(entry),
        "asked_first": not missed or judgement.is_bound,
        "to_judge": entry is not None and not entry.is_complete,
        "shown_errors": next((one for one in (made_up, ask) if one.is_bound), judgement),
        "has_errors": bool(made_up.errors or ask.errors or judgement.errors),
    }
    return render(request, "courses/register_entry.html", context)


def _asked(person: Enrolment, session: Session) -> MakeUpRequest | None:
    """What was asked last of an Associate, and not taken back."""
    asked = person.make_up_requests.filter(session=session, withdrawn_at__isnull=True)
    return asked.select_related("associate", "asked_by").order_by("-asked_at", "-pk").first()


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


def _first_answers(entry: RegisterEntry | None) -> dict[str, object]:
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
    waiting = next_to_judge(course, session)
    if waiting is not None:
        return redirect("courses:register_entry", course.uuid, session.number, waiting)
    return redirect("courses:register_session", course.uuid, session.number)


def _conflict(
    request: SignedInRequest,
    context: dict[str, object],
    session: Session,
    person: Enrolment,
    form: JudgementForm,
    refused: RegisterChanged,
) -> HttpResponse:
    """What stands beside what was typed; only its own button puts the latter in the place of the former."""
    entry = (
        session.register_entries.select_related("recorded_by", "made_up_by").filter(enrolment=person).first()
    )
    standing, typed = _first_answers(entry), form.cleaned_data
    rows = []
    for field in form.visible_fields():
        choices = dict(getattr(field.field, "choices", ()) or Presence.choices)
        both = [standing.get(field.name, ""), typed.get(field.name, "")]
        saved, mine = (str(choices.get(one, "" if one is None else one)) for one in both)
        if field.name in standing and saved != mine:
            rows.append((field.label, saved, mine))
    context |= {
        "session": session,
        "enrolment": person,
        "entry": entry,
        "refused": refused,
        "rows": rows,
        "was": seen_of(entry),
        "typed": [(name, request.POST.get(name, "")) for name in form.fields],
    }
    return render(request, "courses/register_conflict.html", context, status=refused.status)
