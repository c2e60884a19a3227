"""docs/who-is-told.md, read: who gets a letter about what, and where nobody does."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).resolve().parents[2] / "docs" / "who-is-told.md"


class Told(NamedTuple):
    """One row: some people, and the letter that they get."""

    action: str
    people: tuple[str, ...]
    template: str


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the page, without its head."""
    part = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def told() -> dict[str, list[Told]]:
    """By what happens: everybody who gets a letter about it."""
    found = defaultdict(list)
    for happens, action, people, template in _rows("Who gets a letter"):
        found[happens].append(Told(action.strip("`"), tuple(people.split("; ")), template.strip("`")))
    return dict(found)


def told_nobody() -> list[str]:
    """Actions about which nobody gets a letter, `app.action` each."""
    return [
        name for _why, names in _rows("Where nobody gets a letter") for name in re.findall(r"`(.+?)`", names)
    ]
