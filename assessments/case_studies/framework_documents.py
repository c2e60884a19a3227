"""The framework on one sheet of paper, as a PDF."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from aimcert.foundation.pdf import render_pdf
from assessments.case_studies.editions import Cell, Sheet

# Sizes of type in points, and how many lines of the largest fit the page.
SIZES = (8.2, 7.6, 7.0, 6.4, 5.8, 5.2, 4.6, 4.0)
LINES = 52
# What smaller type wins, as measured: less than the square, since whole words are moved to the next line.
GAIN = 1.3
# Letters in a line of the largest: in a stage's column, and in one of the notes' three.
COLUMN, NOTES = 36, 60


def framework_pdf(sheet: Sheet, *, language: str) -> bytes:
    """An edition on one A4 page across: it says the same as its page.

    Args:
        language: of the reader, as a BCP 47 tag.
    """
    edition = sheet.edition
    with translation.override(language):
        title = _("%(title)s, edition %(number)d") % {"title": edition.title, "number": edition.number}
        html = render_to_string(
            "documents/framework.html",
            {"language": language, "title": title, "sheet": sheet, "size": str(_size(sheet))},
        )
        return render_pdf(
            html,
            stylesheet="documents/framework.css",
            title=title,
            language=language,
            created=edition.published_at or edition.drafted_at,
        )


def _size(sheet: Sheet) -> float:
    """The largest type in which all of it fits one page."""
    areas = [[_cell(cell) for cell in strand.cells] for strand in sheet.strands]
    heads = [_lines(stage.title, COLUMN) + _lines(stage.purpose, COLUMN + 6) for stage in sheet.stages]
    notes = sum(_lines(note, NOTES) for note in sheet.edition.notes) / 3
    # The title, the domains, the picture of risk management, the source.
    needed = 8 + max(heads, default=0) + sum(max(cells, default=0) for cells in areas) + notes
    largest = SIZES[0]
    return next((size for size in SIZES if needed <= LINES * (largest / size) ** GAIN), SIZES[-1])


def _cell(cell: Cell) -> int:
    return sum(
        bool(part.title) + sum(_lines(area.title, COLUMN) for area in part.areas) for part in cell.parts
    )


def _lines(text: str, width: int) -> int:
    return -(-len(text) // width)
