"""A timeline: what happened when, in order."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.case_studies.figures.drawing import height_of, joined, lines_of, picture, written
from assessments.case_studies.figures.typed import (
    BAR,
    FigureRefused,
    escaped,
    numbered_lines,
    on_line,
    plain,
    split,
)
from assessments.case_studies.kinds.interface import Problem, key_problems, rows_problems

MOST = 40
COLUMNS = (gettext_lazy("When"), gettext_lazy("What happened"))
KEY = ""

# Narrow enough to be read on a phone without scrolling to the side.
WIDTH, LEFT, TOP = 340, 34, 10
SIZE, PAUSE = 15, 16
DOT = 6


def problems_of(data: Any) -> list[Problem]:
    """What is wrong with `{"events": [{"when": …, "what": …}]}`; `when` is a year, an age or other words."""
    found = key_problems(data, ("events",))
    return found or rows_problems(data, "events", ("when", "what"), least=1, most=MOST, unique=False)


def rows(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """The same as a table; the headings are `COLUMNS`."""
    return [(event["when"], event["what"]) for event in data["events"]]


def drawn(data: dict[str, Any], *, title: str) -> SafeString:
    """The events down a line, the first on top.

    Args:
        data: without a problem.
        title: what the picture is called.
    """
    parts = []
    y = TOP
    for event in data["events"]:
        when = lines_of(event["when"], SIZE, WIDTH - LEFT)
        what = lines_of(event["what"], SIZE, WIDTH - LEFT)
        parts.append(format_html('<circle cx="12" cy="{}" r="{}" fill="currentColor"/>', y + 12, DOT))
        below = y + height_of(when, SIZE)
        words = joined(
            [
                written(when, x=LEFT, y=y, size=SIZE, bold=True),
                written(what, x=LEFT, y=below, size=SIZE),
            ]
        )
        parts.append(format_html('<g fill="currentColor" stroke="none">{}</g>', words))
        last, y = y, below + height_of(what, SIZE) + PAUSE
    line = format_html('<path class="figure-line" d="M12 {}V{}"/>', TOP + 12, last + 12)
    count = len(data["events"])
    told = {"count": count, "first": data["events"][0]["when"], "last": data["events"][-1]["when"]}
    about = ngettext(
        "%(count)d event: %(first)s.", "%(count)d events in order, from %(first)s to %(last)s.", count
    )
    inside = joined([line, *parts])
    return picture("timeline", width=WIDTH, height=y, title=title, about=about % told, inside=inside)


def typed_of(data: dict[str, Any]) -> str:
    """The data as an author types it: `2019 | Moves to Saltmere`, one event on each line."""
    return "\n".join(
        f"{escaped(event['when'], BAR)} {BAR} {escaped(event['what'], BAR)}" for event in data["events"]
    )


def data_from(typed: str) -> dict[str, Any]:
    """The reverse of `typed_of`.

    Raises:
        FigureRefused: with what is wrong, line by line.
    """
    events, lines, found = [], [], []
    for number, line in numbered_lines(typed):
        when, *what = split(line, BAR)
        if not what:
            found.append(on_line(number, _("write when, then “|”, then what happened.")))
            continue
        lines.append(number)
        events.append({"when": plain(when), "what": plain(f" {BAR} ".join(what))})
    data = {"events": events}
    if not found:
        found = [_of_line(one, lines) for one in problems_of(data)]
    if found:
        raise FigureRefused(found)
    return data


def _of_line(problem: Problem, lines: list[int]) -> Problem:
    """A problem of the data as one of the line that it came from."""
    match = re.match(r"events\[(\d+)\]\.(\w+)", problem.path)
    if match is None:
        return Problem("", _("Write from 1 to %(most)d events, one on each line.") % {"most": MOST})
    part = _("when it happened") if match[2] == "when" else _("what happened")
    return on_line(lines[int(match[1])], f"{part} {problem.words}")
