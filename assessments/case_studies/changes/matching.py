"""Which passage of one text is which of another: by name, what it says, its title, its place."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.case_studies.canonical import passage_sha256
from assessments.case_studies.changes.fields import all_paragraphs
from assessments.case_studies.changes.words import ALIKE, share_of, words_of

# Passages by their name, as `canonical.passages_of` gives them.
Text = Mapping[str, Mapping[str, Any]]


def pairs_of(old: Text, new: Text) -> dict[str, str]:
    """The older name of each newer passage that there was before."""
    pairs = {name: name for name in new if name in old}
    for key in (passage_sha256, _title_key):
        left: dict[tuple[str, str], list[str]] = {}
        known = set(pairs.values())
        for name in old:
            if name not in known:
                left.setdefault((_kind(name), key(dict(old[name]))), []).append(name)
        for name in new:
            same = left.get((_kind(name), key(dict(new[name]))))
            if name not in pairs and same:
                pairs[name] = same.pop(0)
    return pairs | _pairs_by_place(old, new, pairs)


def _title_key(content: Mapping[str, Any]) -> str:
    return " ".join(str(content["title"]).casefold().split())


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _pairs_by_place(old: Text, new: Text, pairs: Mapping[str, str]) -> dict[str, str]:
    """What stands after the same passage on both sides and shares words."""
    waiting: dict[tuple[str, str], list[str]] = {}
    known = set(pairs.values())
    before = ""
    for name in old:
        if name in known:
            before = name
        else:
            waiting.setdefault((_kind(name), before), []).append(name)
    found = {}
    before = ""
    for name in new:
        if name in pairs:
            before = pairs[name]
            continue
        there = waiting.get((_kind(name), before), [])
        if there and _alike(old[there[0]], new[name]) >= ALIKE:
            found[name] = there.pop(0)
    return found


def _alike(old: Mapping[str, Any], new: Mapping[str, Any]) -> float:
    one, other = (Counter(words_of(" ".join(all_paragraphs(content)))) for content in (old, new))
    return share_of(one, other)


def moved_of(pairs: Mapping[str, str], old: Text, new: Text) -> set[str]:
    """The fewest passages whose moving explains the order; each kind by itself."""
    places = {name: number for number, name in enumerate(old)}
    moved: set[str] = set()
    for kind in ("section", "question"):
        names = [name for name in new if name in pairs and _kind(name) == kind]
        stay = _rising([places[pairs[name]] for name in names])
        moved |= {name for number, name in enumerate(names) if number not in stay}
    return moved


def _rising(values: Sequence[int]) -> set[int]:
    """The indexes of a longest rising part of `values`."""
    ends: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for index, value in enumerate(values):
        at = bisect_left(ends, value)
        previous.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [value]
        last[at : at + 1] = [index]
    found: set[int] = set()
    index = last[-1] if last else -1
    while index >= 0:
        found.add(index)
        index = previous[index]
    return found
