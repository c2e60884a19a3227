"""Certificates: the register, one certificate, its PDF, revoking it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.files import is_stored, open_stored
from aimcert.foundation.lists import listed
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import Refused, asks_for_itself, must
from aimcert.foundation.sent_forms import sent_once
from certification import actions
from certification.codes import in_groups
from certification.documents import picture_name, verification_url
from certification.forms import RevokeForm
from certification.lists import CertificateNarrowing, CertificateTable
from certification.models import Certificate
from certification.permissions import Certification
from certification.states import CERTIFICATE_STEPS, CertificateState


class NotReadyYet(Refused):
    """The PDF is still being written."""


class NoLongerStands(Refused):
    """A revoked certificate is not given out any more."""


@require_safe
def certificates(request: SignedInRequest) -> HttpResponse:
    """Every certificate, the latest first; looked up by name, number or course."""
    must(request.user, Certification.SEE_REGISTER)
    rows = Certificate.objects.visible_to(request.user).order_by("-number")
    listing = listed(request, rows, table=CertificateTable, narrowing=CertificateNarrowing)
    return render(request, "certification/certificates.html", {"listing": listing})


@require_safe
def certificate(request: SignedInRequest, certificate: UUID) -> HttpResponse:
    """One certificate: what it says, whether it stands, and its PDF as soon as it is written."""
    found = _open(request, certificate)
    is_pictured = _is_pictured(found)
    is_coming = not is_pictured and not _is_revoked(found)
    if is_coming and found.document.built_at and not asks_for_itself(request):
        # Once for each visit; the page then looks by itself whether it came.
        actions.ask_for_picture(document=found.document)
    return render(
        request,
        "certification/certificate.html",
        {
            "certificate": found,
            "document": found.document,
            "is_pictured": is_pictured,
            "is_coming": is_coming,
            "code_groups": in_groups(found.code),
            "address": verification_url(found.code),
            "is_own": found.enrolment.person_id == request.user.pk,
            "sees_reason": request.user.is_aim_admin or found.enrolment.person_id == request.user.pk,
            "may_revoke": found.state in CERTIFICATE_STEPS["revoke"][0]
            and request.user.has_perm(Certification.REVOKE, found),
        },
    )


@require_safe
def download(request: SignedInRequest, certificate: UUID) -> HttpResponseBase:
    """The PDF, to whom it belongs, their sponsor, and The AIM Project."""
    found = _open(request, certificate)
    if _is_revoked(found) and not request.user.is_aim_admin:
        raise NoLongerStands(_("This certificate was revoked, so it can no longer be downloaded."))
    if not found.document.built_at:
        raise NotReadyYet(_("The PDF is still being made. Go back and try again in a moment."))
    try:
        file = open_stored(found.document.file)
    except FileNotFoundError:
        actions.ask_to_restore(document=found.document)
        raise NotReadyYet(
            _(
                "The file of this PDF is missing, so it is being made again, exactly as it was."
                " The certificate itself stands as before. Go back and try again in a moment."
                " If it does not come, write to %(address)s."
            )
            % {"address": settings.AIM["SUPPORT_EMAIL"]}
        ) from None
    name = f"{slugify(found.programme_name) or 'aim'}-{found.reference}.pdf"
    return FileResponse(file, as_attachment=True, filename=name)


@require_safe
def picture(request: SignedInRequest, certificate: UUID) -> HttpResponseBase:
    """What the certificate looks like, to those who may download it; nobody sees a revoked one."""
    found = _open(request, certificate)
    if _is_revoked(found):
        raise NoLongerStands(_("This certificate was revoked, so it is not shown any more."))
    if not _is_pictured(found):
        raise NotReadyYet(_("The picture is still being made. Go back and try again in a moment."))
    return FileResponse(open_stored(picture_name(found.document)), content_type="image/png")


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def revoke(request: SignedInRequest, certificate: UUID) -> HttpResponse:
    """Revoking: who will see what, why, and the button."""
    found = _open(request, certificate)
    must(request.user, Certification.REVOKE, found)
    if found.state not in CERTIFICATE_STEPS["revoke"][0]:
        return redirect("certification:certificate", found.uuid)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.revoke(certificate=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request,
            _("Certificate %(number)s is revoked, and its page says so.") % {"number": found.reference},
        )
        return redirect("certification:certificate", found.uuid)
    return render(request, "certification/revoke.html", {"certificate": found, "form": form})


def _is_revoked(certificate: Certificate) -> bool:
    return certificate.state == CertificateState.REVOKED


def _is_pictured(certificate: Certificate) -> bool:
    """Whether there is a picture of it that may be shown."""
    if _is_revoked(certificate) or not certificate.document.built_at:
        return False
    return is_stored(picture_name(certificate.document))


def _open(request: SignedInRequest, certificate: UUID) -> Certificate:
    related = ("document", "enrolment__course", "enrolment__person", "sponsor_organisation")
    found = get_object_or_404(
        Certificate.objects.visible_to(request.user).select_related(*related), uuid=certificate
    )
    must(request.user, Certification.VIEW_CERTIFICATE, found)
    return found
