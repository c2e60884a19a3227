"""Somebody's account, as The AIM Project sees it: where they are signed in, and what was done about that."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.devices import devices_of
from accounts.models import Person
from accounts.permissions import Accounts
from accounts.proofs import ReasonForm
from accounts.requests import SignedInRequest
from accounts.second_factors import factors_of
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once


@require_safe
def person(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One person's account."""
    must(request.user, Accounts.MANAGE_ACCOUNTS)
    return render(request, "accounts/person.html", _seen(_found(request, uuid)))


@asks_anew("POST")
@require_http_methods(["GET", "POST"])
@sent_once
def sign_out_for(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End all of somebody's sessions."""
    must(request.user, Accounts.MANAGE_ACCOUNTS)
    found = _found(request, uuid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.sign_out_for(person=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request, _("%(name)s is signed out on every device, and is told by email.") % {"name": found}
        )
        return redirect("person", found.uuid)
    return render(request, "accounts/sign_out_for.html", {"form": form, "person": found})


@asks_anew("POST")
@require_http_methods(["GET", "POST"])
@sent_once
def reset_second_step(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take somebody's second steps away, who lost them."""
    must(request.user, Accounts.MANAGE_ACCOUNTS)
    found = _found(request, uuid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.reset_second_factor(person=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request,
            _("%(name)s signs in without a second step now, and is told by email.") % {"name": found},
        )
        return redirect("person", found.uuid)
    return render(request, "accounts/reset_second_step.html", {"form": form, "person": found})


def _found(request: SignedInRequest, uuid: UUID) -> Person:
    found: Person = get_object_or_404(Person.objects.visible_to(request.user), uuid=uuid)
    return found


def _seen(found: Person) -> dict[str, object]:
    return {
        "person": found,
        "devices": devices_of(found, None, timezone.now()),
        "factors": factors_of(found),
        "steps": found.security_steps.select_related("done_by").order_by("-done_at", "-pk")[:50],
    }
