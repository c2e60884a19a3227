"""Forms that change what stands: each says on what it builds, so that nobody overwrites what they never saw.

An action that finds something else than the page showed refuses with `ChangedMeanwhile`. The view then shows
the form again, with what was typed in it, and above it what stands now, by whom and since when
(`components/changed_meanwhile.html`). Only that page's button puts the one in the place of the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.db import models
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import INCOMPLETE
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_typed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OVER = "over"


class ChangedMeanwhile(Refused):
    """Something else stands by now than what the page showed."""

    def __init__(self, message: StrOrPromise = "") -> None:
        super().__init__(message or _("This was changed while you had it open. Read it again."))


def seen_of(*values: Any) -> str:
    """What a page carries to say which values it showed: the same for the same words."""
    said = "\x1f".join(str(value) for value in values)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class SeenField(forms.RegexField):
    """`seen_of` what a page showed; a hidden field."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(("required", "invalid", "null_characters_not_allowed"), INCOMPLETE)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[0-9a-f]{16}\Z", **kwargs)


class Differing(NamedTuple):
    """One field in which the two differ."""

    field: str  # its id on the page
    label: StrOrPromise
    saved: str
    mine: str


@dataclass(frozen=True)
class Stale:
    """What a page says where something else stands by now.

    Args:
        rows: where the two differ.
        seen: what stands now, as the button carries it that saves over it.
        changed_by: who saved it, where that is known: see `rows.Changed`.
        changed_at: when.
    """

    rows: list[Differing]
    seen: str | int
    changed_by: Any
    changed_at: datetime | None


class EditForm(forms.Form):
    """A form of what stands already; its field `base` says on what it builds."""

    use_required_attribute = False
    base: ClassVar[str] = "seen"
    seen: Any = SeenField()

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None and data.get(OVER):
            data = data.copy()
            data[self.base] = data[OVER]
        super().__init__(data, **kwargs)

    def beside(self, standing: Mapping[str, Any], by: Any, at: datetime | None) -> Stale:
        """What was typed beside `standing`, the initial values as they are now, saved by and at whom.

        A field that `standing` does not name, such as a reason, is about the change alone.
        """
        rows = []
        for field in self.visible_fields():
            if field.name not in standing:
                continue
            saved, mine = said(field, standing.get(field.name)), said(field, _typed(self, field))
            if saved.split() != mine.split():
                rows.append(Differing(_id_of(field), field.label, saved, mine))
        return Stale(rows, standing[self.base], by, at)


def _id_of(field: BoundField) -> str:
    return str(field[0].id_for_label if field.use_fieldset else field.id_for_label)


def said(field: BoundField, value: Any, zone: tzinfo | None = None) -> str:
    """A field's value as a person reads it; a time is one of a clock in `zone`, else in the current one."""
    kind: Any = field.field
    if isinstance(kind, forms.ModelChoiceField):
        offered: Any = kind.queryset
        known = isinstance(value, models.Model) or not value
        found = value if known else offered.filter(**{kind.to_field_name or "pk": value}).first()
        return str(found or kind.empty_label or "")
    if isinstance(kind, forms.ChoiceField):
        choices: Any = kind.choices
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(label) for key, label in choices if key in chosen)
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, time):
        return said_typed(value, zone or timezone.get_current_timezone())
    return "" if value is None else str(value)


def _typed(form: forms.Form, field: BoundField) -> Any:
    """What was typed: cleaned where only that can be read, else word for word."""
    reads = (forms.ModelChoiceField, forms.DateField, forms.TimeField)
    return form.cleaned_data.get(field.name) if isinstance(field.field, reads) else field.value()
