"""Publishing what stands on the legal pages."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.legal import gaps_in
from accounts.models import LegalText, Person
from accounts.states import LegalPage
from aimcert.foundation.fields import lines
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile, seen_of

GAPS_NAMED = 3


class LegalTextUnfinished(Refused):
    """The text still says in square brackets what belongs there."""


@transaction.atomic
def publish_legal_text(*, page: LegalPage, text: str, by: Person, seen: str = "") -> LegalText:
    """Publish a text on a legal page; the one before it stays readable as an earlier version.

    Args:
        page: which.
        text: Markdown, as aimcert/foundation/prose.py reads it, with links.
        by: the AIM admin.
        seen: `legal_text_seen` of what the page showed; empty: whatever it was.

    Returns:
        The version that holds now; where it says the same already, that one.

    Raises:
        LegalTextUnfinished: gaps of the model are not filled in.
        ChangedMeanwhile: another version holds by now than was `seen`.
    """
    text = lines(text)
    standing = LegalText.objects.published(page).first()
    if standing is not None and standing.text == text:
        return standing
    if seen and seen != legal_text_seen(standing):
        raise ChangedMeanwhile
    if gaps := gaps_in(text):
        more = " …" if len(gaps) > GAPS_NAMED else ""
        named = " ".join(f"[{gap}]" for gap in gaps[:GAPS_NAMED]) + more
        raise LegalTextUnfinished(_("Fill in what stands in square brackets: %(gaps)s") % {"gaps": named})
    number = standing.number + 1 if standing else 1
    try:
        with transaction.atomic():
            return LegalText.objects.create(page=page, number=number, text=text, published_by=by)
    except IntegrityError as error:
        if "legaltext_number_unique" not in str(error):
            raise
        # Somebody else was quicker by a moment; perhaps with the same press of the same button.
        now = LegalText.objects.published(page)[0]
        if now.text != text:
            raise ChangedMeanwhile from None
        return now


def legal_text_seen(standing: LegalText | None) -> str:
    """What a page carries to say which version it showed."""
    return seen_of(standing.number if standing else 0)
