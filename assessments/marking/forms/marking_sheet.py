"""A marking sheet that comes back: the file, its rows, and what each would change."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from aimcert.foundation.fields import INCOMPLETE
from aimcert.foundation.handed_over import PastedField
from aimcert.foundation.refusals import Refused
from aimcert.foundation.spreadsheet_files import (
    MOST_BYTES,
    SheetRead,
    SpreadsheetRefused,
    read_own_workbook,
)
from aimcert.foundation.spreadsheet_reading import Bounds
from assessments.marking.exports import CODE, CRITERION, FINGERPRINT, JUDGED, SETTLED, TYPED
from assessments.marking.marking_sheet import Seal, seal_in
from assessments.states import Judged, Settled

if TYPE_CHECKING:
    from django.db.models import TextChoices

# The answers of three hundred people to a long version, and less than 200 MB to read them.
BOUNDS = Bounds(
    memory=190 * 1024**2,
    seconds=4,
    unpacked=60 * 1024**2,
    sheets=100,
    lines=10_000,
    columns=20,
    text=8_000_000,
    is_ours=True,
)
# Of what is carried from page to page, in bytes: a form holds at most a little more.
LONGEST = 1_500_000
CARRIED = 1_000_000


class SheetRefused(Refused):
    """Nothing of this file can be brought back."""

    status = 422


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet, as it was read.

    Args:
        sheet, number: where it stands.
        code, criterion, fingerprint: what is locked, and says what it is about.
        judged, settled: as values, or as the words that were typed where they are none.
        has_formula: whether one of its cells works something out.
    """

    sheet: str
    number: int
    code: str
    criterion: str
    fingerprint: str
    judged: str
    note: str
    oral_question: str
    oral_answer: str
    settled: str
    because: str
    has_formula: bool = False


class SheetFileForm(forms.Form):
    """The sheet that comes back."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("The marking sheet that you filled in"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the marking sheet that you filled in.")},
        help_text=_("An Excel workbook (.xlsx) of at most %(most)d MB, as it was taken here.")
        % {"most": MOST_BYTES // 1024**2},
    )

    def read(self, seal: Seal) -> list[SheetRow]:
        """The rows of the sheet; only of a form that is valid.

        Args:
            seal: what it must be of.

        Raises:
            SheetRefused: it cannot be read, or is of something else.
        """
        try:
            sheets = read_own_workbook(self.cleaned_data["file"].read(), BOUNDS)
        except SpreadsheetRefused as refused:
            raise SheetRefused(_unreadable(refused.reason)) from None
        _require_ours(sheets, seal)
        return [row for sheet in sheets[1:] for row in _rows(sheet)]


def _require_ours(sheets: list[SheetRead], seal: Seal) -> None:
    cells = [cell for _number, row in sheets[0].rows[:50] for cell in row] if sheets else []
    said = next((found for cell in cells if (found := seal_in(cell))), None)
    if said is None:
        raise SheetRefused(
            _now(
                "This is no marking sheet of this site, or its first worksheet was changed. Take the"
                " sheet here, and"
                " fill in that one."
            )
        )
    if said.course != seal.course:
        raise SheetRefused(
            _now("This marking sheet is of another course, so nothing of it was read. Choose this course’s.")
        )
    if said.version != seal.version:
        raise SheetRefused(
            _now(
                "This marking sheet is of another version of the case study, so nothing of it was read."
                " Take a new"
                " sheet."
            )
        )


def _rows(sheet: SheetRead) -> list[SheetRow]:
    """The rows below the headings that are about something; what is asked has no fingerprints."""
    found = []
    formulas = set(sheet.formulas)
    for number, cells in sheet.rows:
        row = [*(one.strip() for one in cells), *[""] * (FINGERPRINT + 1)]
        # The headings, and what is no row of answers: it ends before anything could be judged.
        if number == 1 or len(cells) <= max(JUDGED, CRITERION):
            continue
        found.append(
            SheetRow(
                sheet=sheet.name[:31],
                number=number,
                code=row[CODE][:100],
                criterion=row[CRITERION][:10],
                fingerprint=row[FINGERPRINT][:100],
                judged=_value_of(row[JUDGED], Judged),
                settled=_value_of(row[SETTLED], Settled),
                has_formula=number in formulas,
                **{name: row[place] for name, place in TYPED.items()},
            )
        )
    return found


def _value_of(words: str, choices: type[TextChoices]) -> str:
    """What was chosen, by its word in any language that the site is in; the word itself where it is none."""
    return _words(choices).get(words.casefold(), words)


@cache
def _words(choices: type[TextChoices]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(one.label).casefold(): str(one.value) for one in choices}
    return found


class CarriedSheetForm(forms.Form):
    """The rows that are to be saved, as the page carries them: checked anew as those of a file are."""

    rows = PastedField(
        max_length=LONGEST,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "max_length"), INCOMPLETE),
    )

    def clean_rows(self) -> list[SheetRow]:
        """The rows, where they are of ours in form."""
        try:
            said = json.loads(self.cleaned_data["rows"])
            return [_row(one) for one in said]
        except (TypeError, ValueError, RecursionError):
            raise ValidationError(INCOMPLETE, code="invalid") from None


def carried(rows: list[SheetRow]) -> tuple[str, int]:
    """As many of `rows` as a page carries, as text, and how many these are."""
    said: list[str] = []
    length = 2
    for row in rows:
        text = json.dumps(astuple(row), separators=(",", ":"), ensure_ascii=False)
        length += len(text.encode()) + 1
        if length > CARRIED and said:
            break
        said.append(text)
    return f"[{','.join(said)}]", len(said)


def _row(values: Any) -> SheetRow:
    names = [one.name for one in fields(SheetRow)]
    given: dict[str, Any] = dict(zip(names, values, strict=True))
    for name, value in given.items():
        expected: type = {"number": int, "has_formula": bool}.get(name, str)
        if type(value) is not expected:
            raise ValueError("no row of ours")
    if not 0 <= given["number"] < 10_000_000:
        raise ValueError("no row of ours")
    return SheetRow(**given)


def _unreadable(reason: str) -> str:
    """What to do about a file that is not read for that reason."""
    words = {
        "unknown": _now("This is no Excel workbook. Save the marking sheet as .xlsx, and choose that."),
        "damaged": _now(
            "This file is damaged. Open it in your spreadsheet program, and save it again as .xlsx."
        ),
        "locked": _now("This file is protected by a password. Save it without one, and choose that."),
        "macros": _now(
            "This file holds macros, so it was not read. Take a new marking sheet, and fill that in."
        ),
        "links": _now(
            "This file refers to other files, so it was not read. Take a new marking sheet, and fill that in."
        ),
        "large": _now("This file is larger than %(most)d MB. Take a new marking sheet, and fill that in.")
        % {"most": MOST_BYTES // 1024**2},
    }
    much = _now(
        "This file holds far more than the marking sheet does, so it was not read. Take a new one, and"
        " fill that in."
    )
    return words.get(reason, much)
