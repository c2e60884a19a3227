"""Secrets as the database holds them: encrypted with a key that is derived from SECRET_KEY.

Who reads a backup or a replica, and not the web's environment, reads no secret. The fallbacks of
SECRET_KEY open what was sealed before it was changed, until `reseal` has gone over it.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """`text`, so that it can be read with `unseal` alone."""
    return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed.

    Raises:
        InvalidToken: by another key than SECRET_KEY and its fallbacks, or changed since. Never an
            empty text in its place, with which anybody could reckon codes.
    """
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_fernet(key) for key in keys]).decrypt(sealed.encode()).decode()


def is_by_an_older_key(sealed: str) -> bool:
    """Whether SECRET_KEY alone does not open it."""
    try:
        _fernet(settings.SECRET_KEY).decrypt(sealed.encode())
    except InvalidToken:
        return True
    return False


def _fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"aimcert.accounts.sealing")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))
