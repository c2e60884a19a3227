"""A written answer: one text, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.case_studies.kinds.interface import (
    AnswerRefused,
    Field,
    Group,
    Kind,
    Problem,
    Reference,
    SaidGroup,
    SettingField,
    Shape,
    key_problems,
)

NAME = "text"


class Written(Kind):
    """One text; the text itself is what is kept."""

    code = "written"
    name = gettext_lazy("Written answer")
    about = gettext_lazy("One answer in the participant’s own words.")
    position = 1

    def setting_fields(self) -> tuple[SettingField, ...]:
        return ()

    def settings_from(self, typed: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
        return {}

    def typed_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def problems_of(self, settings: Any) -> list[Problem]:
        return key_problems(settings, ())

    def _groups(self, settings: Mapping[str, Any]) -> tuple[Group, ...]:
        return (Group("", "", (Field(NAME, _("Your answer"), Shape.LONG_TEXT, rows=12),)),)

    def text_of(self, values: Mapping[str, str], settings: Mapping[str, Any]) -> str:
        if unknown := values.keys() - {NAME}:
            raise AnswerRefused(sorted(unknown)[0])
        return values.get(NAME, "")

    def values_of(self, text: str) -> dict[str, str]:
        return {NAME: text} if text else {}

    def said(self, text: str, settings: Mapping[str, Any]) -> tuple[SaidGroup, ...]:
        return ()
