"""The fields above a list as they are written.

Django's own templates of widgets, one for each option, took longer than all else that stands above a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Field:
    """One field of what narrows a list, as it is written.

    Args:
        id: of its element.
        label: what it is called.
        html: its element.
    """

    id: str
    label: str | Promise
    html: SafeString


def fields_of(form: forms.BaseForm) -> list[Field]:
    """The fields of a list's form: what is searched for, and kinds of which one is chosen."""
    return [Field(bound.auto_id, bound.label, _written(bound)) for bound in form]


def select(named: dict[str, Any], choices: Iterable[tuple[Any, str | Promise]], now: Any) -> SafeString:
    """An element that chooses one of `choices`.

    Args:
        named: its attributes.
        choices: a value and its words each.
        now: the value that is chosen.
    """
    options = ((one, SafeString(" selected") if one == now else "", words) for one, words in choices)
    written = format_html_join("", '<option value="{}"{}>{}</option>', options)
    return format_html("<select{}>{}</select>", flatatt(named), written)


def _written(bound: forms.BoundField) -> SafeString:
    value = bound.value() or ""
    named = {"name": bound.html_name, "id": bound.auto_id, **bound.field.widget.attrs}
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        return select(named, choices, value)
    return format_html('<input{} value="{}">', flatatt(named), value)
