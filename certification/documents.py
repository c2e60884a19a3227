"""The certificate as a PDF, with the QR code of the page that says whether it still stands."""

from __future__ import annotations

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aimcert.foundation.pdf import IMAGE_SCHEME, render_pdf
from aimcert.foundation.pdf_pictures import picture_of
from certification.codes import LENGTH, in_groups
from certification.designs import DESIGNS, newest
from certification.models import Branding, Certificate, CertificateDocument

# In pixels: nearly twice what a page gives it, for screens with two to a point.
PICTURE_WIDTH = 1280


def verification_url(code: str) -> str:
    """The address, whole, of the page that says whether the certificate with `code` stands."""
    return settings.SITE_URL + reverse("certification:verified", args=[code])


def qr_code(address: str, *, title: str, dark: str) -> SafeString:
    """A QR code of `address` as inline SVG (ISO/IEC 18004, error correction M: 15 % may be unreadable).

    Args:
        address: what a telephone's camera reads.
        title: what it is, for those who do not see it.
        dark: the colour of its squares.
    """
    drawn = segno.make(address, error="m", micro=False)
    # segno escapes the title, and draws the address as squares alone.
    return mark_safe(drawn.svg_inline(border=2, dark=dark, light="#fff", omitsize=True, title=title))  # noqa: S308  # nosec B308 B703


def certificate_pdf(
    certificate: Certificate, *, design: int, branding: Branding | None = None, is_specimen: bool = False
) -> bytes:
    """The certificate, word for word as it was issued, in its own language; an A4 page across.

    Only these rows are read, never a profile, a course or a programme: the same rows and design give the
    same bytes.

    Args:
        certificate: any.
        design: the version of its layout, as `CertificateDocument.design` has it.
        branding: the mark and the signatory, likewise; None: the name in letters, and nobody signs.
        is_specimen: whether it certifies nobody, which stands across it.

    Raises:
        KeyError: this release does not know the design.
    """
    drawn_by = DESIGNS[design]
    images = _images(branding)
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
                    dark=drawn_by.qr_dark,
                ),
                "verify_address": _spoken(settings.SITE_URL + reverse("certification:verify")),
                "code_groups": in_groups(certificate.code),
                "branding": branding and _shown(branding, images),
                "is_specimen": is_specimen,
            },
        )
        return render_pdf(
            html,
            stylesheet=drawn_by.stylesheet,
            title=title,
            language=certificate.language,
            created=certificate.issued_at,
            images=images,
        )


def specimen_pdf(branding: Branding) -> bytes:
    """A certificate as `branding` would have it, of nobody: the name is made up, and no code leads to it.

    Args:
        branding: a version, perhaps not saved.
    """
    when = branding.published_at
    nobody = Certificate(
        number=0,
        code="0" * LENGTH,
        name="Zoë Specimen-O’Neill",
        programme_name="AIM3",
        course_title=_("A course that never was"),
        course_reference="C00000",
        course_ended_on=when.date(),
        associates=["Ann Example", "Ben Example"],
        language=get_language() or settings.LANGUAGE_CODE,
        issued_on=when.date(),
        issued_at=when,
    )
    return certificate_pdf(nobody, design=newest(), branding=branding, is_specimen=True)


def certificate_picture(pdf: bytes) -> bytes:
    """The page of a certificate as a PNG, sharp enough for a page that shows it at its full width.

    Args:
        pdf: as `certificate_pdf` wrote it.
    """
    return picture_of(pdf, width=PICTURE_WIDTH)


def picture_name(document: CertificateDocument) -> str:
    """The name under which the picture of a built document is kept: its own file's, of which it is made."""
    return document.file.removesuffix(".pdf") + ".png"


def _images(branding: Branding | None) -> dict[str, bytes]:
    if branding is None:
        return {}
    found = {"mark": bytes(branding.mark), "signature": bytes(branding.signature)}
    return {name: content for name, content in found.items() if content}


def _shown(branding: Branding, images: dict[str, bytes]) -> dict[str, str]:
    """What a template is told of `branding`."""
    return {
        "signatory": branding.signatory,
        "role": branding.role,
        **{name: IMAGE_SCHEME + name for name in images},
    }


def _spoken(address: str) -> str:
    """`address` as one types it: without the scheme and the last slash."""
    return address.split("://", 1)[1].rstrip("/")
