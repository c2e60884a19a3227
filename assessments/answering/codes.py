"""Personal codes on paper: written by hand, read aloud, typed; a slip of one symbol is always noticed."""

from __future__ import annotations

import secrets

from aimcert.foundation.typed import symbols

# 23 letters: without I, O and U, which people take for others; no digit, so nothing is mistaken for one.
# A prime number of them, so that the check below notices any one wrong symbol and any two exchanged.
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
LENGTH = 8


def new_code() -> str:
    """Seven random letters and one that checks them."""
    body = "".join(secrets.choice(LETTERS) for _ in range(LENGTH - 1))
    return body + check_letter(body)


def check_letter(body: str) -> str:
    """The letter that makes the sum of all, each times its place, a multiple of 23."""
    total = sum(place * LETTERS.index(letter) for place, letter in enumerate(body, start=1))
    # The check stands at place 8, whose inverse modulo 23 is 3.
    return LETTERS[-total * 3 % len(LETTERS)]


def read_code(typed: str) -> str | None:
    """The code that was meant by `typed`, in any case, with spaces and dashes; None where it is none."""
    letters = symbols(typed)
    if len(letters) != LENGTH or any(letter not in LETTERS for letter in letters):
        return None
    return letters if check_letter(letters[:-1]) == letters[-1] else None


def said_code(code: str) -> str:
    """`code` as it is printed."""
    return f"{code[:4]}-{code[4:]}"
