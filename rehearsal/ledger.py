"""What simulated devices were told, written down outside the server as it was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Sent:
    """A text that left a device, whatever became of it; a plain form has neither device nor sequence."""

    question: int
    text: str
    sha256: str
    device: UUID | None
    sequence: int


@dataclass(frozen=True)
class Acknowledged:
    """A text of which the server said that it is saved; a plain form is told no more than that."""

    sent: Sent
    revision: int | None
    saved_at: datetime | None


@dataclass(frozen=True)
class Conflict:
    """Two texts of one answer, of which the server said that it keeps both."""

    question: int
    saved: str
    mine: str


@dataclass(frozen=True)
class Late:
    """A text that came too late, which the server said it keeps for its author."""

    question: int
    text: str
    state: str


@dataclass
class Ledger:
    """All that one person's devices sent and were told.

    Attributes:
        person: who, by the number in each of their pieces.
        enrolment: of their course.
        discarded: pieces that they chose not to keep, by question.
        blanks: questions that they confirmed to leave blank.
        receipt: whether they saw their receipt.
        wrong_echoes: replies that said "saved" of another text than was sent.
        strangers: pieces of others that they were shown.
        differing: a save sent twice that had two different replies.
    """

    person: int
    enrolment: UUID
    sent: list[Sent] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    discarded: dict[int, set[str]] = field(default_factory=dict)
    blanks: set[int] = field(default_factory=set)
    receipt: bool = False
    wrong_echoes: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
