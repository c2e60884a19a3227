"""What is wrong in a version's content: where, as a path and in words, and what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aimcert.foundation.fields import redisplayed

# The way from the whole content to one thing in it: ("questions", 2, "criteria", 1, "met").
Path = tuple[str | int, ...]
LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `words` is a sentence that says where and what."""

    path: Path
    words: str


def place_of(path: Path) -> str:
    """The section, question, criterion or construct that `path` leads into, in words."""
    match path:
        case ("questions", int(), "criteria", int(criterion), *_rest):
            told = {"where": place_of(path[:2]), "number": criterion + 1}
            return _("%(where)s, criterion %(number)s") % told
        case ("questions", int(number), *_rest):
            return _("Question %(number)s") % {"number": number + 1}
        case ("sections", int(number), *_rest):
            return _("Section %(number)s") % {"number": number + 1}
        case ("constructs", int(number), *_rest):
            return _("Construct %(number)s") % {"number": number + 1}
        case _:
            return _("Version")


def path_of(written: str) -> Path:
    """The path that a kind or a figure writes as `options[2].text`."""
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", written))


def said(value: Any) -> Any:
    """What came from outside as a message can show it: not at any length, nothing hidden in it."""
    if not isinstance(value, str):
        return value
    text = redisplayed(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
