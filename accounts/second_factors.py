"""The second step of signing in: codes of an app, passkeys, and recovery codes for when both are lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.handles import handle_of
from accounts.models import FACTORS, Person
from accounts.sealing import seal, unseal

PASSKEY = Authenticator.Type.WEBAUTHN
APP = Authenticator.Type.TOTP
RECOVERY = Authenticator.Type.RECOVERY_CODES
# What of a row is sealed.
SEALED = {APP: "secret", RECOVERY: "seed"}


class MFAAdapter(DefaultMFAAdapter):
    """What allauth asks of us about second steps."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right, or was used already. Wait for the app’s next one and type that."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return unseal(encrypted_text)

    def _get_site_name(self) -> str:
        """Whose passkeys they are; the host, which they are bound to, is one of `ALLOWED_HOSTS`."""
        return str(settings.MFA_TOTP_ISSUER)

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, object]:
        """Whose a passkey is; by the random name of URLs, which tells a device nothing."""
        return {"id": user.uuid.bytes, "display_name": user.name or user.email, "name": user.email}


@dataclass(frozen=True)
class Factor:
    """One second step of somebody.

    Args:
        handle: what a form names it by.
        is_passkey: else it is an app.
        name: as its owner knows it.
        added_at: since when.
        used_at: when it last signed somebody in.
    """

    handle: str
    is_passkey: bool
    name: str
    added_at: datetime
    used_at: datetime | None


def factors_of(person: Person) -> list[Factor]:
    """The second steps of `person`, recovery codes left out, the oldest first."""
    rows = Authenticator.objects.filter(user=person, type__in=FACTORS).order_by("pk")
    return [
        Factor(
            handle=handle_of("factor", str(row.pk)),
            is_passkey=row.type == PASSKEY,
            name=row.data["name"] if row.type == PASSKEY else _("Authenticator app"),
            added_at=row.created_at,
            used_at=row.last_used_at,
        )
        for row in rows
    ]


def recovery_codes_of(person: Person) -> list[str] | None:
    """The recovery codes of `person` that were not used; None where there never were any."""
    row = Authenticator.objects.filter(user=person, type=RECOVERY).first()
    return None if row is None else RecoveryCodes(row).get_unused_codes()
