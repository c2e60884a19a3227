"""The marking list: the columns that sort it, and what narrows it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.name_order import name_key
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch
from assessments.marking.marking_list import NEXTS, Row, Turn
from assessments.states import Outcome

# Whom the list is narrowed to.
UNMARKED, MINE, NOT_ATTENDED, CLOSE, SPEAK = "unmarked", "mine", "not-attended", "close", "speak"
_OUTCOMES = {str(value): number for number, value in enumerate(Outcome)}


def _outcome(row: Row) -> int | None:
    return _OUTCOMES.get(row.recommended)


COLUMNS = (
    RowColumn("name", _("Name"), lambda row: name_key(row.name)),
    RowColumn("attendance", _("Attendance"), lambda row: row.sessions_met),
    RowColumn("answers", _("Answers"), lambda row: row.submitted_at),
    RowColumn("marking", _("Marking"), lambda row: row.criteria_marked),
    RowColumn("outcome", _("Outcome"), _outcome),
    RowColumn("next", _("Next"), lambda row: row.turn),
)


class MarkingNarrowing(RowNarrowing):
    """Whom somebody typed, how far they are marked, and what is next.

    Args:
        data: what the list's address asks for.
        reader: whose own scripts are *marked by me*.
    """

    q = TypedSearch(_("Name"))
    show = OneOf(
        _("Show only"),
        [
            (UNMARKED, _("Submitted, not marked")),
            (MINE, _("Marked by me")),
            (NOT_ATTENDED, _("Attendance not full")),
            (CLOSE, _("Close to the line")),
            (SPEAK, _("To be spoken to before they leave")),
        ],
    )
    next = OneOf(_("Next"), [(turn.name.lower(), words) for turn, words in NEXTS.items()])

    def __init__(self, data: QueryDict, *, reader: Person) -> None:
        super().__init__(data)
        self.reader = reader

    def by_show(self, which: str) -> Callable[[Row], bool]:
        if which == UNMARKED:
            return lambda row: row.submitted_at is not None and not row.is_marked
        if which == MINE:
            return lambda row: self.reader.pk in row.marker_ids
        if which == CLOSE:
            return lambda row: row.is_close
        if which == SPEAK:
            return lambda row: row.must_speak
        return lambda row: not row.is_attended

    def by_next(self, turn: str) -> Callable[[Row], bool]:
        return lambda row: row.turn == Turn[turn.upper()]
