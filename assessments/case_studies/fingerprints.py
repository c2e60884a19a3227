"""Canonical forms and their SHA-256: what proves, years later, what a submission or a version said.

A submission's canonical form, which anyone can write down again and give to `sha256sum`:

    AIMcert submission, form 1
    enrolment 0b5c0c5e-6d8d-4a0e-9c3e-6a2f5c1e7b11
    attempt 1
    version 3f0c…                        the SHA-256 of the version that was answered
    submitted 2026-11-22T15:04:05.123456Z
    declaration 412
    (412 bytes: what was declared, word for word)
    answer 1 1043
    (1043 bytes: the answer, untrimmed)
    answer 2 blank                       its author confirmed that it stays blank

Answers that were written on paper, typed in by one person and compared with the paper by another, have
form 2: its first line says so, and these stand between the declaration, which was signed on the paper,
and the answers.

    typed 9a1f… 2026-11-22T16:10:00.000000Z      by whom (a random name of that person's account), when
    checked 77c0… 2026-11-22T17:30:00.000000Z    likewise
    scan 5d41…                                   the SHA-256 of each scan, in the order of their adding

Where parts of an answer stay blank, as its author confirmed or the paper shows, it is form 3: form 1 or 2
with a line for each of these parts after the answer, by the name of its field.

    answer 3 part leroy.strengths blank

UTF-8 without a byte order mark. Every line ends with LF alone, the last one too, and so does each
line inside a text. When a text is saved, whatever breaks a line in it becomes LF and other control
characters but tabs go (`aimcert.foundation.typed.laid_out`); nothing else in it is changed.
The number before a text is its length in bytes, without the LF that follows it, so that no text
can pretend to be the next line. Answers stand in the order of their questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

# Crockford's base 32 (https://www.crockford.com/base32.html): no letter that looks like a digit.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Transcribed:
    """How a submission came from paper: by whom and when, and the SHA-256 of each scan, in order."""

    typed_by: UUID
    typed_at: datetime
    checked_by: UUID
    checked_at: datetime
    scans: tuple[str, ...]


def submission_canonical(
    *,
    enrolment: UUID,
    attempt: int,
    version: str,
    submitted_at: datetime,
    declaration: str,
    answers: Iterable[tuple[int, str | None]],
    transcribed: Transcribed | None = None,
    blank_parts: Mapping[int, Sequence[str]] | None = None,
) -> bytes:
    """The canonical form of one submission.

    Args:
        enrolment: whose it is.
        attempt: 1, 2, …
        version: the SHA-256 of the version that was answered, in hexadecimal.
        submitted_at: an aware time, to the microsecond.
        declaration: what was declared.
        answers: number and text of each question, in order; None is a blank that was confirmed.
        transcribed: how it came from paper, if it did: form 2.
        blank_parts: of which questions which parts stay blank, if any do: form 3.
    """
    blank = blank_parts or {}
    form = 3 if any(blank.values()) else 1 if transcribed is None else 2
    lines = [
        f"AIMcert submission, form {form}",
        f"enrolment {enrolment}",
        f"attempt {attempt}",
        f"version {version}",
        f"submitted {_moment(submitted_at)}",
        _measured("declaration", declaration),
    ]
    if transcribed is not None:
        lines.append(f"typed {transcribed.typed_by} {_moment(transcribed.typed_at)}")
        lines.append(f"checked {transcribed.checked_by} {_moment(transcribed.checked_at)}")
        lines += [f"scan {sha256_}" for sha256_ in transcribed.scans]
    for number, text in answers:
        lines.append(f"answer {number} blank" if text is None else _measured(f"answer {number}", text))
        lines += [f"answer {number} part {name} blank" for name in blank.get(number, ())]
    return ("\n".join(lines) + "\n").encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _measured(name: str, text: str) -> str:
    return f"{name} {len(text.encode())}\n{text}"


def fingerprint(canonical: bytes) -> str:
    """The SHA-256 of a canonical form, in hexadecimal."""
    return sha256(canonical).hexdigest()


def receipt_code(of: str) -> str:
    """The first 60 bits of the fingerprint `of`, as twelve symbols that one can read out."""
    number = int(of[:15], 16)
    symbols = [SYMBOLS[number >> shift & 31] for shift in range(55, -5, -5)]
    return "-".join("".join(symbols[start : start + 4]) for start in (0, 4, 8))
