"""A genogram as its author types it: the people, then the couples, one on each line."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from assessments.case_studies.figures.genogram.people import BONDS, MOST, SEXES, problems_of
from assessments.case_studies.figures.typed import (
    BAR,
    FigureRefused,
    escaped,
    numbered_lines,
    on_line,
    plain,
    split,
)
from assessments.case_studies.kinds.interface import Problem

DIED = "died"


def typed_of(data: dict[str, Any]) -> str:
    """The data as an author types it: the people, then the couples, one on each line.

    `Dylan | male | 14, the young person`, `Emlyn | male | grandfather | died`;
    `Carys + Lee | apart | Dylan, Pip`.
    """
    lines = []
    for person in data["people"]:
        parts = [escaped(person["name"], BAR), person["sex"]]
        if person["note"] or person["died"]:
            parts.append(escaped(person["note"], BAR))
        lines.append(f" {BAR} ".join([*parts, DIED] if person["died"] else parts))
    for couple in data["couples"]:
        partners = " + ".join(escaped(name, BAR, "+") for name in couple["partners"])
        children = ", ".join(escaped(name, BAR, ",") for name in couple["children"])
        lines.append(f" {BAR} ".join(filter(None, [partners, couple["bond"], children])))
    return "\n".join(lines)


def data_from(typed: str) -> dict[str, Any]:
    """The reverse of `typed_of`.

    Raises:
        FigureRefused: with what is wrong, line by line.
    """
    people: list[dict[str, Any]] = []
    couples: list[dict[str, Any]] = []
    lines: dict[str, list[int]] = {"people": [], "couples": []}
    found = []
    for number, line in numbered_lines(typed):
        parts = split(line, BAR)
        what = plain(parts[1]).casefold() if len(parts) > 1 else ""
        last = plain(parts[3]).casefold() if len(parts) > 3 else ""
        if what in SEXES and len(parts) <= 4 and last in ("", DIED):
            note = plain(parts[2]) if len(parts) > 2 else ""
            people.append({"name": plain(parts[0]), "sex": what, "note": note, "died": bool(last)})
            lines["people"].append(number)
        elif what in BONDS and len(parts) <= 3:
            couples.append({"partners": _names(parts[0], "+"), "bond": what, "children": []})
            couples[-1]["children"] = _names(parts[2], ",") if len(parts) > 2 else []
            lines["couples"].append(number)
        else:
            found.append(
                on_line(
                    number,
                    _(
                        "write a person as “name | female, male or unsaid | about them | died”, or a"
                        " couple as “name + name | together or apart | their children”."
                    ),
                )
            )
    data = {"people": people, "couples": couples}
    if not found:
        found = [_of_line(one, lines) for one in problems_of(data)]
    if found:
        raise FigureRefused(found)
    return data


def _names(text: str, separator: str) -> list[str]:
    return [plain(name) for name in split(text, separator) if name]


def _of_line(problem: Problem, lines: dict[str, list[int]]) -> Problem:
    """A problem of the data as one of the line that it came from."""
    match = re.match(r"(people|couples)\[(\d+)\](?:\.(\w+))?", problem.path)
    if match is not None:
        names = {
            "name": _("the name"),
            "note": _("what is said about them"),
            "partners": _("the couple"),
            "children": _("the children"),
        }
        return on_line(lines[match[1]][int(match[2])], f"{names.get(match[3], '')} {problem.words}".strip())
    if problem.path == "couples":
        return Problem("", _("The couples %(words)s") % {"words": problem.words})
    return Problem("", _("Write from 1 to %(most)d people, one on each line.") % {"most": MOST})
