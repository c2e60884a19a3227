"""Whom to phone about safeguarding: what the deployment says."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Contact:
    """The AIM Project's safeguarding contact; each part is empty where the deployment names none."""

    name: str
    phone: str
    email: str

    @property
    def dialled(self) -> str:
        """The number as a telephone dials it."""
        return "".join(symbol for symbol in self.phone if symbol.isdigit() or symbol == "+")


def contact() -> Contact:
    """The contact of `AIM["SAFEGUARDING_CONTACT"]`."""
    return Contact(**settings.AIM["SAFEGUARDING_CONTACT"])
