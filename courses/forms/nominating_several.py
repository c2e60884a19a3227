"""Several people put forward at once: the file or the rows that say who, and each of them as one form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import INCOMPLETE, redisplayed
from aimcert.foundation.handed_over import HandedOverForm, PastedField
from aimcert.foundation.spreadsheet_files import MOST_BYTES, SheetRead, read_pasted, read_spreadsheet
from aimcert.foundation.spreadsheet_reading import MOST_ROWS
from courses.forms.nominating import NomineeForm, SponsorChoice
from courses.nominee_lists import FIELDS, Listed, ListRefused, PeopleRead, people_in

# Of what is carried from page to page, in bytes: a form holds at most a little more.
LONGEST = 1_500_000


def labels() -> dict[str, str]:
    """The form's own words for what a list says of somebody: the example's headings."""
    return {name: str(NomineeForm.base_fields[name].label) for name in FIELDS}


def hints() -> list[tuple[str, str]]:
    """Each heading, and what the form says of what goes below it."""
    return [(label, str(NomineeForm.base_fields[name].help_text)) for name, label in labels().items()]


class GivenListForm(HandedOverForm):
    """One of two ways to hand over a list of people."""

    neither = _("Choose a file, or paste rows.")
    both = _("Choose a file or paste rows, not both.")
    file = forms.FileField(
        label=_("The spreadsheet"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt"}),
        help_text=_("Excel, OpenDocument or CSV, of at most %(most)d MB. One person in each row.")
        % {"most": MOST_BYTES // 1024**2},
    )
    text = PastedField(
        label=_("Or rows copied out of a spreadsheet"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "In place of a file: select the rows with their headings, copy them, and paste them here."
        ),
    )

    @property
    def source(self) -> str:
        """The name of the file; empty for rows that were pasted."""
        return "" if self.given == "text" else redisplayed(self.cleaned_data["file"].name or "")[:100]

    def read(self) -> PeopleRead:
        """The people in what was handed over.

        Raises:
            SpreadsheetRefused, ListRefused: none can be read.
        """
        sheets: list[SheetRead]
        if self.given == "text":
            sheets = [read_pasted(self.cleaned_data["text"])]
        else:
            sheets = read_spreadsheet(self.cleaned_data["file"].read())
        return people_in(sheets, labels())


class ListedForm(NomineeForm):
    """One person of a list; what is wrong says in which row."""

    def __init__(self, listed: Listed, **kwargs: Any) -> None:
        """Args: listed: what the list says of them."""
        self.number = listed.number
        prefix = f"row-{listed.number}"
        data = {f"{prefix}-{name}": value for name, value in listed.values.items()}
        super().__init__(data, prefix=prefix, **kwargs)
        for one in self.fields.values():
            # The page on which the list was handed in says it, once for all rows.
            one.help_text = ""

    def add_error(self, field: str | None, error: Any) -> None:
        """As of any form, with the row before the words."""
        errors = error if isinstance(error, ValidationError) else ValidationError(error)
        super().add_error(
            field,
            [
                ValidationError(
                    _("Row %(number)d: %(words)s"),
                    code=one.code,
                    params={"number": self.number, "words": one.messages[0]},
                )
                for one in errors.error_list
            ],
        )


@dataclass(frozen=True)
class Carried:
    """One row as it goes from page to page.

    Args:
        listed: what it says.
        goes: the page said that this person would be nominated.
        is_out: left out by whoever reads the list.
    """

    listed: Listed
    goes: bool = False
    is_out: bool = False


@dataclass(frozen=True)
class CarriedList:
    """What was read, as it goes from page to page: nothing of it is stored before it is confirmed.

    Args:
        rows: everybody who was read.
        source: the name of the file; empty for rows that were pasted.
        unused, sheet, in_order: see `PeopleRead`.
    """

    rows: list[Carried] = field(default_factory=list)
    source: str = ""
    unused: list[str] = field(default_factory=list)
    sheet: str = ""
    in_order: bool = False

    @classmethod
    def of(cls, read: PeopleRead, source: str) -> CarriedList:
        """What was just read.

        Raises:
            ListRefused: it is more than a page can carry on.
        """
        rows = [Carried(listed) for listed in read.people]
        made = cls(rows, source, read.unused, read.sheet, read.in_order)
        if len(made.as_text().encode()) > LONGEST:
            raise ListRefused(
                _("There is more text in this list than can be read at once. Shorten what is long.")
            )
        return made

    def as_text(self) -> str:
        """As a hidden field carries it."""
        rows = [
            [
                one.listed.number,
                int(one.goes) + 2 * int(one.is_out),
                *(one.listed.values[name] for name in FIELDS),
            ]
            for one in self.rows
        ]
        said = [self.source, self.unused, self.sheet, self.in_order, rows]
        return json.dumps(said, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> CarriedList:
        """What `as_text` wrote.

        Raises:
            ValueError: somebody else wrote it.
        """
        try:
            source, unused, sheet, in_order, rows = json.loads(text)
            carried = [
                Carried(
                    Listed(
                        _whole(number), {name: _text(cell) for name, cell in zip(FIELDS, cells, strict=True)}
                    ),
                    goes=bool(_whole(flags) & 1),
                    is_out=bool(flags & 2),
                )
                for number, flags, *cells in rows
            ]
            words = [_text(one) for one in unused]
        except (TypeError, RecursionError) as error:
            raise ValueError from error
        if not 0 < len({one.listed.number for one in carried}) == len(carried) <= MOST_ROWS:
            raise ValueError("no rows, too many, or one twice")
        return cls(carried, _text(source), words, _text(sheet), bool(in_order))

    def typed_over(self, typed: Mapping[str, str]) -> CarriedList:
        """With what was typed into the fields of some rows."""
        rows = [
            replace(
                one,
                listed=Listed(
                    one.listed.number,
                    {
                        name: typed.get(f"row-{one.listed.number}-{name}", value)
                        for name, value in one.listed.values.items()
                    },
                ),
            )
            for one in self.rows
        ]
        return replace(self, rows=rows)


class SeveralForm(SponsorChoice):
    """The list that is to be nominated, and who sponsors all of them."""

    rows = PastedField(
        max_length=LONGEST,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "max_length"), INCOMPLETE),
    )
    field_order = ("rows", "sponsor")

    def __init__(self, *args: Any, decided: bool = True, **kwargs: Any) -> None:
        """Args: decided: whether the sponsor must be chosen by now."""
        super().__init__(*args, **kwargs)
        if "sponsor" in self.fields:
            self.fields["sponsor"].required = decided
        self.label_suffix = ""

    def clean_rows(self) -> CarriedList:
        """The list, where it is one of ours."""
        try:
            return CarriedList.from_text(self.cleaned_data["rows"])
        except ValueError:
            raise ValidationError(INCOMPLETE, code="invalid") from None


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 10_000_000:
        raise ValueError("no whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value
