"""The lists of everyone who takes part: entry codes, adjustments, paper; what sorts and narrows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from aimcert.foundation.name_order import name_key
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch

# A row is an enrolment with its person and what its page reads of it; of paper, the tuple that is written.
AGREED, ASKED = "agreed", "asked"
NO_CODE, TYPED, CHECK, SUBMITTED = "no-code", "typed", "check", "submitted"
_PAPERS = ((TYPED, _("Being typed in")), (CHECK, _("To be checked")), (SUBMITTED, _("Submitted")))
_PAPER = {paper: number for number, (paper, _words) in enumerate(_PAPERS)}


def _name(row: Any) -> str:
    return name_key(row.person.name)


CODE_COLUMNS = (
    RowColumn("name", _("Name"), _name),
    RowColumn("codes", _("Codes so far"), lambda row: len(row.entry_codes.all())),
    RowColumn("acts", _("A new code"), is_acts=True),
)
ADJUSTMENT_COLUMNS = (
    RowColumn("name", _("Name"), _name),
    RowColumn("agreed", _("Agreed"), lambda row: len(row.standing)),
    RowColumn("asked", _("Asked for"), lambda row: len(row.unanswered)),
)
PAPER_COLUMNS = (
    RowColumn("name", _("Name"), lambda row: _name(row[0])),
    RowColumn("code", _("Code"), lambda row: row[1]),
    RowColumn("paper", _("Paper"), lambda row: _PAPER.get(_paper(row))),
)


def _paper(row: Any) -> str:
    """How far somebody's paper is, as their row says it."""
    enrolment, _code, _is_printed, transcription = row
    if transcription is None:
        return SUBMITTED if enrolment.has_submitted else ""
    if transcription.submission_id:
        return SUBMITTED
    return CHECK if transcription.typed_at else TYPED


class PeopleNarrowing(RowNarrowing):
    """Whom somebody typed."""

    q = TypedSearch(_("Name"))

    def names_of(self, row: Any) -> tuple[str, ...]:
        return (row.person.name,)


class AdjustmentNarrowing(PeopleNarrowing):
    """Whom somebody typed, and with whom something is done differently."""

    show = OneOf(
        _("Show only"),
        [(AGREED, _("With an adjustment")), (ASKED, _("Waiting for an answer"))],
    )

    def by_show(self, which: str) -> Callable[[Any], bool]:
        return lambda row: bool(row.standing if which == AGREED else row.unanswered)


class PaperNarrowing(PeopleNarrowing):
    """Whom somebody typed, and how far their paper is."""

    paper = OneOf(_("Paper"), [*_PAPERS, (NO_CODE, _("Without a code"))])

    def names_of(self, row: Any) -> tuple[str, ...]:
        return (row[0].person.name,)

    def by_paper(self, paper: str) -> Callable[[Any], bool]:
        return lambda row: not row[1] if paper == NO_CODE else _paper(row) == paper
