"""What must not change by what is refused."""

from __future__ import annotations

from assessments.models import KeptAnswer
from tests.permissions.asking import state_of_everything


def state() -> str:
    """One text that differs if anything of ours does.

    Texts kept for their author alone beside an answer aside: there a save that is refused puts both.
    """
    return state_of_everything(but=[KeptAnswer])
