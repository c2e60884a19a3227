"""Forms of a participant: an answer's fields, confirming blanks, declaring one's own work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.answering.receipts import DECLARATION
from assessments.case_studies.kinds import PLAIN_FIELD, Field, Group, Option, Part, Shape

# How the page names the fields of an answer, before each field's own name.
PREFIX = "answer-"


def values_in(sent: QueryDict) -> dict[str, str] | None:
    """What stands in each field of an answer with several; None where none was sent."""
    names = [name for name in sent if name.startswith(PREFIX)]
    if not names and "fields" not in sent:
        return None
    return {name.removeprefix(PREFIX): " ".join(sent.getlist(name)) for name in names}


def typed_in(sent: QueryDict) -> list[str]:
    """The texts in what was sent, as their author reads them again."""
    values = values_in(sent)
    return list((values or {PLAIN_FIELD: sent.get("text", "")}).values())


@dataclass(frozen=True)
class DrawnField:
    """One field of an answer as the page draws it: with what stands in it, and what is wrong with that."""

    field: Field
    value: str
    error: str

    @property
    def id(self) -> str:
        return f"{PREFIX}{self.field.name}"

    @property
    def is_long(self) -> bool:
        return self.field.shape is Shape.LONG_TEXT

    @property
    def input_type(self) -> str:
        return "checkbox" if self.field.shape is Shape.SEVERAL else "radio"

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, Option, bool]]]]:
        """By heading: what can be chosen, the id of its box, and whether it is chosen."""
        chosen = self.value.split()
        rows = [
            (f"{self.id}-{number}" if number else self.id, option, option.value in chosen)
            for number, option in enumerate(self.field.options)
        ]
        return [(heading, list(group)) for heading, group in groupby(rows, lambda row: row[1].heading)]


@dataclass(frozen=True)
class DrawnGroup:
    """A group of fields as the page draws it."""

    group: Group
    fields: list[DrawnField]


def drawn(
    groups: Sequence[Group], values: Mapping[str, str], *, field: str = "", error: str = ""
) -> list[DrawnGroup]:
    """`groups` with what stands in them; `error` is said beside the field called `field`."""
    return [
        DrawnGroup(
            group,
            [
                DrawnField(each, values.get(each.name, ""), error if each.name == field else "")
                for each in group.fields
            ],
        )
        for group in groups
    ]


class BlanksForm(forms.Form):
    """One box for each empty part of an answer, and for each question without one: it stays blank on purpose.

    Args:
        numbers: of the questions without any answer.
        gaps: by the number of a question, the parts of its answer that are empty.
    """

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        numbers: Sequence[int],
        gaps: Mapping[int, Sequence[Part]] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for number, parts in gaps.items():
            for part in parts:
                words = _("Question %(number)d, %(part)s: fill it in, or tick that it stays blank.")
                self.fields[f"blank_{number}_{part.name}"] = forms.BooleanField(
                    label=_("I leave “%(part)s” blank. It counts as answered, and as not met.")
                    % {"part": part.label},
                    error_messages={"required": words % {"number": number, "part": part.label}},
                )
        for number in numbers:
            self.fields[f"blank_{number}"] = forms.BooleanField(
                label=_("I leave question %(number)d blank. It counts as answered, and as not met.")
                % {"number": number},
                error_messages={
                    "required": _("Answer question %(number)d, or tick that you leave it blank.")
                    % {"number": number}
                },
            )


class DeclarationForm(forms.Form):
    """The declaration that stands before submitting."""

    use_required_attribute = False
    # The attempt that is on the page, so that an old page never submits a later one.
    submission = forms.CharField(required=False, widget=forms.HiddenInput)
    declared = forms.BooleanField(
        label=DECLARATION,
        error_messages={"required": _("Tick the box to declare that the answers are your own work.")},
    )
