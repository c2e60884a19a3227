"""The room's address: a short code for each course, which is no secret and leads only to signing in."""

from __future__ import annotations

from aimcert.foundation.typed import symbols

# No two of them look alike, in capitals or not, and none is a vowel, so that no code is a word.
LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 6
NOBODYS = -1
_ALL = len(LETTERS) ** LENGTH
# Spreads the numbers of courses over all codes, so that a mistyped one is hardly ever another course's.
_FACTOR, _SHIFT = 24_691_357, 7_654_321
_BACK = pow(_FACTOR, -1, _ALL)


def code_of(number: int) -> str:
    """The code of the course with this number; every number below 64 million has one of its own."""
    rest, letters = (number * _FACTOR + _SHIFT) % _ALL, ""
    for _position in range(LENGTH):
        rest, which = divmod(rest, len(LETTERS))
        letters += LETTERS[which]
    return letters


def number_of(typed: str) -> int:
    """The number that a code stands for, however it was typed; `NOBODYS` for none."""
    code = symbols(typed)
    if len(code) != LENGTH or not set(code) <= set(LETTERS):
        return NOBODYS
    rest = 0
    for letter in reversed(code):
        rest = rest * len(LETTERS) + LETTERS.index(letter)
    return (rest - _SHIFT) * _BACK % _ALL
