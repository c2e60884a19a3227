"""Which column of somebody's own spreadsheet says what of the people whom they nominate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from aimcert.foundation.refusals import Refused
from aimcert.foundation.spreadsheet_files import SheetRead
from aimcert.foundation.spreadsheet_reading import MOST_ROWS

FIRST, LAST = "first name", "last name"
# In the order of the form, which is that of the example, and of rows that came without headings.
FIELDS = ("name", "email", "job_role", "years_experience", "manager_name", "manager_email")

# A heading in small letters, without what is in brackets, signs, and the words that say nothing here.
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
_POSSESSIVE = re.compile(r"['’]s\b|s['’](?=\s|$)")
_NO_WORD = re.compile(r"[\W_]+")
_EMAIL = re.compile(r"\b(?:e mails?|mails?|emails|emailaddress|e mailaddress)\b")
_MANAGER = re.compile(r"\b(?:line managers?|linemanagers?|team managers?|managers|supervisors?)\b")
_SAYS_NOTHING = frozenset(
    [
        "a",
        "address",
        "an",
        "at",
        "current",
        "employee",
        "field",
        "full",
        "in",
        "no",
        "nominee",
        "number",
        "of",
        "or",
        "participant",
        "person",
        "relevant",
        "staff",
        "the",
        "their",
        "this",
        "work",
        "your",
    ]
)
_WORDS = {
    "name": "name|names|participant|participants|nominee|nominees|delegate|delegates|attendee|candidate"
    "|person|people|learner|staff member|employee|delegate name|attendee name|candidate name|learner name"
    "|member name|who",
    FIRST: "first name|firstname|first names|forename|forenames|given name|given names|first",
    LAST: "last name|lastname|surname|family name|second name|last|surnames",
    "email": "email|delegate email|attendee email|candidate email|learner email|contact email",
    "job_role": "role|job role|job title|jobtitle|job|position|post|occupation|profession|job position"
    "|role title|post title",
    "years_experience": "years|experience|years experience|experience years|yrs|yrs experience|year"
    "|year experience|experience yrs",
    "manager_name": "manager|manager name|name manager",
    "manager_email": "manager email|email manager",
}
_MEANINGS = {words: meaning for meaning, said in _WORDS.items() for words in said.split("|")}
# Where headings are looked for: a title may stand above them.
_LOOKED_AT = 40
# So few understood headings are no row of headings, but somebody's role or name.
_FEWEST = 2


class ListRefused(Refused):
    """No people can be read out of it."""

    status = 422


@dataclass(frozen=True)
class Listed:
    """Somebody in a list: the row's number there, and what it says for each of `FIELDS`."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class PeopleRead:
    """What was understood of a spreadsheet.

    Args:
        people: each row below the headings that holds anything.
        unused: headings of columns that say nothing which a nomination asks for.
        sheet: which sheet was read, where there were several.
        in_order: there were no headings, and the columns were taken in the form's order.
    """

    people: list[Listed]
    unused: list[str] = field(default_factory=list)
    sheet: str = ""
    in_order: bool = False


def people_in(sheets: Sequence[SheetRead], labels: Mapping[str, str]) -> PeopleRead:
    """Find the people in the first sheet that has headings.

    Args:
        sheets: at least one.
        labels: the form's own words for each of `FIELDS`, understood as headings too.

    Raises:
        ListRefused: a column is missing, or there are no people, or too many.
    """
    said = {meant(label): name for name, label in labels.items()}
    headed = next(((sheet, at) for sheet in sheets if (at := _headings_at(sheet, said)) is not None), None)
    if headed is None:
        return PeopleRead(_limited(_without_headings(sheets[0], labels)), in_order=True)
    sheet, at = headed
    _number, headings = sheet.rows[at]
    columns, unused = _columns(headings, said)
    named = {"name"} if LAST in columns else set()
    missing = [labels[name] for name in FIELDS if name not in columns and name not in named]
    if missing:
        raise ListRefused(
            _(
                "There is no column for this: %(missing)s. Add it with that heading. These were"
                " understood: %(found)s."
            )
            % {
                "missing": "; ".join(missing),
                "found": "; ".join(headings[column].strip() for column in sorted(columns.values())),
            }
        )
    people = [
        Listed(number, _values(cells, columns))
        for number, cells in sheet.rows[at + 1 :]
        # Where a list was printed in pages, its headings come again.
        if cells != headings
    ]
    people = [one for one in people if any(one.values.values())]
    if not people:
        raise ListRefused(_("There is nobody below the headings. Write one person into each row."))
    return PeopleRead(_limited(people), unused, sheet.name if len(sheets) > 1 else "")


