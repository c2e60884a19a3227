"""Nominations: who was put forward and what they answered, by those who act for the sponsor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.requests import SignedInRequest
from aimcert.foundation.lists import back_to_list
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.times import said_moment
from courses.actions import (
    nominate,
    places_left,
    refuse_leaving,
    resend_invitation,
    withdraw_enrolment,
    withdraw_nomination,
)
from courses.certificate_names import warning
from courses.forms import NominationForm, telling
from courses.histories import Known, known_of
from courses.lists import NOMINATION_COLUMNS, NominationNarrowing
from courses.models import Course, Enrolment, Nomination
from courses.permissions import Courses
from courses.states import NominationStage, Stage
from courses.views.finding import course_context, course_page, found, nomination_found, sent

TONES = {
    NominationStage.INVITED: "waiting",
    NominationStage.EXPIRED: "attention",
    NominationStage.ACCEPTED: "good",
    NominationStage.LEFT: "neutral",
    NominationStage.DECLINED: "neutral",
    NominationStage.WITHDRAWN: "neutral",
}


@require_safe
def nominations(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone put forward whom the person may see, and how far each has come."""
    row = found(request, course, Courses.SEE_PROGRESS)
    page = course_page(request, row)
    now = timezone.now()
    over = page.stage in (Stage.HELD, Stage.CANCELLED)
    own = Nomination.objects.visible_to(request.user).about(request.user)
    visible = (
        row.nominations.visible_to(request.user)
        .with_who_withdrew()
        .select_related("enrolment", "sponsor_organisation", "nominated_by", "withdrawn_by")
        .annotate(is_own=Exists(own.filter(pk=OuterRef("pk")).order_by()))
        .order_by(InOrder("name"), "pk")
    )
    last_end = page.sessions[-1].session.ends_at if page.sessions else None
    everyone = [_row(one, request, now, over=over, last_end=last_end) for one in visible]
    rows = [one for one in everyone if not one.only_asked]
    known = known_of(request.user, row, {one.nomination.email for one in rows})
    for one in rows:
        one.known = [] if one.own else known.get(one.nomination.email, [])
    any_acts = any(one.own or one.may_answer_for or one.may_leave for one in rows)
    many_sponsors = len({one.nomination.sponsor_organisation_id for one in everyone}) > 1
    left_out = {"acts": not any_acts, "sponsor": not many_sponsors}
    columns = [one for one in NOMINATION_COLUMNS if not left_out.get(one.name)]
    narrowing = NominationNarrowing(request.GET)
    context = page.context | {
        "rows": rows,
        "listing": listed_rows(request, rows, columns=columns, narrowing=narrowing),
        "summary": _summary(rows),
        "to_confirm": [one for one in everyone if one.may_confirm],
        "to_name": [one for one in everyone if one.to_be_named],
        "any_acts": any_acts,
        "many_sponsors": many_sponsors,
        "places_left": places_left(row, invited=True),
        "may_nominate": request.user.has_perm(Courses.NOMINATE, row) and page.stage == Stage.PUBLISHED,
    }
    return render(request, "courses/nominations.html", context)


@dataclass
class NominationRow:
    """One nomination in the list, as its reader may know it and act on it.

    Args:
        own: it is about the reader.
        until: until when its link works, where somebody still waits for an answer.
        only_asked: who sponsors a walk-in reads what they are asked, and no more before they confirmed.
        known: what the reader may know of the person from before.
    """

    nomination: Nomination
    enrolment: Enrolment | None
    stage: NominationStage
    own: bool
    until: str | None
    may_answer_for: bool
    may_leave: bool
    withdrawn_by: str
    may_confirm: bool
    unconfirmed: bool
    only_asked: bool
    to_be_named: bool
    may_name: bool
    may_refuse: bool
    known: Sequence[Known] = ()

    @property
    def label(self) -> str:
        return str(self.stage.label)

    @property
    def tone(self) -> str:
        return TONES[self.stage]


def _row(
    nomination: Nomination, request: SignedInRequest, now: datetime, *, over: bool, last_end: datetime | None
) -> NominationRow:
    enrolment: Enrolment | None = getattr(nomination, "enrolment", None)
    stage = nomination.stage_at(now, enrolment)
    # As `is_about_oneself` says, without a query for each row.
    own = nomination.is_own  # type: ignore[attr-defined]
    open_now = not own and not over
    waits = stage in (NominationStage.INVITED, NominationStage.EXPIRED)
    accepted = enrolment if stage == NominationStage.ACCEPTED else None
    unconfirmed = accepted is not None and accepted.sponsor_confirmed_at is None
    to_be_named = unconfirmed and accepted is not None and accepted.sponsor_to_be_named
    is_admin = request.user.is_aim_admin
    return NominationRow(
        nomination=nomination,
        enrolment=enrolment,
        stage=stage,
        own=own,
        until=said_moment(nomination.works_until(last_end), nomination.course.zone)
        if stage == NominationStage.INVITED and not over
        else None,
        may_answer_for=open_now and waits,
        may_leave=open_now and accepted is not None and accepted.frozen_at is None,
        withdrawn_by=_who_withdrew(nomination, enrolment),
        may_confirm=not own and unconfirmed and not to_be_named,
        unconfirmed=unconfirmed,
        only_asked=nomination.is_walk_in and unconfirmed and not own and not is_admin,
        to_be_named=not own and to_be_named,
        may_name=not own and is_admin and nomination.is_walk_in and unconfirmed and _is_open(enrolment),
        may_refuse=nomination.sponsor_organisation_id in request.user.organisation_ids
        and _is_open(enrolment),
    )


