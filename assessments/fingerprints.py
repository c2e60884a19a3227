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

UTF-8 without a byte order mark. Every line ends with LF alone, the last one too, and so does each
line inside a text: CRLF and CR become LF when a text is saved, and nothing else in it is changed.
The number before a text is its length in bytes, without the LF that follows it, so that no text
can pretend to be the next line. Answers stand in the order of their questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

# Crockford's base 32 (https://www.crockford.com/base32.html): no letter that looks like a digit.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def submission_canonical(
    *,
    enrolment: UUID,
    attempt: int,
    version: str,
    submitted_at: datetime,
    declaration: str,
    answers: Iterable[tuple[int, str | None]],
) -> bytes:
    """The canonical form of one submission.

    Args:
        enrolment: whose it is.
        attempt: 1, 2, …
        version: the SHA-256 of the version that was answered, in hexadecimal.
        submitted_at: an aware time, to the microsecond.
        declaration: what was declared.
        answers: number and text of each question, in order; None is a blank that was confirmed.
    """
    moment = submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    lines = [
        "AIMcert submission, form 1",
        f"enrolment {enrolment}",
        f"attempt {attempt}",
        f"version {version}",
        f"submitted {moment}",
        _measured("declaration", declaration),
    ]
    for number, text in answers:
        lines.append(f"answer {number} blank" if text is None else _measured(f"answer {number}", text))
    return ("\n".join(lines) + "\n").encode()


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
