"""The ledgers held against the facts: what was lost, given to somebody else, or done twice.

Of texts that replaced one another the server keeps one for each minute, and all sides of a conflict. So an
acknowledged text must be the answer; or kept; or be followed, in the minute in which it was saved, by
another acknowledged text of the same answer, which is. Its every piece must stand in the answer all the
same, since simulated people never delete one, but where they chose the other side of a conflict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rehearsal.ledger import Acknowledged, Ledger, Sent
from rehearsal.texts import authors, marks, sha256_of

REPLACED, CONFLICT, LATE = "replaced", "conflict", "late"


@dataclass(frozen=True)
class KeptText:
    """A text that is not the answer, and why it is kept."""

    question: int
    why: str
    text: str
    saved_at: datetime


@dataclass(frozen=True)
class AnswerNow:
    """The answer to one question."""

    text: str
    revision: int
    saved_at: datetime
    is_blank: bool = False


@dataclass(frozen=True)
class Acknowledgement:
    """The server's own note that it acknowledged a save."""

    question: int
    device: UUID
    sequence: int
    revision: int
    sha256: str


@dataclass
class Facts:
    """What the database holds of one enrolment."""

    attempts: list[int] = field(default_factory=list)
    submitted: list[int] = field(default_factory=list)
    answers: dict[int, AnswerNow] = field(default_factory=dict)
    kept: list[KeptText] = field(default_factory=list)
    acknowledgements: list[Acknowledgement] = field(default_factory=list)
    receipt_letters: int = 0


@dataclass
class Verdict:
    """What was found, each in words; empty lists are what is hoped for."""

    lost: list[str] = field(default_factory=list)
    misattributed: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    acknowledged: int = 0
    conflicts: int = 0
    late: int = 0
    submitted: int = 0
    pieces: int = 0


def judge(ledgers: Sequence[Ledger], facts: dict[UUID, Facts]) -> Verdict:
    """Hold each ledger against the facts of its enrolment."""
    verdict = Verdict()
    for ledger in ledgers:
        found = facts.get(ledger.enrolment, Facts())
        who = f"person {ledger.person}"
        verdict.acknowledged += len(ledger.acknowledged)
        verdict.conflicts += len(ledger.conflicts)
        verdict.late += len(ledger.late)
        verdict.submitted += len(found.submitted)
        verdict.lost += [f"{who}: {what}" for what in _lost(ledger, found)]
        verdict.misattributed += [f"{who}: {what}" for what in _misattributed(ledger, found)]
        verdict.duplicated += [f"{who}: {what}" for what in _duplicated(ledger, found)]
        verdict.pieces += sum(len(pieces) for pieces in _acknowledged_pieces(ledger).values())
    return verdict


# --- Lost -----------------------------------------------------------------------------------------


def _lost(ledger: Ledger, facts: Facts) -> Iterator[str]:
    for told in ledger.acknowledged:
        if told.sent.text and not _is_there(told, facts):
            yield f"text {_name(told.sent)}, acknowledged as revision {told.revision}, is nowhere"
    for question, pieces in _acknowledged_pieces(ledger).items():
        answer = facts.answers.get(question)
        missing = pieces - marks(answer.text if answer else "") - ledger.discarded.get(question, set())
        if missing:
            yield f"question {question} lacks {len(missing)} acknowledged pieces, such as {min(missing)}"
    yield from _not_the_last(ledger, facts)
    for conflict in ledger.conflicts:
        for side in (conflict.saved, conflict.mine):
            if side and not _is_kept(conflict.question, side, facts, CONFLICT):
                yield f"a side of a conflict on question {conflict.question} is not kept"
    for late in ledger.late:
        if late.text and not _is_kept(late.question, late.text, facts, LATE):
            yield f"a late text of question {late.question} is not kept for its author"
    if ledger.receipt and not facts.submitted:
        yield "saw a receipt of what was not submitted"
    for question in ledger.blanks:
        answer = facts.answers.get(question)
        if answer is None or not (answer.is_blank or answer.text):
            yield f"the confirmed blank of question {question} is not there"


