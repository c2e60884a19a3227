"""A refusal, told on the form that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from aimcert.foundation.pages import refusal_of
from aimcert.foundation.refusals import Refused


@contextmanager
def telling(form: forms.BaseForm) -> Iterator[None]:
    """Where the action inside refuses, its words become an error of `form`, which is then invalid."""
    try:
        yield
    except Refused as refused:
        name = getattr(refused, "field", None)
        field = name if name in form.fields else None
        form.add_error(field, refusal_of(refused, on_field=field is not None))
