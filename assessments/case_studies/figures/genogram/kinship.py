"""Where the people of a genogram stand: in rows by generation, nobody over anybody, always the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# From the middle of one person to the middle of the next.
APART = 140
PASSES = 12
# Lines on one level leave this much between them.
BETWEEN = 8


@dataclass(frozen=True)
class Couple:
    """One or two partners and their children, by name."""

    partners: tuple[str, ...]
    children: tuple[str, ...]
    is_apart: bool


@dataclass(frozen=True)
class Standing:
    """Where everyone stands.

    Args:
        generations: the names in each row, from left to right; the oldest first.
        middles: how far to the right the middle of each person is.
        couples: in the order of the data.
    """

    generations: list[list[str]]
    middles: dict[str, int]
    couples: list[Couple]


def standing_of(data: dict[str, Any]) -> Standing:
    """Partners side by side where that can be, their children below them."""
    names = [person["name"] for person in data["people"]]
    couples = [
        Couple(tuple(row["partners"]), tuple(row["children"]), row["bond"] == "apart")
        for row in data["couples"]
    ]
    rows = _rows(names, couples)
    middles = _middles(rows, couples)
    return Standing(rows, middles, couples)


def _generations(names: list[str], couples: list[Couple]) -> dict[str, int]:
    """How many generations are above each: one more than their parents, and as many as their partner."""
    found = dict.fromkeys(names, 0)
    # Whoever is their own partner's parent would rise for ever: nobody is deeper than there are people.
    for _step in names:
        before = dict(found)
        for couple in couples:
            level = max(found[name] for name in couple.partners)
            for name in couple.partners:
                found[name] = level
            for name in couple.children:
                found[name] = max(found[name], level + 1)
        if found == before:
            break
    known = sorted(set(found.values()))
    return {name: known.index(level) for name, level in found.items()}


def _rows(names: list[str], couples: list[Couple]) -> list[list[str]]:
    """The people of each generation in the order in which a walk down the family meets them."""
    generation = _generations(names, couples)
    born = {child for couple in couples for child in couple.children}
    of = {name: [couple for couple in couples if name in couple.partners] for name in names}
    rows: list[list[str]] = [[] for _level in range(max(generation.values()) + 1)]
    met: set[str] = set()

    def meet(name: str) -> None:
        if name in met:
            return
        met.add(name)
        for couple in of[name]:
            # Who is named first stands on the left: so somebody with two partners stands between them.
            meet(couple.partners[0])
        rows[generation[name]].append(name)
        for couple in of[name]:
            meet(couple.partners[-1])
        for couple in of[name]:
            for child in couple.children:
                meet(child)

    # From the top; whoever nobody leads to is met at the end.
    starts = sorted((name for name in names if name not in born), key=lambda name: generation[name])
    for name in [*starts, *names]:
        meet(name)
    return rows


def _middles(rows: list[list[str]], couples: list[Couple]) -> dict[str, int]:
    """Children under the middle of their parents and parents over that of their children, as they fit."""
    place = {name: float(index * APART) for row in rows for index, name in enumerate(row)}
    for step in range(PASSES):
        for row in rows if step % 2 == 0 else reversed(rows):
            wanted = {name: [place[name]] for name in row}
            for couple in couples:
                over = _middle(place, couple.partners)
                if step % 2 == 0 and couple.children:
                    shift = over - _middle(place, couple.children)
                    _want(wanted, couple.children, place, shift)
                elif step % 2 == 1 and couple.children:
                    shift = _middle(place, couple.children) - over
                    _want(wanted, couple.partners, place, shift)
            aims = [sum(wanted[name]) / len(wanted[name]) for name in row]
            place |= zip(row, _spaced(aims), strict=True)
    least = min(place.values())
    return {name: round(x - least) for name, x in place.items()}


def _middle(place: dict[str, float], names: Sequence[str]) -> float:
    return (min(place[name] for name in names) + max(place[name] for name in names)) / 2


def _want(
    wanted: dict[str, list[float]], names: Sequence[str], place: dict[str, float], shift: float
) -> None:
    """Each of `names` in this row aims at where it would stand with the whole group moved by `shift`."""
    for name in names:
        if name in wanted:
            wanted[name].append(place[name] + shift)
            # Family weighs more than where one happens to stand.
            wanted[name].append(place[name] + shift)


def _spaced(aims: list[float]) -> list[float]:
    """The places nearest to `aims`, in the same order and at least `APART` from one another.

    Least squares under that condition: neighbours that would come too close stand as one block around
    the mean of their aims (pool adjacent violators; Barlow and others, Statistical Inference under
    Order Restrictions, 1972).
    """
    blocks: list[tuple[float, int]] = []
    for index, aim in enumerate(aims):
        total, size = aim - index * APART, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / size:
            other, members = blocks.pop()
            total, size = total + other, size + members
        blocks.append((total, size))
    places: list[float] = []
    for total, size in blocks:
        places += [total / size + (len(places) + offset) * APART for offset in range(size)]
    return places


def levels(spans: Sequence[tuple[int, int]]) -> list[int]:
    """For each span a level, so that no two of one level touch; the narrow ones first."""
    taken: list[list[tuple[int, int]]] = []
    found = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda index: (spans[index][1] - spans[index][0], index)):
        start, end = spans[index]
        level = 0
        while level < len(taken) and any(
            start <= other + 8 and first <= end + 8 for first, other in taken[level]
        ):
            level += 1
        if level == len(taken):
            taken.append([])
        taken[level].append(spans[index])
        found[index] = level
    return found