def _is_there(told: Acknowledged, facts: Facts) -> bool:
    question = told.sent.question
    answer = facts.answers.get(question)
    if answer is not None and sha256_of(answer.text) == told.sent.sha256:
        return True
    if any(each.question == question and sha256_of(each.text) == told.sent.sha256 for each in facts.kept):
        return True
    if told.saved_at is None:
        # A plain form is not told when; its pieces are looked for in the answer.
        return True
    # Two saves at once may be noted with their clocks the other way round than their revisions.
    revisions = {
        noted.sha256: noted.revision for noted in facts.acknowledgements if noted.question == question
    }
    return any(
        each.saved_at.replace(second=0, microsecond=0) == told.saved_at.replace(second=0, microsecond=0)
        and (each.saved_at > told.saved_at or revisions.get(sha256_of(each.text), 0) > (told.revision or 0))
        for each in facts.kept
        if each.question == question and each.why == REPLACED
    )


def _acknowledged_pieces(ledger: Ledger) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for told in ledger.acknowledged:
        found.setdefault(told.sent.question, set()).update(marks(told.sent.text))
    return found


def _not_the_last(ledger: Ledger, facts: Facts) -> Iterator[str]:
    """What was acknowledged last is the answer, or what the same person sent after it."""
    last: dict[int, Acknowledged] = {}
    for told in ledger.acknowledged:
        before = last.get(told.sent.question)
        if told.revision is not None and (before is None or told.revision > (before.revision or 0)):
            last[told.sent.question] = told
    sent = {(each.question, each.sha256) for each in ledger.sent}
    for question, told in last.items():
        answer = facts.answers.get(question)
        if answer is None or answer.revision < (told.revision or 0):
            yield f"question {question} is older than its revision {told.revision}, which was acknowledged"
        elif answer.revision == told.revision and sha256_of(answer.text) != told.sent.sha256:
            yield f"question {question} is another text than revision {told.revision}, which was acknowledged"
        elif answer.text and (question, sha256_of(answer.text)) not in sent:
            yield f"question {question} is a text that nobody sent"


def _is_kept(question: int, text: str, facts: Facts, why: str) -> bool:
    answer = facts.answers.get(question)
    if answer is not None and answer.text == text and why == LATE:
        return True
    return any(each.question == question and each.why == why and each.text == text for each in facts.kept)


# --- Given to somebody else -----------------------------------------------------------------------


def _misattributed(ledger: Ledger, facts: Facts) -> Iterator[str]:
    yield from ledger.wrong_echoes
    yield from ledger.strangers
    sent = {(each.question, each.sha256) for each in ledger.sent}
    texts = [(question, answer.text) for question, answer in facts.answers.items()]
    texts += [(each.question, each.text) for each in facts.kept]
    for question, text in texts:
        if others := authors(text) - {ledger.person}:
            yield f"question {question} holds words of person {min(others)}"
        elif text and (question, sha256_of(text)) not in sent:
            yield f"question {question} holds a text that they never sent: {text[:60]!r}"
    own = {(each.device, each.sequence): each for each in ledger.sent}
    for noted in facts.acknowledgements:
        meant = own.get((noted.device, noted.sequence))
        if meant is None:
            yield f"a save of a device that is not theirs: {noted.device}"
        elif (meant.question, meant.sha256) != (noted.question, noted.sha256):
            yield f"save {noted.sequence} of {noted.device} was kept as another text"


# --- Done twice -----------------------------------------------------------------------------------


def _duplicated(ledger: Ledger, facts: Facts) -> Iterator[str]:
    yield from ledger.differing
    for attempt, times in Counter(facts.attempts).items():
        if times > 1:
            yield f"attempt {attempt} stands {times} times"
    if len(facts.attempts) > 1 or len(facts.submitted) > 1:
        yield f"{len(facts.attempts)} attempts, {len(facts.submitted)} submitted"
    if facts.receipt_letters > len(facts.submitted):
        yield f"{facts.receipt_letters} letters with a receipt for {len(facts.submitted)} submissions"
    by_form = {each.question for each in ledger.sent if each.device is None} | ledger.blanks
    noted = Counter(each.question for each in facts.acknowledgements)
    for question, answer in facts.answers.items():
        if question not in by_form and answer.revision != noted[question]:
            yield f"question {question} was written {answer.revision} times for {noted[question]} saves"
    for key, times in Counter((each.device, each.sequence) for each in facts.acknowledgements).items():
        if times > 1:
            yield f"save {key[1]} of {key[0]} had {times} effects"


def _name(sent: Sent) -> str:
    return (
        f"{sent.sequence} of {sent.device} to question {sent.question}" if sent.device else "of a plain form"
    )
