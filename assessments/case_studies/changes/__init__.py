"""What changed between two texts of a case study: passage by passage, side by side, word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments.case_studies.canonical import HEAD
from assessments.case_studies.changes.fields import LABELS, paragraphs_of
from assessments.case_studies.changes.matching import Text, moved_of, pairs_of
from assessments.case_studies.changes.texts import changed_since, shas_of, text_then
from assessments.case_studies.changes.words import Budget, Piece, Row, rows_of

__all__ = [
    "Changes",
    "Part",
    "PassageChange",
    "Piece",
    "Row",
    "Text",
    "changed_since",
    "changes_between",
    "place_of",
    "shas_of",
    "text_then",
    "title_of",
]


@dataclass(frozen=True)
class Part:
    """One field of a passage that differs, in paragraphs."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PassageChange:
    """One passage that differs.

    Args:
        passage: its name in the newer text; where it was removed, in the older.
        title: as it is called there.
        place: "section 2", "question 1" or nothing, in the newer text, else in the older.
        how: `added`, `removed`, `changed`, or `moved` where only its place differs.
        was_moved: also stands elsewhere among its like.
        parts: what differs in it.
    """

    passage: str
    title: str
    place: str
    how: str
    was_moved: bool = False
    parts: tuple[Part, ...] = ()


@dataclass
class Changes:
    """All that differs between two texts, in the order of the newer one, what was removed last."""

    passages: list[PassageChange] = field(default_factory=list)
    same: int = 0


def changes_between(old: Text, new: Text) -> Changes:
    """What differs between two texts of one case study.

    Passages are taken for the same by their name, then by what they say, by their title, and at last
    by their place where they share words. Paragraphs are compared first and then the words of those that
    differ, in bounded time: a block too large for that is shown as replaced.

    Args:
        old, new: as `canonical.passages_of` gives them, or some of it.
    """
    pairs = pairs_of(old, new)
    budget = Budget()
    moved = moved_of(pairs, old, new)
    found = Changes()
    for name, content in new.items():
        was = pairs.get(name)
        before: Mapping[str, Any] = old[was] if was is not None else {}
        if was is not None and before == content and name not in moved:
            found.same += 1
            continue
        how = "added" if was is None else "moved" if before == content else "changed"
        found.passages.append(_change(name, new, before, content, how, budget, was_moved=name in moved))
    kept = set(pairs.values())
    for name, content in old.items():
        if name not in kept:
            found.passages.append(_change(name, old, content, {}, "removed", budget))
    return found


def title_of(passage: str, text: Text) -> str:
    """What `passage` is called on a page."""
    if passage == HEAD:
        return _("Title, content note and statement that it is fictional")
    content = text.get(passage)
    return str(content["title"]) if content else _("A passage that was removed")


def place_of(passage: str, text: Text) -> str:
    """Where `passage` stands in `text`: "Section 2"; nothing for what stands before the sections."""
    kind = passage.partition(":")[0]
    if kind == HEAD or passage not in text:
        return ""
    number = [name for name in text if name.startswith(f"{kind}:")].index(passage) + 1
    words = _("Section %(number)d") if kind == "section" else _("Question %(number)d")
    return words % {"number": number}


def _change(
    name: str,
    text: Text,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    how: str,
    budget: Budget,
    *,
    was_moved: bool = False,
) -> PassageChange:
    parts = []
    for key in LABELS:
        old, new = paragraphs_of(key, before.get(key)), paragraphs_of(key, after.get(key))
        if old != new:
            parts.append(Part(str(LABELS[key]), tuple(rows_of(old, new, budget))))
    return PassageChange(
        passage=name,
        title=title_of(name, text),
        place=place_of(name, text),
        how=how,
        was_moved=was_moved,
        parts=tuple(parts),
    )
