"""The AIM Project's staff, and letters that could not be sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.lists import LetterNarrowing, LetterTable
from accounts.models import OutgoingEmail, StaffAppointment
from accounts.permissions import Accounts
from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from accounts.views.roles import asked_for, current_and_ended
from aimcert.foundation.lists import back_to_list, listed
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must


@require_safe
def staff(request: SignedInRequest) -> HttpResponse:
    """Who is an AIM admin, and who was."""
    must(request.user, Accounts.MANAGE_STAFF)
    appointments = StaffAppointment.objects.visible_to(request.user)
    return render(request, "accounts/staff.html", current_and_ended(appointments))


@asks_anew("POST")
@require_http_methods(["GET", "POST"])
def appoint_staff(request: SignedInRequest) -> HttpResponse:
    """Make somebody an AIM admin."""
    must(request.user, Accounts.MANAGE_STAFF)
    form = asked_for(request, StaffAppointment.objects.visible_to(request.user))
    if form.is_valid():
        try:
            appointment = actions.appoint_staff(**form.cleaned_data, by=request.user)
        except actions.AccountClosed as refused:
            form.add_error("email", refused.message)
        else:
            messages.success(
                request,
                _("%(name)s is now an AIM admin, and is told by email.") % {"name": appointment.person},
            )
            return redirect("staff")
    return render(request, "accounts/appoint_staff.html", {"form": form})


@asks_anew("POST")
@require_POST
def end_staff_appointment(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End an AIM admin's standing."""
    must(request.user, Accounts.MANAGE_STAFF)
    appointment = get_object_or_404(
        StaffAppointment.objects.visible_to(request.user).select_related("person"), uuid=uuid
    )
    actions.end_staff_appointment(appointment=appointment, by=request.user)
    messages.success(request, _("%(name)s is no longer an AIM admin.") % {"name": appointment.person})
    return redirect("staff")


@require_safe
def unsent_emails(request: SignedInRequest) -> HttpResponse:
    """Letters that were tried many times in vain."""
    must(request.user, Accounts.SEE_UNSENT_EMAILS)
    letters = OutgoingEmail.objects.visible_to(request.user).given_up(timezone.now())
    listing = listed(
        request, letters.order_by("-created_at", "pk"), table=LetterTable, narrowing=LetterNarrowing
    )
    return render(request, "accounts/unsent_emails.html", {"listing": listing})


@require_POST
def retry_email(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Try one of them again."""
    must(request.user, Accounts.SEE_UNSENT_EMAILS)
    letter = get_object_or_404(OutgoingEmail.objects.visible_to(request.user), uuid=uuid)
    actions.retry_email(letter=letter, by=request.user)
    messages.success(
        request, _("The email to %(address)s is tried again now.") % {"address": letter.to_address}
    )
    return back_to_list(request, "unsent_emails")
