"""Who is in the sample: decided by a seed kept before a mark existed, so that anyone can repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from hashlib import sha256
from math import ceil
from uuid import UUID


def sample_size(scripts: int, *, at_least: int, percent: int) -> int:
    """How many of one marker's scripts on one course are drawn: the larger of a number and a share.

    Args:
        scripts: how many there are to draw from.
        at_least: so many, or all where there are fewer.
        percent: this share, rounded up.
    """
    return min(scripts, max(at_least, ceil(Fraction(scripts * percent, 100))))


def place_of(seed: str, submission: UUID) -> str:
    """What a script is put in order by: the SHA-256 of the seed, a space and the submission's UUID."""
    return sha256(f"{seed} {submission}".encode()).hexdigest()


def drawn_from(
    scripts: Mapping[UUID, Iterable[int]], *, seed: str, at_least: int, percent: int
) -> dict[int, list[UUID]]:
    """Those drawn of each marker's scripts: the first ones in the order of `place_of`.

    Whoever judged a criterion of a script is a marker of it, so that with a pile that was split every
    marker's work is looked at. The same seed and scripts always give the same.

    Args:
        scripts: the UUID of each submission, with the primary keys of those who judged something of it.
        seed: in hexadecimal.
        at_least, percent: see `sample_size`.

    Returns:
        the submissions drawn, in their order, by marker.
    """
    of_marker: dict[int, list[UUID]] = {}
    for submission, markers in scripts.items():
        for marker in markers:
            of_marker.setdefault(marker, []).append(submission)
    return {
        marker: sorted(own, key=lambda one: place_of(seed, one))[
            : sample_size(len(own), at_least=at_least, percent=percent)
        ]
        for marker, own in of_marker.items()
    }


def chance_of_finding(faulty: float, sample: int) -> float:
    """The probability that a sample of so many shows a fault at least once: 1 - (1 - p) ** n.

    Args:
        faulty: the share of scripts that have the fault, from 0 to 1; of many, so that each draw is alike.
        sample: how many are drawn.
    """
    return 1 - (1 - faulty) ** sample
