"""Booklets with a name and a personal code each: for one person, or for a room in one file to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aimcert.foundation.pdf import render_pdf
from assessments.answering.codes import said_code
from assessments.answering.receipts import DECLARATION
from assessments.case_studies.booklets import booklet_pdf
from assessments.case_studies.models import Version

STYLESHEET = "documents/booklet.css"
# Of a room, so many stand in one file: each takes about a twentieth of a second.
IN_ONE_FILE = 40


@dataclass(frozen=True)
class Owner:
    """Whose booklet it is.

    Args:
        name: theirs.
        code: their personal code.
        is_larger: whether they get larger print.
    """

    name: str
    code: str
    is_larger: bool = False


def personal_booklets_pdf(
    version: Version, owners: Iterable[Owner], *, course: str, made_at: datetime
) -> bytes:
    """The booklets of `owners`, one after the other, for printing on both sides.

    A cover with the declaration to sign stands before each, and the code on every sheet. Only the
    covers differ, so the questions are rendered once. Made for paper: what a screen reader reads is
    the version's own booklet, which is tagged.

    Args:
        version: the one that the course uses.
        owners: in order; at most `IN_ONE_FILE`, or it takes long.
        course: its title and reference.
        made_at: when the codes were given.
    """
    whole = pikepdf.Pdf.new()
    for owner in owners:
        cover = pikepdf.Pdf.open(BytesIO(_cover(owner, course, made_at)))
        body = pikepdf.Pdf.open(
            BytesIO(booklet_pdf(version, for_marker=False, is_personal=True, is_larger=owner.is_larger))
        )
        stamp = cover.pages[-1]
        first = len(whole.pages)
        whole.pages.extend(cover.pages[:-1])
        whole.pages.extend(body.pages)
        # The first says it in large letters.
        for page in whole.pages[first + 1 :]:
            page.add_overlay(stamp, None)
        if len(whole.pages) % 2:
            # The next one begins on a sheet of its own.
            whole.add_blank_page(page_size=(595, 842))
    whole.Root.Lang = pikepdf.String(get_language() or settings.LANGUAGE_CODE)
    # Elements of the documents that these pages were taken from are not among them.
    for page in whole.pages:
        for key in ("/StructParents", "/Tabs"):
            if key in page.obj:
                del page.obj[key]
    with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = _("Booklets: %(course)s") % {"course": course}
    written = BytesIO()
    whole.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return written.getvalue()


def _cover(owner: Owner, course: str, made_at: datetime) -> bytes:
    language = get_language() or settings.LANGUAGE_CODE
    title = _("Booklet of %(name)s") % {"name": owner.name}
    html = render_to_string(
        "documents/personal_booklet.html",
        {
            "language": language,
            "title": title,
            "name": owner.name,
            "course": course,
            "code": said_code(owner.code),
            "declaration": DECLARATION,
            "is_larger": owner.is_larger,
        },
    )
    return render_pdf(html, stylesheet=STYLESHEET, title=title, language=language, created=made_at)
