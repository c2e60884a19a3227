"""The plain text in which an author writes a figure: one thing on each line, its parts between bars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from aimcert.foundation.fields import lines
from assessments.case_studies.kinds.interface import Problem
from assessments.case_studies.spelling import one_way

BAR = "|"


class FigureRefused(Exception):
    """A text that no figure can be drawn from; `problems` says all that is wrong with it, line by line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = [*problems]
        super().__init__("; ".join(f"{one.path}: {one.words}" for one in self.problems))


def on_line(number: int, words: str) -> Problem:
    """What is wrong with one line."""
    return Problem(_("line %(number)d") % {"number": number}, words)


def numbered_lines(typed: str) -> Iterator[tuple[int, str]]:
    """Each line that holds something, with its number."""
    for number, line in enumerate(typed.splitlines(), start=1):
        if line := one_way(line):
            yield number, line


def split(text: str, separator: str) -> list[str]:
    """`text` at each `separator` that has no backslash before it; the pieces still have theirs."""
    pieces = [""]
    letters = iter(text)
    for letter in letters:
        if letter == separator:
            pieces.append("")
        else:
            pieces[-1] += letter + (next(letters, "") if letter == "\\" else "")
    return [lines(piece) for piece in pieces]


def plain(piece: str) -> str:
    """A piece as it was meant: what a backslash stands before is that character itself."""
    return re.sub(r"\\(.)", r"\1", piece)


def escaped(text: str, *separators: str) -> str:
    """The reverse of `plain`, where `separators` part the pieces."""
    return re.sub(rf"([\\{re.escape(''.join(separators))}])", r"\\\1", text)
