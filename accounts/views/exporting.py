"""Everything that is held about somebody: asked for by them, or for them; downloaded by them alone."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.models import DataExport, Person
from accounts.permissions import Accounts
from accounts.proofs import ReasonForm
from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.files import open_stored
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once

MOST_SHOWN = 20


@require_safe
def account_data(request: SignedInRequest) -> HttpResponse:
    """What one may ask for, how far it is, and the file."""
    now = timezone.now()
    exports = list(DataExport.objects.visible_to(request.user).select_related("asked_by")[:MOST_SHOWN])
    latest = exports[0] if exports else None
    return render(
        request,
        "accounts/account_data.html",
        {
            "underway": latest if latest and latest.is_underway else None,
            "has_failed": latest is not None and latest.given_up_at is not None,
            "to_download": next((export for export in exports if export.can_be_had(now)), None),
            "exports": [(export, export.can_be_had(now)) for export in exports],
            "days": settings.AIM["EXPORT_DAYS"],
        },
    )


@asks_anew("POST")
@require_POST
@sent_once
def ask_for_data(request: SignedInRequest) -> HttpResponse:
    """Have everything that is held about oneself written."""
    actions.request_export(person=request.user, by=request.user)
    return redirect("account_data")


@asks_anew("GET")
@require_safe
def download_data(request: SignedInRequest, export: UUID) -> FileResponse:
    """The file; whether one may have it is asked again each time."""
    found = get_object_or_404(DataExport.objects.visible_to(request.user), uuid=export)
    actions.check_export_downloadable(export=found, now=timezone.now())
    try:
        file = open_stored(found.file)
    except FileNotFoundError:
        actions.remake_missing_export(export=found)
        raise actions.ExportNotReady(
            _("This file is missing, so it is being made again. Go back: its page shows how far it has come.")
        ) from None
    name = f"aimcert-{timezone.localdate(found.made_at):%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@asks_anew("POST")
@require_http_methods(["GET", "POST"])
@sent_once
def ask_for_somebodys_data(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Have it written for somebody who asked The AIM Project by mail."""
    must(request.user, Accounts.MANAGE_ACCOUNTS)
    found: Person = get_object_or_404(Person.objects.visible_to(request.user), uuid=uuid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.request_export_for(person=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request,
            _("It is being made. %(name)s is told by email, and can download it by signing in.")
            % {"name": found},
        )
        return redirect("person", found.uuid)
    return render(request, "accounts/ask_for_somebodys_data.html", {"form": form, "person": found})
