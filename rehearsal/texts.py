"""What simulated people type: pieces that name their author, the device and which piece it is.

    [p17.d2.5] They would ask the school, and listen.

Whoever finds a piece anywhere knows whose it is, and can tell whether it is still there.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from random import Random

_PIECE = re.compile(r"\[p\d+\.d\d+\.\d+\][^\[]*")
_MARK = re.compile(r"\[p(\d+)\.d\d+\.\d+\]")
_SAID = (
    "the adults around her say that it happened twice since the move and he’s told someone he trusts "
    "Zoë O’Neill & <Sons> asked for a plan that keeps everyone safe while the school listens"
)
WORDS = _SAID.split()


@dataclass(frozen=True)
class Asked:
    """One question, as far as a device has to know it.

    Attributes:
        number: the question's.
        field: which field the words go into; "text" of a written answer.
        is_plain: whether it is a written answer, whose text is kept as it is.
    """

    number: int
    field: str = "text"
    is_plain: bool = True

    def kept(self, text: str) -> str:
        """`text` as the server keeps it, over which both take the SHA-256."""
        if not text.strip():
            return ""
        if self.is_plain:
            return text
        return json.dumps({self.field: text}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def piece(person: int, device: int, number: int, chance: Random) -> str:
    """A few words, with a line's end where there is one by chance."""
    words = " ".join(chance.choices(WORDS, k=chance.randint(4, 14)))
    return f"[p{person}.d{device}.{number}] {words}{chance.choice([' ', ' ', chr(10)])}"


def marks(text: str) -> set[str]:
    """The pieces that `text` holds, by their names."""
    return {found.group() for found in _MARK.finditer(text)}


def authors(text: str) -> set[int]:
    """Whose pieces `text` holds."""
    return {int(found.group(1)) for found in _MARK.finditer(text)}


def merged(saved: str, mine: str) -> str:
    """All of `saved`, then each piece of `mine` that it lacks."""
    there = marks(saved)
    return saved + "".join(each for each in _PIECE.findall(mine) if not marks(each) <= there)