def _is_open(enrolment: Enrolment | None) -> bool:
    """Whether who sponsors them can still become another."""
    return enrolment is not None and not (enrolment.outcome_finalised_at or enrolment.sponsor_settled_at)


def _who_withdrew(nomination: Any, enrolment: Enrolment | None) -> str:
    """Who took an invitation or a place back, as their sponsor may know it; empty where nobody did."""
    by = nomination.withdrawn_by
    if by is None:
        return ""
    if enrolment is not None and by.pk == enrolment.person_id:
        return _("themself")
    return str(by) if nomination.withdrawn_for_sponsor else _("The AIM Project")


def _summary(rows: list[NominationRow]) -> list[str]:
    counted = {stage: sum(row.stage == stage for row in rows) for stage in NominationStage}
    words = (
        (NominationStage.ACCEPTED, ngettext("%d accepted", "%d accepted", counted[NominationStage.ACCEPTED])),
        (
            NominationStage.INVITED,
            ngettext("%d has not answered", "%d have not answered", counted[NominationStage.INVITED]),
        ),
        (
            NominationStage.EXPIRED,
            ngettext("%d link has expired", "%d links have expired", counted[NominationStage.EXPIRED]),
        ),
        (NominationStage.DECLINED, ngettext("%d declined", "%d declined", counted[NominationStage.DECLINED])),
        (NominationStage.LEFT, ngettext("%d withdrew", "%d withdrew", counted[NominationStage.LEFT])),
        (
            NominationStage.WITHDRAWN,
            ngettext(
                "%d invitation withdrawn", "%d invitations withdrawn", counted[NominationStage.WITHDRAWN]
            ),
        ),
    )
    return [text % counted[stage] for stage, text in words if counted[stage]]


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def nominate_somebody(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Put somebody forward."""
    row = found(request, course, Courses.NOMINATE)
    form = NominationForm(
        sent(request),
        sponsors=list(Organisation.objects.visible_to(request.user)),
        themself=request.user.is_aim_admin,
    )
    held = _held(request, row, form)
    if form.is_valid() and (not held or "anyway" in request.POST):
        with telling(form):
            made = nominate(course=row, nominee=form.nominee, sponsor=form.chosen_sponsor, by=request.user)
            messages.success(
                request,
                _("%(name)s was nominated. A link to answer goes to %(email)s.")
                % {"name": made.name, "email": made.email},
            )
            if words := warning(made.name):
                messages.warning(request, words)
            return redirect("courses:nominations", row.uuid)
    return render(
        request,
        "courses/nominate.html",
        {
            **course_context(request, row),
            "form": form,
            "held": held,
            "places_left": places_left(row, invited=True),
        },
    )


def _held(request: SignedInRequest, course: Course, form: NominationForm) -> list[str]:
    """Certificates of the programme that whoever is put forward holds, as far as the reader may know."""
    if not form.is_valid():
        return []
    email = form.cleaned_data["email"]
    return [one.words for one in known_of(request.user, course, {email}).get(email, []) if one.holds]


@require_POST
@sent_once
def withdraw_a_nomination(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """Take an invitation back."""
    child = nomination_found(request, course, nomination, Courses.HANDLE_NOMINATION)
    withdraw_nomination(nomination=child, by=request.user)
    messages.success(request, _("The invitation of %(name)s was withdrawn.") % {"name": child.name})
    return back_to_list(request, "courses:nominations", course)


@require_POST
def resend(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """Send a new link."""
    child = nomination_found(request, course, nomination, Courses.HANDLE_NOMINATION)
    made = resend_invitation(nomination=child, by=request.user)
    if made.token:
        messages.success(
            request,
            _("A new link goes to %(email)s. Older links do not work any more.") % {"email": made.email},
        )
    else:
        messages.warning(
            request,
            _(
                "A link went to %(email)s less than a minute ago, so no other was sent. Wait a minute, then"
                " try again."
            )
            % {"email": made.email},
        )
    return back_to_list(request, "courses:nominations", course)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def withdraw_a_place(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Give up a place, after reading what that means."""
    row = found(request, course, Courses.VIEW)
    child: Enrolment = get_object_or_404(
        row.enrolments.visible_to(request.user).select_related(
            "person", "sponsor_organisation", "nomination"
        ),
        uuid=enrolment,
    )
    must(request.user, Courses.WITHDRAW_ENROLMENT, child)
    own = child.person_id == request.user.pk
    if request.method != "POST":
        if child.withdrawn_at and own:
            return redirect("certification:my_course", child.uuid)
        if child.withdrawn_at:
            raise Http404
        child.course = row
        refuse_leaving(child, request.user)
    else:
        withdraw_enrolment(enrolment=child, by=request.user)
        messages.success(
            request,
            _("You gave up your place.")
            if own
            else _("The place of %(name)s was withdrawn.") % {"name": child.certificate_name},
        )
        if own:
            return redirect("certification:my_course", child.uuid)
        return redirect("courses:nominations", row.uuid)
    page = course_page(request, row)
    context = page.context | {
        "enrolment": child,
        "own": own,
        "begun": page.stage != Stage.PUBLISHED,
        "tells_sponsor": child.sponsor_organisation_id not in request.user.organisation_ids,
    }
    return render(request, "courses/withdraw_place.html", context)
