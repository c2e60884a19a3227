"""Work that a device hands in: only what was done, for its own address and in its time, is taken for done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from itertools import count

import pytest
import time_machine
from django.core import signing
from django.utils import timezone

from accounts.proof_of_work import BITS, GOOD_FOR, PUZZLES, set_work, still_to_do

ABOUT = "asked@people.example"


def zero_bits(token: str, puzzle: int, answer: str) -> int:
    """How many zero bits the SHA-256 of an answer begins with."""
    return 256 - int(sha256(f"{token}:{puzzle}:{answer}".encode()).hexdigest(), 16).bit_length()


def found(token: str, puzzle: int, *, fits: Callable[[int], bool] = BITS.__le__, before: str = "") -> str:
    """An answer whose number of zero bits fits."""
    return next(
        f"{before}{number}" for number in count() if fits(zero_bits(token, puzzle, f"{before}{number}"))
    )


def all_of(token: str) -> list[str]:
    return [found(token, puzzle) for puzzle in range(PUZZLES)]


# What is no work, made of the token and of what is.
NEARLY: dict[str, Callable[[str, list[str]], list[str]]] = {
    "nothing": lambda token, done: [],
    "one puzzle fewer": lambda token, done: done[:-1],
    "one answer more": lambda token, done: [*done, done[-1]],
    "the last one is guessed": lambda token, done: [
        *done[:-1],
        found(token, PUZZLES - 1, fits=lambda bits: bits < BITS),
    ],
    "the first has a bit too few": lambda token, done: [
        found(token, 0, fits=lambda bits: bits == BITS - 1),
        *done[1:],
    ],
    "the first puzzle's answer for each": lambda token, done: (
        [
            next(
                answer
                for answer in map(str, count())
                if zero_bits(token, 0, answer) >= BITS > zero_bits(token, 1, answer)
            )
        ]
        * PUZZLES
    ),
    "an answer that is too long": lambda token, done: [found(token, 0, before="0" * 20), *done[1:]],
}


def test_work_that_was_done_is_done() -> None:
    token = set_work(about=ABOUT).token
    assert still_to_do(token, ",".join(all_of(token)), about=ABOUT) is None


@pytest.mark.parametrize("what", NEARLY)
def test_work_that_was_nearly_done_is_still_to_do(what: str) -> None:
    token = set_work(about=ABOUT).token
    left = still_to_do(token, ",".join(NEARLY[what](token, all_of(token))), about=ABOUT)
    assert left is not None
    assert left.token == token


@pytest.mark.parametrize("seconds", [GOOD_FOR + 1, -1])
def test_work_of_another_time_is_set_anew(seconds: int) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = set_work(about=ABOUT).token
        answers = ",".join(all_of(token))
        clock.shift(timedelta(seconds=seconds))
        left = still_to_do(token, answers, about=ABOUT)
    assert left is not None
    assert left.token != token


def test_work_about_another_address_or_of_somebody_elses_making_is_set_anew() -> None:
    token = set_work(about=ABOUT).token
    forged = signing.dumps(signing.loads(token, salt="accounts.proof_of_work"), salt="another")
    for given, about in ((token, "other@people.example"), (forged, ABOUT)):
        left = still_to_do(given, ",".join(all_of(given)), about=about)
        assert left is not None
        assert left.token != given


def test_work_that_has_to_wait_is_not_done_before() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = set_work(about=ABOUT, wait=7).token
        answers = ",".join(all_of(token))
        clock.shift(timedelta(seconds=6))
        left = still_to_do(token, answers, about=ABOUT)
        assert left is not None
        assert (left.token, left.wait) == (token, 1)
        clock.shift(timedelta(seconds=1))
        assert still_to_do(token, answers, about=ABOUT) is None
