"""Sessions that reach one place's pages alone, whatever else their person may do.

Somebody who got in without their own email has proved less than a full sign-in proves. The session
says so itself, and which values the arguments of an address may have in it; aimcert/confined.py says
which pages these are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

KEY = "confined_to"


@dataclass(frozen=True)
class Confinement:
    """What one session is confined to.

    Attributes:
        arguments: of an address's arguments, those that are fixed, and to which value.
    """

    arguments: Mapping[str, str]

    def covers(self, arguments: Mapping[str, Any]) -> bool:
        """Whether no argument of an address, of those that are fixed, has another value."""
        return all(
            str(arguments[name]) == value for name, value in self.arguments.items() if name in arguments
        )


def confine(session: SessionBase, *, to: Mapping[str, UUID], until: datetime) -> None:
    """Confine `session`, before anyone is signed in to it, to these arguments, and end it at `until`."""
    session[KEY] = {name: str(value) for name, value in to.items()}
    session.set_expiry(until)


def confinement_of(request: HttpRequest) -> Confinement | None:
    """What the session of `request` is confined to; None for one that was signed in to fully."""
    held = request.session.get(KEY)
    return None if held is None else Confinement(held)
