"""Organisations and who acts for them."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.countries import country_names
from accounts.forms import OrganisationEditForm, OrganisationForm
from accounts.lists import OrganisationNarrowing, OrganisationTable
from accounts.models import Organisation
from accounts.permissions import Accounts
from accounts.requests import SignedInRequest
from accounts.views.roles import asked_for, current_and_ended
from aimcert.foundation.lists import listed
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pages import render, tell_saved
from aimcert.foundation.refusals import must
from aimcert.foundation.stale_forms import ChangedMeanwhile
from aimcert.foundation.times import said_place


@require_safe
def organisations(request: SignedInRequest) -> HttpResponse:
    """All organisations, for AIM admins; their own, for commissioners."""
    acting = Count("memberships", filter=Q(memberships__ended_at__isnull=True))
    rows = Organisation.objects.visible_to(request.user).annotate(people=acting)
    listing = listed(
        request,
        rows.order_by(InOrder("name"), "pk"),
        table=OrganisationTable,
        narrowing=OrganisationNarrowing,
    )
    may_manage = request.user.has_perm(Accounts.MANAGE_ORGANISATIONS)
    return render(request, "accounts/organisations.html", {"listing": listing, "may_manage": may_manage})


@require_http_methods(["GET", "POST"])
def create_organisation(request: SignedInRequest) -> HttpResponse:
    """Make an organisation."""
    must(request.user, Accounts.MANAGE_ORGANISATIONS)
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.create_organisation(**form.cleaned_data, by=request.user)
        except actions.OrganisationExists as refused:
            form.add_error("name", refused.message)
        else:
            messages.success(
                request, _("%(name)s was added. Now invite who acts for it.") % {"name": made.name}
            )
            return redirect("organisation", made.uuid)
    return render(request, "accounts/create_organisation.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit_organisation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What an organisation is called and where it is, changed."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), uuid=uuid)
    must(request.user, Accounts.MANAGE_ORGANISATIONS)
    posted = request.POST if request.method == "POST" else None
    form = OrganisationEditForm(posted, initial=OrganisationEditForm.initial_of(found))
    stale = None
    if form.is_valid():
        try:
            edited = actions.edit_organisation(organisation=found, **form.cleaned_data, by=request.user)
        except actions.OrganisationExists as refused:
            form.add_error("name", refused.message)
        except ChangedMeanwhile:
            found.refresh_from_db()
            stale = form.beside(OrganisationEditForm.initial_of(found), found.changed_by, found.changed_at)
        else:
            changed = edited.changed_at != found.changed_at
            tell_saved(request, _("Your changes were saved."), changed=changed)
            return redirect("organisation", found.uuid)
    context = {"organisation": found, "form": form, "stale": stale}
    return render(request, "accounts/edit_organisation.html", context)


@require_safe
def organisation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One organisation, and who acts for it."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), uuid=uuid)
    must(request.user, Accounts.VIEW_ORGANISATION, found)
    return render(
        request,
        "accounts/organisation.html",
        {
            "organisation": found,
            "country": country_names().get(found.country, found.country),
            "whose_time": said_place(ZoneInfo(found.time_zone)),
            **current_and_ended(found.memberships.all()),
            "may_manage": request.user.has_perm(Accounts.MANAGE_ORGANISATIONS),
        },
    )


@require_http_methods(["GET", "POST"])
def invite_commissioner(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let somebody act for an organisation."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), uuid=uuid)
    must(request.user, Accounts.MANAGE_ORGANISATIONS)
    form = asked_for(request, found.memberships.all())
    if form.is_valid():
        try:
            membership = actions.invite_commissioner(organisation=found, **form.cleaned_data, by=request.user)
        except (actions.AccountClosed, actions.OwnMembership) as refused:
            form.add_error("email", refused.message)
        else:
            messages.success(
                request,
                _("%(name)s can now act for %(organisation)s, and is told by email.")
                % {"name": membership.person, "organisation": found.name},
            )
            return redirect("organisation", found.uuid)
    return render(request, "accounts/invite_commissioner.html", {"form": form, "organisation": found})


@require_POST
def end_membership(request: SignedInRequest, uuid: UUID, membership: UUID) -> HttpResponse:
    """End a commissioner's standing."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), uuid=uuid)
    must(request.user, Accounts.MANAGE_ORGANISATIONS)
    row = get_object_or_404(found.memberships.select_related("person"), uuid=membership)
    actions.end_membership(membership=row, by=request.user)
    messages.success(
        request,
        _("%(name)s no longer acts for %(organisation)s.") % {"name": row.person, "organisation": found.name},
    )
    return redirect("organisation", found.uuid)
