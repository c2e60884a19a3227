"""The certificate as a PDF, with the QR code of the page that says whether it still stands."""

from __future__ import annotations

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from aimcert.foundation.pdf import render_pdf
from certification.codes import in_groups
from certification.designs import DESIGNS
from certification.models import Certificate


def verification_url(code: str) -> str:
    """The address, whole, of the page that says whether the certificate with `code` stands."""
    return settings.SITE_URL + reverse("certification:verified", args=[code])


def qr_code(address: str, *, title: str) -> SafeString:
    """A QR code of `address` as inline SVG (ISO/IEC 18004, error correction M: 15 % may be unreadable).

    Args:
        address: what a telephone's camera reads.
        title: what it is, for those who do not see it.
    """
    drawn = segno.make(address, error="m", micro=False)
    # segno escapes the title, and draws the address as squares alone.
    return mark_safe(drawn.svg_inline(border=2, dark="#12423e", light="#fff", omitsize=True, title=title))  # noqa: S308  # nosec B308 B703


def certificate_pdf(certificate: Certificate, *, design: int) -> bytes:
    """The certificate, word for word as it was issued, in its own language; an A4 page across.

    Only the row is read, never a profile, a course or a programme: the same row and design give the
    same bytes.

    Args:
        certificate: any.
        design: the version of its layout, as `CertificateDocument.design` has it.

    Raises:
        KeyError: this release does not know the design.
    """
    drawn_by = DESIGNS[design]
    with translation.override(certificate.language):
        title = _("Certificate of competence: %(name)s, %(programme)s") % {
            "name": certificate.name,
            "programme": certificate.programme_name,
        }
        html = render_to_string(
            drawn_by.template,
            {
                "language": certificate.language,
                "title": title,
                "name": certificate.name,
                "name_size": "longer"
                if len(certificate.name) > 46
                else "long"
                if len(certificate.name) > 24
                else "",
                "programme_name": certificate.programme_name,
                "course_title": certificate.course_title,
                "course_reference": certificate.course_reference,
                "course_ended_on": certificate.course_ended_on,
                "associates": certificate.associates,
                "issued_on": certificate.issued_on,
                "reference": certificate.reference,
                "qr": qr_code(
                    verification_url(certificate.code),
                    title=_("QR code of the page that checks this certificate"),
                ),
                "verify_address": _spoken(settings.SITE_URL + reverse("certification:verify")),
                "code_groups": in_groups(certificate.code),
            },
        )
        return render_pdf(
            html,
            stylesheet=drawn_by.stylesheet,
            title=title,
            language=certificate.language,
            created=certificate.issued_at,
        )


def _spoken(address: str) -> str:
    """`address` as one types it: without the scheme and the last slash."""
    return address.split("://", 1)[1].rstrip("/")
