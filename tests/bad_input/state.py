"""What must not change by what is refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import resolve

from assessments.models import KeptAnswer
from tests.bad_input.forms import Filled
from tests.permissions.asking import state_of_everything


def state(filled: Filled) -> str:
    """One text that differs if anything of ours does, what `filled` may change though it is refused aside.

    A save of an answer that is refused keeps both texts, for their author alone.
    """
    keeps_both = resolve(urlsplit(filled.path).path).view_name == "assessments:question"
    return state_of_everything(but=[KeptAnswer] if keeps_both else [])
