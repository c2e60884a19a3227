"""A choice of one or several, with the reasons for it."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.case_studies.kinds.interface import (
    Field,
    Group,
    Kind,
    Option,
    Problem,
    Reference,
    SettingField,
    SettingsRefused,
    Shape,
    TypedShape,
    key_problems,
    lines_in,
    rows_problems,
)

FEWEST, MOST = 2, 12


class Choice(Kind):
    """One or several of what is offered, and why: the reasons are what is marked."""

    code = "choice"
    name = gettext_lazy("Choice with reasons")
    about = gettext_lazy("One or several of what you offer, and the participant’s reasons.")
    position = 2

    def setting_fields(self) -> tuple[SettingField, ...]:
        return (
            SettingField(
                "options",
                gettext_lazy("What can be chosen"),
                TypedShape.LINES,
                gettext_lazy("One on each line, from 2 to 12."),
            ),
            SettingField("several", gettext_lazy("More than one can be chosen"), TypedShape.TICK),
        )

    def settings_from(self, typed: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
        settings = {
            "options": [
                {"key": key, "text": text}
                for key, text in zip(ascii_lowercase, lines_in(typed.get("options")), strict=False)
            ],
            "several": bool(typed.get("several")),
        }
        if problems := self.problems_of(settings):
            raise SettingsRefused(problems)
        return settings

    def typed_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        options = settings.get("options", [])
        return {
            "options": "\n".join(option["text"] for option in options),
            "several": settings.get("several", False),
        }

    def problems_of(self, settings: Any) -> list[Problem]:
        found = key_problems(settings, ("options", "several"))
        if found:
            return found
        found = rows_problems(settings, "options", ("key", "text"), least=FEWEST, most=MOST)
        if not found:
            found += [
                Problem(f"options[{index}].key", _("must be “%(key)s”.") % {"key": ascii_lowercase[index]})
                for index, option in enumerate(settings["options"])
                if option["key"] != ascii_lowercase[index]
            ]
            texts = [option["text"] for option in settings["options"]]
            found += [
                Problem(f"options[{index}].text", _("is there twice."))
                for index, text in enumerate(texts)
                if text in texts[:index]
            ]
        if not isinstance(settings["several"], bool):
            found.append(Problem("several", _("must be true or false.")))
        return found

    def _groups(self, settings: Mapping[str, Any]) -> tuple[Group, ...]:
        several = settings["several"]
        return (
            Group(
                "",
                "",
                (
                    Field(
                        "choice",
                        _("Choose all that apply") if several else _("Choose one"),
                        Shape.SEVERAL if several else Shape.ONE,
                        tuple(Option(option["key"], option["text"]) for option in settings["options"]),
                    ),
                    Field("reasons", _("Your reasons"), Shape.LONG_TEXT, rows=8),
                ),
            ),
        )
