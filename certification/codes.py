"""Certificate codes: how one is made, how it is read when typed by hand, and what it is found by.

Crockford's base 32 (https://www.crockford.com/base32.html) leaves out I, L, O and U, so that what
people mistake can be read as what was meant.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from aimcert.foundation.typed import symbols, without_address

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 128
LENGTH = 26
GROUP = 4

# Where the page of one certificate stands: what the QR code leads to, and what people paste.
VERIFY = "/verify/"
_MEANT = str.maketrans("OIL", "011")


def new_code() -> str:
    """A fresh code: 128 random bits, as 26 characters."""
    return encode(secrets.randbits(BITS))


def encode(number: int) -> str:
    """`number`, of at most 130 bits, as 26 characters, the most significant first."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def read_code(typed: str) -> str:
    """What was meant by `typed`, a code or the whole address of its page: O read as 0, I and L as 1.

    It answers for anything that can be typed, so that what is no code at all goes the same way as
    one that nobody was given.
    """
    return symbols(without_address(typed, VERIFY)).translate(_MEANT)


def fingerprint(code: str) -> str:
    """The SHA-256 of `code`, in hexadecimal: what a certificate is looked up by."""
    return sha256(code.encode("utf-8", "replace")).hexdigest()


def in_groups(code: str) -> list[str]:
    """`code` in groups of four characters, as it is shown and read aloud."""
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]
