"""Tokens of invitation links: told once in a letter, kept as their SHA-256 alone."""

from __future__ import annotations

import secrets
from hashlib import sha256

_BYTES = 24  # 192 random bits


def new_token() -> str:
    """A token that nobody can guess, fit for a URL."""
    return secrets.token_urlsafe(_BYTES)


def sha256_of(token: str) -> str:
    """What a nomination keeps of `token`, whatever somebody wrote into the address bar."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
