"""What must not change by what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db.models import Model
from django.urls import resolve

from assessments.models import KeptAnswer, KeptMark
from tests.bad_input.forms import Filled
from tests.permissions.asking import rows_written, state_of_everything, undone

KEEPS_BOTH: dict[str, type[Model]] = {
    "assessments:question": KeptAnswer,
    "assessments:mark": KeptMark,
    "assessments:mark_answer": KeptMark,
}


def state(filled: Filled) -> str:
    """One text that differs if anything of ours does, what `filled` may change though it is refused aside.

    A save of an answer that is refused keeps both texts, for their author alone; one of a mark both
    judgements, for who marks.
    """
    kept = KEEPS_BOTH.get(resolve(urlsplit(filled.path).path).view_name)
    return state_of_everything(but=[kept] if kept else [])


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
