"""Licences, by an AIM admin."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.lists import listed
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pages import render, tell_saved
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.stale_forms import ChangedMeanwhile
from courses.actions import grant_licence, renew_licence, withdraw_licence
from courses.forms import GrantForm, RenewForm, telling
from courses.lists import LicenceNarrowing, LicenceTable
from courses.models import Licence
from courses.permissions import Courses
from courses.views.finding import sent


@require_safe
def licences(request: SignedInRequest) -> HttpResponse:
    """Every licence that was not withdrawn, then the others."""
    must(request.user, Courses.MANAGE_LICENCES)
    rows = Licence.objects.visible_to(request.user).select_related("associate", "programme")
    listing = listed(
        request,
        rows.order_by("-withdrawn_at", InOrder("associate__name"), "pk"),
        table=LicenceTable,
        narrowing=LicenceNarrowing,
    )
    return render(request, "courses/licences.html", {"listing": listing})


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def grant(request: SignedInRequest) -> HttpResponse:
    """A new licence."""
    must(request.user, Courses.MANAGE_LICENCES)
    form = GrantForm(sent(request))
    if form.is_valid():
        with telling(form):
            made = grant_licence(**form.cleaned_data, by=request.user)
            messages.success(
                request,
                _("%(name)s is licensed. They can train once they have agreed to the case study.")
                % {"name": made.associate},
            )
            return redirect("courses:licences")
    return render(request, "courses/licence_grant.html", {"form": form})


def _licence(request: SignedInRequest, licence: UUID) -> Licence:
    row: Licence = get_object_or_404(
        Licence.objects.visible_to(request.user).select_related("associate", "programme"), uuid=licence
    )
    must(request.user, Courses.MANAGE_LICENCES, row)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: SignedInRequest, licence: UUID) -> HttpResponse:
    """Another last day."""
    row = _licence(request, licence)
    form, stale = RenewForm(sent(request), initial=RenewForm.initial_of(row)), None
    if form.is_valid():
        with telling(form):
            try:
                renewed = renew_licence(licence=row, by=request.user, **form.cleaned_data)
            except ChangedMeanwhile:
                row.refresh_from_db()
                stale = form.beside(RenewForm.initial_of(row), row.changed_by, row.changed_at)
            else:
                words = _("The licence of %(name)s was changed.") % {"name": row.associate}
                tell_saved(request, words, changed=renewed.changed_at != row.changed_at)
                return redirect("courses:licences")
    context = {"form": form, "licence": row, "stale": stale}
    return render(request, "courses/licence_renew.html", context)


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def withdraw_a_licence(request: SignedInRequest, licence: UUID) -> HttpResponse:
    """Take a licence back, after reading what that means."""
    row = _licence(request, licence)
    if request.method == "POST":
        withdraw_licence(licence=row, by=request.user)
        messages.success(request, _("The licence of %(name)s was withdrawn.") % {"name": row.associate})
        return redirect("courses:licences")
    courses = row.associate.trained.filter(
        course__programme=row.programme_id, course__country=row.country, course__cancelled_at__isnull=True
    ).select_related("course")
    return render(request, "courses/licence_withdraw.html", {"licence": row, "courses": courses})
