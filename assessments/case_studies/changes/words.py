"""Which words of two texts differ: by paragraph first, then word by word, in bounded time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

# difflib takes the product of two lengths many times over in the worst case: beyond the first of these
# a block is shown as replaced, and beyond the second every further one of the page is.
LARGEST_BLOCK = 160_000
LARGEST_PAGE = 3_000_000
# How much of their words two texts share at least that are taken for one, at the same place.
ALIKE = 0.4
# So many pairs of paragraphs are weighed in one block; in a larger one they stand side by side in turn,
# and in one larger still they are one.
LARGEST_WEIGHED = 900
LARGEST_IN_TURN = 40_000


@dataclass(frozen=True)
class Piece:
    """Some words that stand on one side: alike on both, or on this one alone."""

    text: str
    is_alone: bool = False

    @property
    def space(self) -> str:
        """What stands before its first word, so that a page marks words alone."""
        return self.text[: len(self.text) - len(self.text.lstrip())]

    @property
    def words(self) -> str:
        return self.text.lstrip()


@dataclass(frozen=True)
class Row:
    """One paragraph beside what became of it; a side without any is empty."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.is_alone for piece in (*self.before, *self.after))


class Budget:
    """How much comparing one page may still cost."""

    def __init__(self) -> None:
        self.left = LARGEST_PAGE

    def opcodes(self, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
        """As difflib's, in bounded time: equal ends are set aside, a block too large is one replacement."""
        first = 0
        while first < min(len(old), len(new)) and old[first] == new[first]:
            first += 1
        last = 0
        while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
            last += 1
        end_old, end_new = len(old) - last, len(new) - last
        if first:
            yield "equal", 0, first, 0, first
        cost = (end_old - first) * (end_new - first)
        if cost > min(LARGEST_BLOCK, self.left):
            yield "replace", first, end_old, first, end_new
        elif end_old > first or end_new > first:
            self.left -= cost
            matcher = SequenceMatcher(None, old[first:end_old], new[first:end_new], autojunk=False)
            for tag, *at in matcher.get_opcodes():
                yield tag, at[0] + first, at[1] + first, at[2] + first, at[3] + first
        if last:
            yield "equal", end_old, len(old), end_new, len(new)


def rows_of(old: list[str], new: list[str], budget: Budget) -> Iterator[Row]:
    """Two lists of paragraphs side by side, with the words that differ."""
    for tag, i1, i2, j1, j2 in budget.opcodes(old, new):
        if tag == "equal":
            for text in old[i1:i2]:
                yield Row((Piece(text),), (Piece(text),))
            continue
        for before, after in _side_by_side(old[i1:i2], new[j1:j2]):
            if before is None or after is None:
                yield Row(_alone(before), _alone(after))
            else:
                yield _row(before, after, budget)


def _alone(text: str | None) -> tuple[Piece, ...]:
    return () if text is None else (Piece(text, is_alone=True),)


def _side_by_side(old: list[str], new: list[str]) -> list[tuple[str | None, str | None]]:
    """Which paragraph became which, in order, so that as many words as possible stand beside their like."""
    if len(old) * len(new) > LARGEST_IN_TURN:
        return [("\n\n".join(old), "\n\n".join(new))]
    if not old or not new or len(old) * len(new) > LARGEST_WEIGHED:
        return list(zip_longest(old, new))
    counts = [Counter(words_of(text)) for text in old], [Counter(words_of(text)) for text in new]
    likeness = [[share_of(one, other) for other in counts[1]] for one in counts[0]]
    best = [[0.0] * (len(new) + 1) for _one in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            pair = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= ALIKE else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    found: list[tuple[str | None, str | None]] = []
    i = j = 0
    gone: list[str] = []
    come: list[str] = []
    while i < len(old) and j < len(new):
        if likeness[i][j] >= ALIKE and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found += [*zip_longest(gone, come), (old[i], new[j])]
            gone, come = [], []
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            gone.append(old[i])
            i += 1
        else:
            come.append(new[j])
            j += 1
    return [*found, *zip_longest([*gone, *old[i:]], [*come, *new[j:]])]


def _row(old: str, new: str, budget: Budget) -> Row:
    """Two paragraphs, word by word; where hardly a word is the same, each as a whole."""
    one, other = words_of(old), words_of(new)
    if share_of(Counter(one), Counter(other)) < ALIKE:
        return Row(_alone(old), _alone(new))
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, i1, i2, j1, j2 in budget.opcodes(one, other):
        for pieces, words in ((before, one[i1:i2]), (after, other[j1:j2])):
            if words:
                pieces.append(Piece("".join(words), is_alone=tag != "equal"))
    return Row(tuple(before), tuple(after))


def share_of(one: Counter[str], other: Counter[str]) -> float:
    """The share of their words that two texts have in common, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def words_of(text: str) -> list[str]:
    """Words, each with the space before it."""
    return re.findall(r"\s*\S+|\s+", text)
