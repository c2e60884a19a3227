"""Keeping the seed of a course's sample before there is anything that it could be chosen to suit."""

from __future__ import annotations

import secrets
from hashlib import sha256

from assessments.answering.models import SampleSeed


def keep_seed(course: int, *, number: int = 1) -> None:
    """Keep the seed of this number of a course, by its primary key, where it has none; said again, the same.

    Args:
        course: whose room opens, whose first answer is about to be marked, or whose sample was just drawn.
        number: 1, or one more than the seed that the draw used.
    """
    seed = secrets.token_hex(32)
    kept = SampleSeed(course_id=course, number=number, seed=seed, seed_sha256=sha256_of(seed))
    SampleSeed.objects.bulk_create([kept], ignore_conflicts=True)


def sha256_of(seed: str) -> str:
    """The SHA-256 of a seed, in hexadecimal, as its text's UTF-8 has it."""
    return sha256(seed.encode()).hexdigest()
