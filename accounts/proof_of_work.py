"""Work that a device does before more is asked of us than strangers may: a second for a phone, or a wait.

Several small searches for a SHA-256 that begins with some zero bits: several, since one alone now and then
takes ten times as long. Without a script, a wait stands in for it. It makes asking by thousands dearer; what
bounds asking are the limits (docs/adr/0016-getting-in.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from secrets import token_urlsafe

from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "accounts.proof_of_work"
PUZZLES, BITS = 8, 11
# In seconds: what a wait stands in for, and how long what was set can be handed in.
PLAIN_WAIT, GOOD_FOR = 20, 600


@dataclass(frozen=True)
class Work:
    """What is set.

    Attributes:
        token: what it is about, signed; each search is for a text after it.
        wait: seconds until it can be handed in with its answers.
        plain_wait: seconds until it can be handed in without.
    """

    token: str
    wait: int
    plain_wait: int
    puzzles: int = PUZZLES
    bits: int = BITS

    def as_json(self) -> dict[str, object]:
        return {"token": self.token, "wait": self.wait, "puzzles": self.puzzles, "bits": self.bits}


def set_work(*, about: str, wait: float = 0) -> Work:
    """Set work for who asks about this address, to be handed in after `wait` seconds at the earliest."""
    seconds = ceil(wait)
    held = {"n": token_urlsafe(12), "about": _hash(about), "at": _now(), "wait": seconds}
    return Work(signing.dumps(held, salt=SALT), seconds, max(seconds, PLAIN_WAIT))


def still_to_do(token: str, answers: str, *, about: str) -> Work | None:
    """What is left to do of the work in `token`; None where it is done. New work where it is none of ours.

    Args:
        token: as it was handed in.
        answers: what was found, split by commas; "" for who waits.
        about: the address that is asked about.
    """
    try:
        held = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return set_work(about=about)
    age = _now() - held["at"]
    if not constant_time_compare(held["about"], _hash(about)) or not 0 <= age <= GOOD_FOR:
        return set_work(about=about)
    wait, plain = held["wait"], max(held["wait"], PLAIN_WAIT)
    if age >= plain or (age >= wait and _are_found(token, answers.split(","))):
        return None
    return Work(token, max(0, ceil(wait - age)), ceil(plain - age))


def _are_found(token: str, answers: Sequence[str]) -> bool:
    if len(answers) != PUZZLES or any(len(each) > 20 for each in answers):
        return False
    for number, answer in enumerate(answers):
        found = sha256(f"{token}:{number}:{answer}".encode()).digest()
        if int.from_bytes(found[:4], "big") >> (32 - BITS):
            return False
    return True


def _hash(about: str) -> str:
    return salted_hmac(SALT, about, algorithm="sha256").hexdigest()[:16]


def _now() -> float:
    return timezone.now().timestamp()
