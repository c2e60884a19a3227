"""Publishing the mark and the signatory that certificates are issued with."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.fields import one_line
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from certification.artwork import Artwork
from certification.documents import specimen_pdf
from certification.models import Branding
from courses.certificate_names import not_shown


class BrandingRefused(Refused):
    """What was sent makes no certificate.

    Attributes:
        field: which of the arguments it is about.
    """

    status = 422

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def publish_branding(
    *,
    mark: Artwork | None,
    signatory: str,
    role: str,
    signature: Artwork | None,
    by: Person,
    seen: int | None = None,
) -> Branding:
    """Publish another version of the mark and the signatory; what is issued from now on has it.

    Certificates that were issued keep the version that they were issued with.

    Args:
        mark: The AIM Project's own; None: its name, in letters.
        signatory: who signs; "": nobody does.
        role: what they are, such as "Director of Training".
        signature: an image of it.
        by: the AIM admin.
        seen: the number of the version that the page showed, 0 for none; None: whatever it was.

    Returns:
        The version that holds now; where it says the same already, that one.

    Raises:
        BrandingRefused: it cannot be drawn, or there is a signature of nobody.
        ChangedMeanwhile: another version holds by now than was `seen`.
    """
    wanted = proposed_branding(mark=mark, signatory=signatory, role=role, signature=signature, by=by)
    standing = Branding.objects.published().first()
    if standing is not None and _says(standing) == _says(wanted):
        return standing
    specimen_of(wanted)
    number = standing.number if standing else 0
    if seen is not None and seen != number:
        raise ChangedMeanwhile
    wanted.number = number + 1
    try:
        with transaction.atomic():
            wanted.save()
    except IntegrityError as error:
        if "branding_number_unique" not in str(error):
            raise
        # Somebody else was quicker by a moment; perhaps with the same press of the same button.
        now = Branding.objects.published()[0]
        if _says(now) != _says(wanted):
            raise ChangedMeanwhile from None
        return now
    return wanted


def proposed_branding(
    *, mark: Artwork | None, signatory: str, role: str, signature: Artwork | None, by: Person
) -> Branding:
    """What `publish_branding` would publish, not saved, to be looked at.

    Raises:
        BrandingRefused: see there.
    """
    signatory, role = one_line(signatory), one_line(role)
    if not signatory and (role or signature):
        raise BrandingRefused(
            _("Enter the name of whoever signs, or leave role and signature out too."), "signatory"
        )
    for field, text in (("signatory", signatory), ("role", role)):
        if letters := not_shown(text):
            raise BrandingRefused(
                _("Certificates cannot show these letters: %(letters)s. Write them another way.")
                % {"letters": " ".join(letters)},
                field,
            )
    return Branding(
        mark=mark.content if mark else b"",
        signatory=signatory,
        role=role,
        signature=signature.content if signature else b"",
        published_by=by,
    )


def specimen_of(branding: Branding) -> bytes:
    """A specimen of a certificate with `branding`, as a PDF.

    Raises:
        BrandingRefused: its images cannot be drawn, so that no certificate could be.
    """
    try:
        return specimen_pdf(branding)
    except Exception as error:
        raise BrandingRefused(
            _("A certificate cannot be drawn with this image. Save it as a PNG, and choose that."),
            "mark" if branding.mark else "signature",
        ) from error


def _says(branding: Branding) -> tuple[bytes, str, str, bytes]:
    return bytes(branding.mark), branding.signatory, branding.role, bytes(branding.signature)
