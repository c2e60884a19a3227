"""What the board shows: everybody in the room, and their questions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.answering.participation import COMPLETED, IN_PROGRESS, LEFT_BLANK, NOT_STARTED, Status

# How far one question is: its sign on the board, beside the words of the task list.
STEPS: dict[str, tuple[str, str, Status]] = {
    "none": ("none", "", NOT_STARTED),
    "progress": ("progress", "…", IN_PROGRESS),
    "done": ("done", "✓", COMPLETED),
    "blank": ("blank", "–", LEFT_BLANK),
}
LEGEND = tuple(STEPS.values())


@dataclass(frozen=True)
class Step:
    """One question of one person: its number, how far it is, the sign for that, and the words."""

    number: int
    code: str
    sign: str
    status: Status


@dataclass(frozen=True)
class Seat:
    """One participant as the board shows them: in words that change once a minute at most.

    Args:
        uuid: of their enrolment.
        name: theirs, or "Person 7" on a board without names.
        steps: their questions, in order.
        is_submitted: whether nothing of theirs is open.
        state, tone: how far they are.
        saved: when their last answer was saved; empty before the first.
        connection, is_here: when their page was last heard of.
        waits: for how many minutes they have wanted help; None: they do not.
        knows: whether a trainer marked their last request for help as seen.
        own_end: when answering ends for them, where that is later than for the room.
    """

    uuid: UUID
    name: str
    steps: tuple[Step, ...]
    is_submitted: bool
    has_begun: bool
    state: str
    tone: str
    saved: str
    connection: str
    is_here: bool
    waits: int | None
    knows: bool
    own_end: datetime | None

    @property
    def answered(self) -> int:
        return sum(step.code in ("done", "blank") for step in self.steps)

    @property
    def written(self) -> int:
        """Questions with an answer or a confirmed blank, gone on from or not."""
        return sum(step.code != "none" for step in self.steps)

    @property
    def waits_words(self) -> str:
        if not self.waits:
            return _("just now")
        return ngettext("for %(n)d minute", "for %(n)d minutes", self.waits) % {"n": self.waits}


@dataclass(frozen=True)
class Board:
    """Everybody in the room, and what is counted above them."""

    seats: tuple[Seat, ...]
    questions: tuple[tuple[int, str], ...]
    closes: str
    is_over: bool
    shows_names: bool

    @cached_property
    def submitted(self) -> int:
        return sum(seat.is_submitted for seat in self.seats)

    @cached_property
    def started(self) -> int:
        return sum(seat.has_begun for seat in self.seats)

    @cached_property
    def here(self) -> int:
        return sum(seat.is_here for seat in self.seats)

    @cached_property
    def wanting_help(self) -> list[Seat]:
        """Who wants help, the longest first."""
        return sorted(
            (seat for seat in self.seats if seat.waits is not None), key=lambda seat: -(seat.waits or 0)
        )

    @cached_property
    def writing_on(self) -> list[Seat]:
        """Who has time of their own beyond the room's, and has not submitted."""
        return [seat for seat in self.seats if seat.own_end is not None and not seat.is_submitted]

    @cached_property
    def by_question(self) -> list[tuple[int, str, int]]:
        """Number and title of each question, and how many have an answer to it."""
        return [
            (number, title, sum(seat.steps[at].code != "none" for seat in self.seats))
            for at, (number, title) in enumerate(self.questions)
        ]

    def etag(self, *told: Any) -> str:
        """A tag that is another one exactly where the board would look otherwise.

        Args:
            told: what else decides how it looks, such as the reader's language.
        """
        shown = repr((self, told)).encode()
        return f'"{hashlib.sha256(shown).hexdigest()[:32]}"'
