"""A refusal, told on the form that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from aimcert.foundation.refusals import Refused


@contextmanager
def telling(form: forms.BaseForm) -> Iterator[None]:
    """Where the action inside refuses, its words become an error of `form`, which is then invalid."""
    try:
        yield
    except Refused as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, str(refused.message))
