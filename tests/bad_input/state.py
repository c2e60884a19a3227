"""What must not change by what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.urls import resolve

from assessments.models import KeptAnswer
from tests.bad_input.forms import Filled
from tests.permissions.asking import rows_written, state_of_everything, undone


def state(filled: Filled) -> str:
    """One text that differs if anything of ours does, what `filled` may change though it is refused aside.

    A save of an answer that is refused keeps both texts, for their author alone.
    """
    keeps_both = resolve(urlsplit(filled.path).path).view_name == "assessments:question"
    return state_of_everything(but=[KeptAnswer] if keeps_both else [])


@contextmanager
def nothing_changed(filled: Filled) -> Iterator[None]:
    """What happens inside is taken back, and has left everything as it was."""
    then = ""
    with undone():
        written = rows_written()
        yield
        # Every row is compared only where PostgreSQL counted one as written.
        if rows_written() != written:
            then = state(filled)
    assert not then or then == state(filled), "something was changed"
