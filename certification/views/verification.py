"""Whether a certificate stands, for anyone who has its code; reads no session."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import CharField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.pages import render
from certification.codes import fingerprint, read_code
from certification.forms import CodeForm
from certification.models import Certificate
from certification.states import CertificateState

_WITH_CODE = Compiled(lambda: Certificate.objects.with_code(Given("code_sha256", CharField())))


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Where a code is typed."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return _answer(request, form.cleaned_data["code"], form)
    return _never_kept(render(request, "certification/verify.html", {"form": form}))


@login_not_required
@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code on a certificate leads to."""
    return _answer(request, code)


def _answer(request: HttpRequest, typed: str, form: CodeForm | None = None) -> HttpResponse:
    """What the code stands for now; a wrong one stays in the box that it was typed into."""
    # One statement, the same for a code that stands, one that nobody was given, and no code at all.
    # A code is unique, so nothing is sorted: `first` would.
    certificate = next(iter(_WITH_CODE.rows(code_sha256=fingerprint(read_code(typed)))), None)
    if certificate is None and form is not None:
        form.add_error(
            "code",
            _("No certificate has this code: 26 letters and numbers. Compare it with the certificate."),
        )
    page = {
        "title": _title(certificate),
        "certificate": certificate,
        "form": form if certificate or form else CodeForm(),
        "at": timezone.now(),
    }
    response = render(request, "certification/verified.html", page, status=200 if certificate else 404)
    return _never_kept(response)


def _title(certificate: Certificate | None) -> str:
    if certificate is None:
        return _("No certificate with this code")
    said = {"number": certificate.reference, "state": CertificateState(certificate.state).label}
    return _("Certificate %(number)s: %(state)s") % said


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
