"""What a page names a row by that has no random name of its own, and whose key it must not tell."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare, salted_hmac


def handle_of(kind: str, key: str) -> str:
    """The name of the row of this kind and key: the same each time, and nobody can make one."""
    return salted_hmac(f"accounts.{kind}", key).hexdigest()[:32]


def is_handle_of(handle: str, kind: str, key: str) -> bool:
    """Whether `handle` names the row with this key."""
    return constant_time_compare(handle, handle_of(kind, key))
