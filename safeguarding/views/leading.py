"""What the safeguarding leads read and record, and who is a lead."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import AccountClosed
from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from accounts.views.roles import asked_for, current_and_ended
from aimcert.foundation.lists import listed
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import keeping_typed, must, refusal_page
from aimcert.foundation.sent_forms import sent_once
from safeguarding import actions
from safeguarding.contact import contact
from safeguarding.forms import StepForm
from safeguarding.lists import RecordNarrowing, RecordTable
from safeguarding.models import LeadAppointment, Record
from safeguarding.permissions import Safeguarding
from safeguarding.states import NEXT, Entered
from safeguarding.views.telling import typed_in

MOST_SHOWN = 200


@require_safe
def records(request: SignedInRequest) -> HttpResponse:
    """What a lead may read: references, times and where each stands; not a word of it."""
    must(request.user, Safeguarding.READ_RECORDS)
    found = Record.objects.visible_to(request.user).most_urgent_first()
    rows = found.only("uuid", "reference", "concern", "danger", "sent_at")
    listing = listed(request, rows, table=RecordTable, narrowing=RecordNarrowing)
    return render(request, "safeguarding/records.html", {"listing": listing})


@keeping_typed(typed_in)
@require_http_methods(["GET", "POST"])
def record(request: SignedInRequest, record: UUID) -> HttpResponse:
    """One record, whole. That it was opened is kept, with who and when, each time."""
    if not request.user.is_authenticated:
        typed = [text for text in typed_in(request.POST) if text.strip()]
        words = _("You are not signed in any more, so nothing was recorded. Sign in and record it again.")
        return refusal_page(request, words, 403, state="signed_out", typed=typed)
    visible = Record.objects.visible_to(request.user).with_latest()
    related = visible.select_related("sent_by", "course", "enrolment__person", "enrolment__nomination")
    return _record(request, get_object_or_404(related, uuid=record))


@sent_once
def _record(request: SignedInRequest, found: Record) -> HttpResponse:
    latest = getattr(found, "latest", "")
    kinds = NEXT[latest]
    form = StepForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if form.is_valid():
        try:
            actions.record_step(record=found, by=request.user, **form.cleaned_data)
        except actions.NothingSaid as nothing:
            form.add_error("text", nothing.message)
        else:
            messages.success(request, _("It is recorded."))
            return redirect("safeguarding:record", found.uuid)
    actions.note_reading(record=found, by=request.user)
    entries = list(found.entries.select_related("written_by"))
    if not form.is_bound:
        form = StepForm(initial={"shown": len(entries)}, kinds=kinds)
    context = {
        "record": found,
        "entries": entries,
        "form": form,
        "readings": found.readings.select_related("read_by")[:MOST_SHOWN],
        "exclusions": found.exclusions.select_related("person"),
        "is_closed": latest == Entered.CLOSED,
    }
    return render(request, "safeguarding/record.html", context)


@require_POST
def stand_aside(request: SignedInRequest, record: UUID) -> HttpResponse:
    """A lead who is involved themself reads it no more; the others do."""
    found = get_object_or_404(Record.objects.visible_to(request.user), uuid=record)
    actions.stand_aside(record=found, by=request.user)
    messages.success(
        request, _("You stood aside from %(reference)s. The other leads read it.") % {"reference": found}
    )
    return redirect("safeguarding:records")


@require_safe
def leads(request: SignedInRequest) -> HttpResponse:
    """Who is a safeguarding lead, and who was."""
    must(request.user, Safeguarding.MANAGE_LEADS)
    appointments = current_and_ended(LeadAppointment.objects.visible_to(request.user))
    return render(request, "safeguarding/leads.html", appointments | {"contact": contact()})


@asks_anew("POST")
@require_http_methods(["GET", "POST"])
def appoint_lead(request: SignedInRequest) -> HttpResponse:
    """Make somebody a safeguarding lead."""
    must(request.user, Safeguarding.MANAGE_LEADS)
    form = asked_for(request, LeadAppointment.objects.visible_to(request.user))
    if form.is_valid():
        try:
            appointment = actions.appoint_lead(**form.cleaned_data, by=request.user)
        except (AccountClosed, actions.OwnLead) as refused:
            form.add_error("email", refused.message)
        else:
            words = _("%(name)s is now a safeguarding lead, and is told by email.")
            messages.success(request, words % {"name": appointment.person})
            return redirect("safeguarding:leads")
    return render(request, "safeguarding/appoint_lead.html", {"form": form})


@asks_anew("POST")
@require_POST
def end_lead(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End a lead's standing."""
    must(request.user, Safeguarding.MANAGE_LEADS)
    visible = LeadAppointment.objects.visible_to(request.user).select_related("person")
    appointment = get_object_or_404(visible, uuid=uuid)
    actions.end_lead(appointment=appointment, by=request.user)
    messages.success(request, _("%(name)s is no longer a safeguarding lead.") % {"name": appointment.person})
    return redirect("safeguarding:leads")
