"""The mark and the signatory that certificates are issued with, for AIM admins."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render, tell_saved
from aimcert.foundation.refusals import must
from aimcert.foundation.stale_forms import ChangedMeanwhile
from certification import actions
from certification.documents import certificate_picture
from certification.forms import BrandingForm
from certification.models import Branding
from certification.permissions import Certification


@require_http_methods(["GET", "POST"])
def branding(request: SignedInRequest) -> HttpResponse:
    """Choose a mark and a signatory, look at a specimen, publish."""
    must(request.user, Certification.PUBLISH_BRANDING)
    standing = Branding.objects.published().select_related("published_by").first()
    if request.method == "POST":
        return _sent(request, standing)
    form = BrandingForm(initial=BrandingForm.initial_of(standing))
    form.show_standing(standing)
    return _page(request, form, standing)


def _sent(request: SignedInRequest, standing: Branding | None) -> HttpResponse:
    form = BrandingForm(request.POST, files=request.FILES)
    if not form.is_valid():
        return _page(request, form, standing)
    try:
        if "look" in request.POST or "specimen" in request.POST:
            pdf = actions.specimen_of(actions.proposed_branding(**form.asked, by=request.user))
            if "specimen" in request.POST:
                return _file(pdf)
            return _page(request, form, standing, looks=_data(pdf))
        published = actions.publish_branding(**form.asked, seen=form.cleaned_data["seen"], by=request.user)
    except actions.BrandingRefused as refused:
        form.add_error(refused.field, str(refused.message))
        return _page(request, form, standing)
    except ChangedMeanwhile:
        return _refused_as_stale(request, form)
    tell_saved(
        request,
        _("Published. Certificates that are issued from now on have it."),
        changed=standing is None or published.pk != standing.pk,
    )
    return redirect("certification:branding")


def _refused_as_stale(request: SignedInRequest, form: BrandingForm) -> HttpResponse:
    """Both, side by side, also as they look; nothing that was chosen is lost."""
    standing = Branding.objects.published().select_related("published_by")[0]
    mine = actions.proposed_branding(**form.asked, by=request.user)
    return _page(
        request,
        form,
        standing,
        stale=form.beside_version(standing, standing.published_by, standing.published_at),
        looks=_data(actions.specimen_of(mine)),
        looks_now=_data(actions.specimen_of(standing)),
    )


def _page(
    request: SignedInRequest, form: BrandingForm, standing: Branding | None, **context: Any
) -> HttpResponse:
    versions = Branding.objects.published().without_images().with_use()
    page = {
        "form": form,
        "standing": standing,
        "versions": versions.select_related("published_by"),
        **context,
    }
    return render(request, "certification/branding.html", page)


def _data(pdf: bytes) -> str:
    """The picture of a specimen, as an address that holds it."""
    return "data:image/png;base64," + b64encode(certificate_picture(pdf)).decode()


def _file(pdf: bytes) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="specimen.pdf"'
    return answer