def meant(heading: str) -> str:
    """`heading` in the words by which it is looked up: `Line Manager’s e-mail:` is `manager email`."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = _NO_WORD.sub(" ", _POSSESSIVE.sub("", _ASIDE.sub(" ", text))).strip()
    text = _MANAGER.sub("manager", _EMAIL.sub("email", text))
    words = [word for word in text.split() if word not in _SAYS_NOTHING]
    return " ".join(words) or text


def _meaning(heading: str, said: Mapping[str, str]) -> str | None:
    words = meant(heading) if len(heading) <= 200 else ""
    return said.get(words) or _MEANINGS.get(words)


def _headings_at(sheet: SheetRead, said: Mapping[str, str]) -> int | None:
    """Where the row stands, among those of the sheet, that holds most headings."""
    counts = [
        len({_meaning(cell, said) for cell in cells} - {None}) for _number, cells in sheet.rows[:_LOOKED_AT]
    ]
    most = max(counts, default=0)
    return counts.index(most) if most >= _FEWEST else None


def _columns(headings: Sequence[str], said: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """The column of each thing that was understood, and the headings of all others."""
    columns: dict[str, int] = {}
    unused = []
    for column, heading in enumerate(headings):
        meaning = _meaning(heading, said)
        if meaning is not None and meaning not in columns:
            columns[meaning] = column
        elif heading.strip():
            unused.append(" ".join(heading.split())[:60])
    if FIRST in columns and LAST not in columns and "name" in columns:
        # A whole name, and a part of it again.
        unused.append(headings[columns.pop(FIRST)].strip())
    elif FIRST in columns and LAST not in columns:
        columns["name"] = columns.pop(FIRST)
    return columns, unused


def _values(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    def cell(name: str) -> str:
        column = columns.get(name)
        return cells[column].strip() if column is not None and column < len(cells) else ""

    values = {name: cell(name) for name in FIELDS}
    last = cell(LAST)
    if last and last.casefold() not in values["name"].casefold():
        # "Name" beside a surname is the first name.
        values["name"] = f"{cell(FIRST) or values['name']} {last}".strip()
    elif FIRST in columns and not values["name"]:
        values["name"] = f"{cell(FIRST)} {last}".strip()
    return values


def _without_headings(sheet: SheetRead, labels: Mapping[str, str]) -> list[Listed]:
    """Rows that hold what the form asks for, in its order, as far as their addresses tell it."""
    addresses = [FIELDS.index(name) for name in ("email", "manager_email")]
    for _number, cells in sheet.rows or [(0, [])]:
        if len(cells) != len(FIELDS) or not all("@" in cells[column] for column in addresses):
            raise ListRefused(
                _("No headings were found. Write these into the first row: %(headings)s.")
                % {"headings": "; ".join(labels[name] for name in FIELDS)}
            )
    return [
        Listed(number, dict(zip(FIELDS, (cell.strip() for cell in cells), strict=True)))
        for number, cells in sheet.rows
    ]


def _limited(people: Iterable[Listed]) -> list[Listed]:
    found = list(people)
    if len(found) > MOST_ROWS:
        raise ListRefused(
            _("There are %(number)s people in this list, and at most %(most)s can be read at once.")
            % {"number": f"{len(found):,}", "most": f"{MOST_ROWS:,}"}
        )
    return found
