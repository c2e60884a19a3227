"""Sheets of paper on which people sign that they are there, as a PDF."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from aimcert.foundation.pdf import render_pdf
from aimcert.foundation.times import said_times
from courses.models import Course, Session

# For people who come without being on the list.
BLANK_ROWS = 4


def sign_in_sheets(
    course: Course,
    sessions: Sequence[Session],
    *,
    names: Sequence[str],
    trainers: Sequence[str],
    language: str,
) -> bytes:
    """A sheet for each session: everybody's name, and room to sign.

    Args:
        course: which.
        sessions: of the course, at least one, by number.
        names: of everybody in the register, in its order.
        trainers: their names.
        language: of the reader, as a BCP 47 tag.
    """
    with translation.override(language):
        title = _("Sign-in sheets: %(course)s") % {"course": course.title}
        sheets = [(one, said_times(one.starts_at, one.ends_at, course.zone)) for one in sessions]
        blank = range(len(names) + 1, len(names) + 1 + BLANK_ROWS)
        html = render_to_string(
            "documents/sign_in_sheets.html",
            {
                "language": language,
                "title": title,
                "course": course,
                "trainers": ", ".join(trainers),
                "sheets": sheets,
                "names": names,
                "blank": blank,
            },
        )
        return render_pdf(
            html,
            stylesheet="documents/sign_in_sheets.css",
            title=title,
            language=language,
            created=course.published_at or course.created_at,
        )
