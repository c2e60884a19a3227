"""A domain profile: for each domain, concerns, strengths and a level with its rationale."""

from __future__ import annotations

from collections.abc import Mapping
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
    key_of,
    key_problems,
    key_text_problems,
    lines_in,
    rows_problems,
)

MOST_DOMAINS = 12
FEWEST_LEVELS, MOST_LEVELS = 2, 7


class DomainProfile(Kind):
    """The programme's domains side by side. Its levels are the author's words, not a published scale."""

    code = "domain-profile"
    name = gettext_lazy("Domain profile")
    about = gettext_lazy("For each domain: concerns, strengths, and a level with its rationale.")
    position = 3
    uses_framework = True
    has_parts = True

    def fits(self, reference: Reference) -> bool:
        return bool(reference.domains)

    def setting_fields(self) -> tuple[SettingField, ...]:
        return (
            SettingField(
                "levels",
                gettext_lazy("The levels of concern"),
                TypedShape.LINES,
                gettext_lazy("One on each line, the lowest first: from 2 to 7."),
            ),
        )

    def settings_from(self, typed: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
        settings = {
            "domains": [{"key": code, "name": name} for code, name in reference.domains],
            "levels": [
                {"key": key_of(level, f"level-{number}"), "name": level}
                for number, level in enumerate(lines_in(typed.get("levels")), start=1)
            ],
        }
        if problems := self.problems_of(settings):
            raise SettingsRefused(problems)
        return settings

    def typed_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {"levels": "\n".join(level["name"] for level in settings.get("levels", []))}

    def problems_of(self, settings: Any) -> list[Problem]:
        found = key_problems(settings, ("domains", "levels"))
        if found:
            return found
        found = rows_problems(settings, "domains", ("key", "name"), least=1, most=MOST_DOMAINS)
        found += rows_problems(settings, "levels", ("key", "name"), least=FEWEST_LEVELS, most=MOST_LEVELS)
        if not found:
            found += [
                problem
                for rows in ("domains", "levels")
                for index, row in enumerate(settings[rows])
                for problem in key_text_problems(row["key"], f"{rows}[{index}].key")
            ]
        return found

    def _groups(self, settings: Mapping[str, Any]) -> tuple[Group, ...]:
        levels = tuple(Option(level["key"], level["name"]) for level in settings["levels"])
        return tuple(
            Group(
                domain["key"],
                domain["name"],
                (
                    Field(f"{domain['key']}.concerns", _("Concerns"), Shape.LONG_TEXT),
                    Field(f"{domain['key']}.strengths", _("Strengths"), Shape.LONG_TEXT),
                    Field(f"{domain['key']}.level", _("Level of concern"), Shape.ONE, levels),
                    Field(f"{domain['key']}.rationale", _("Why this level"), Shape.LONG_TEXT, rows=3),
                ),
            )
            for domain in settings["domains"]
        )
