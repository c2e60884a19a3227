"""Who is put forward for a course, as forms, actions and samples hand it on: one more field is one line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from accounts.addresses import normalised


@dataclass(frozen=True, kw_only=True)
class Nominee:
    """What a nomination says of somebody, each by the name of its column; addresses in our one spelling.

    Args:
        name, email, job_role, years_experience: theirs; the address is any that they control.
        manager_name, manager_email: their line manager's; empty where it is left for later.
    """

    name: str
    email: str
    job_role: str
    years_experience: Decimal | int
    manager_name: str = ""
    manager_email: str = ""

    def __post_init__(self) -> None:
        for field in ("email", "manager_email"):
            address = getattr(self, field)
            object.__setattr__(self, field, normalised(address) if address else "")
