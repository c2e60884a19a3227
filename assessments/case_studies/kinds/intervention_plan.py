"""An intervention plan: for each person in the case, a stage of the framework, areas of work and goals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst, slugify
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
    text_problems,
)

MOST_PEOPLE = 8
MOST_STAGES = 9
MOST_AREAS = 300
SEPARATOR = "|"


class InterventionPlan(Kind):
    """Different people can be in different stages; what is marked is the reasoning from need.

    A question keeps the framework as it was when it was written: its stages and the areas of the
    strands that its people are in.
    """

    code = "intervention-plan"
    name = gettext_lazy("Intervention plan")
    about = gettext_lazy(
        "For each person in the case: a stage of the framework, areas of work in it and why, and goals."
    )
    position = 4
    uses_framework = True
    has_parts = True
    # The requirement tests the assessment model; what follows it is worth showing, not a condition.
    essential_by_decision = True

    def fits(self, reference: Reference) -> bool:
        return bool(reference.areas)

    def setting_fields(self) -> tuple[SettingField, ...]:
        return (
            SettingField(
                "people",
                gettext_lazy("The people in the case"),
                TypedShape.LINES,
                gettext_lazy(
                    "One on each line, with the framework’s strand that they are in: “Dylan | young person”,"
                    " “Carys, his mother | adults”, “The agencies | multi-agency risk management meeting”."
                ),
            ),
        )

    def settings_from(self, typed: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
        strands = list(dict.fromkeys(area.strand for area in reference.areas))
        people = []
        problems = []
        for number, line in enumerate(lines_in(typed.get("people")), start=1):
            name, _separator, strand = (part.strip() for part in line.partition(SEPARATOR))
            if strand not in strands:
                words = _("needs “|” after the name, and then one of these: %(strands)s.")
                problems.append(Problem(f"people[{number - 1}]", words % {"strands": ", ".join(strands)}))
            people.append({"key": key_of(name, f"person-{number}"), "name": name, "strand": strand})
        used = {person["strand"] for person in people}
        settings = {
            "people": people,
            "stages": [{"number": number, "title": title} for number, title in reference.stages],
            "areas": [
                {"stage": area.stage, "strand": area.strand, "part": area.part, "title": area.title}
                for area in reference.areas
                if area.strand in used
            ],
        }
        if problems := problems or self.problems_of(settings):
            raise SettingsRefused(problems)
        return settings

    def typed_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        people = settings.get("people", [])
        return {"people": "\n".join(f"{one['name']} {SEPARATOR} {one['strand']}" for one in people)}

    def problems_of(self, settings: Any) -> list[Problem]:
        found = key_problems(settings, ("people", "stages", "areas"))
        if found:
            return found
        found = rows_problems(settings, "people", ("key", "name", "strand"), least=1, most=MOST_PEOPLE)
        stages = _numbered(settings, "stages", "number", ("title",), most=MOST_STAGES)
        areas = _numbered(settings, "areas", "stage", ("strand", "title"), most=MOST_AREAS, also="part")
        if found or stages or areas:
            return [*found, *stages, *areas]
        numbers = [stage["number"] for stage in settings["stages"]]
        strands = {area["strand"] for area in settings["areas"]}
        if len(set(numbers)) < len(numbers):
            found.append(Problem("stages", _("has a number twice.")))
        found += [
            problem
            for index, person in enumerate(settings["people"])
            for problem in key_text_problems(person["key"], f"people[{index}].key")
        ]
        found += [
            Problem(f"people[{index}].strand", _("has no area."))
            for index, person in enumerate(settings["people"])
            if person["strand"] not in strands
        ]
        known: set[tuple[str, str]] = set()
        for index, area in enumerate(settings["areas"]):
            if area["stage"] not in numbers:
                found.append(Problem(f"areas[{index}].stage", _("is not one of the stages.")))
            named = (area["strand"], _key(area))
            if named in known:
                found.append(Problem(f"areas[{index}].title", _("is there twice.")))
            known.add(named)
        return found

    def _groups(self, settings: Mapping[str, Any]) -> tuple[Group, ...]:
        stages = tuple(
            Option(
                str(stage["number"]),
                _("Stage %(number)d: %(title)s") % {"number": stage["number"], "title": stage["title"]},
            )
            for stage in settings["stages"]
        )
        headings = {option.value: option.label for option in stages}
        return tuple(
            Group(
                person["key"],
                person["name"],
                (
                    Field(f"{person['key']}.stage", _("The stage they are in now"), Shape.ONE, stages),
                    Field(
                        f"{person['key']}.areas",
                        _("Areas to work on first"),
                        Shape.SEVERAL,
                        tuple(
                            Option(_key(area), capfirst(area["title"]), headings[str(area["stage"])])
                            for area in settings["areas"]
                            if area["strand"] == person["strand"]
                        ),
                    ),
                    Field(f"{person['key']}.why", _("Why this stage, and why these areas"), Shape.LONG_TEXT),
                    Field(
                        f"{person['key']}.goals",
                        _("Goals"),
                        Shape.LONG_TEXT,
                        hint=_("In words that the young person would use, or would understand."),
                    ),
                ),
            )
            for person in settings["people"]
        )


def _key(area: Mapping[str, Any]) -> str:
    """How an answer names an area: by its stage and title, so that it reads by itself."""
    return "-".join(filter(None, (str(area["stage"]), slugify(area["part"]), slugify(area["title"]))))


def _numbered(
    settings: Mapping[str, Any], key: str, number: str, columns: tuple[str, ...], *, most: int, also: str = ""
) -> list[Problem]:
    """What is wrong with a list of rows that each have a whole number besides text."""
    rows = settings.get(key)
    if not isinstance(rows, list) or not 1 <= len(rows) <= most:
        return [Problem(key, _("must be a list of 1 to %(most)d rows.") % {"most": most})]
    found = []
    for index, row in enumerate(rows):
        path = f"{key}[{index}]"
        known = (number, *columns, *filter(None, (also,)))
        wrong = key_problems(row, known)
        found += [Problem(f"{path}.{one.path}" if one.path else path, one.words) for one in wrong]
        if wrong:
            continue
        if type(row[number]) is not int or not 1 <= row[number] <= MOST_STAGES:
            told = {"most": MOST_STAGES}
            found.append(Problem(f"{path}.{number}", _("must be a whole number from 1 to %(most)d.") % told))
        for column in columns:
            found += text_problems(row[column], f"{path}.{column}")
        if also and row[also] != "":
            found += text_problems(row[also], f"{path}.{also}")
    return found
