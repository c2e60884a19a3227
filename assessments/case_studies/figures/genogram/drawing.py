"""A genogram drawn: a row for each generation, lines between partners and down to their children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.case_studies.figures.drawing import Box, height_of, joined, lines_of, picture, written
from assessments.case_studies.figures.genogram import kinship

KEY = gettext_lazy(
    "A circle is female, a square male, a diamond not said; the doubled shape is the young person. A cross:"
    " has died. A line from below joins partners, and leads down to their children; two strokes across it:"
    " they are apart."
)

SHAPE, NAME, NOTE = 46, 15, 13
WIDTH = 124
MARGIN, BEFORE, STEP, AFTER = 12, 10, 13, 22


@dataclass(frozen=True)
class Laid:
    """What is drawn where, before it is drawn: see `laid`."""

    boxes: dict[str, Box]
    lines: list[str]
    cuts: list[tuple[int, int]]
    width: int
    height: int


def laid(data: dict[str, Any]) -> Laid:
    """Where everyone's shape and words stand, the lines between them, and where a line is cut."""
    people = {person["name"]: person for person in data["people"]}
    stands = kinship.standing_of(data)
    left = MARGIN + WIDTH // 2
    middles = {name: x + left for name, x in stands.middles.items()}
    generation = {name: level for level, names in enumerate(stands.generations) for name in names}
    heights = {name: _height(person) for name, person in people.items()}
    ends = _ends(stands.couples, middles)
    lines: list[str] = []
    cuts: list[tuple[int, int]] = []
    boxes: dict[str, Box] = {}
    drops: dict[str, list[int]] = {}
    top = MARGIN
    for level, names in enumerate(stands.generations):
        for name in names:
            boxes[name] = Box(middles[name] - WIDTH // 2, top, WIDTH, heights[name])
        foot = top + max(heights[name] for name in names)
        here = [i for i, couple in enumerate(stands.couples) if generation[couple.partners[0]] == level]
        joins = kinship.levels([(min(ends[i]), max(ends[i])) for i in here])
        joints = {i: foot + BEFORE + STEP * (joins[at] + 1) for at, i in enumerate(here)}
        deepest = max(joints.values(), default=foot)
        parents = [i for i in here if stands.couples[i].children]
        spans = []
        drop = {i: _drop(ends[i], [middles[child] for child in stands.couples[i].children]) for i in parents}
        for i in parents:
            xs = [drop[i], *(middles[child] for child in stands.couples[i].children)]
            spans.append((min(xs), max(xs)))
        bars = kinship.levels(spans)
        for i in here:
            for name, x in zip(stands.couples[i].partners, ends[i], strict=True):
                lines.append(f"M{x} {top + heights[name]}V{joints[i]}")
            lines.append(f"M{min(ends[i])} {joints[i]}H{max(ends[i])}")
            if stands.couples[i].is_apart:
                # A quarter of the way, so that the children's line stays clear of it.
                cuts.append((min(ends[i]) + (max(ends[i]) - min(ends[i])) // 4, joints[i]))
        for at, i in enumerate(parents):
            bar = deepest + STEP * (bars[at] + 1)
            lines.append(f"M{drop[i]} {joints[i]}V{bar}M{spans[at][0]} {bar}H{spans[at][1]}")
            for child in stands.couples[i].children:
                drops.setdefault(child, []).append(bar)
        deepest += STEP * (max(bars, default=-1) + 1)
        top = (deepest if here else foot) + AFTER
    for child, starts in drops.items():
        lines += [f"M{middles[child]} {start}V{boxes[child].y}" for start in starts]
    width = max(box.x + box.width for box in boxes.values()) + MARGIN
    return Laid(boxes, lines, cuts, width, top)


def _drop(ends: list[int], children: list[int]) -> int:
    """Where the line to a couple's children leaves theirs: in the middle, or straight above a child."""
    middle = sum(ends) // len(ends)
    near = [x for x in children if abs(x - middle) <= STEP and min(ends) <= x <= max(ends)]
    return near[0] if near else middle


def _ends(couples: list[kinship.Couple], middles: dict[str, int]) -> list[list[int]]:
    """Where each couple's lines leave its partners: beside one another where somebody has several."""
    of: dict[str, list[int]] = {}
    for index, couple in enumerate(couples):
        for name in couple.partners:
            of.setdefault(name, []).append(index)
    for indexes in of.values():
        # To the left for who stands on the left, so that the lines need not cross.
        indexes.sort(key=lambda index: (sum(middles[other] for other in couples[index].partners), index))
    return [
        [
            middles[name] + round((of[name].index(index) - (len(of[name]) - 1) / 2) * STEP)
            for name in couple.partners
        ]
        for index, couple in enumerate(couples)
    ]


def _words(person: dict[str, Any]) -> tuple[list[str], list[str]]:
    return lines_of(person["name"], NAME, WIDTH), lines_of(person["note"], NOTE, WIDTH)


def _height(person: dict[str, Any]) -> int:
    name, note = _words(person)
    return SHAPE + 6 + height_of(name, NAME) + height_of(note, NOTE) + 4


def drawn(data: dict[str, Any], *, title: str) -> SafeString:
    """The family, a row for each generation.

    Args:
        data: without a problem.
        title: what the picture is called.
    """
    found = laid(data)
    young, *_others = data["people"]
    about = _("%(count)d people, around %(name)s. The table below says the same in words.") % {
        "count": len(data["people"]),
        "name": young["name"],
    }
    lines = [format_html('<path class="figure-line" d="{}"/>', line) for line in found.lines]
    cuts = [
        format_html('<path class="figure-cut" d="M{} {}l8 -16M{} {}l8 -16"/>', x - 7, y + 8, x, y + 8)
        for x, y in found.cuts
    ]
    people = [
        _person(person, found.boxes[person["name"]], is_young=person is young) for person in data["people"]
    ]
    inside = joined([*lines, *cuts, *people])
    return picture(
        "genogram", width=found.width, height=found.height, title=title, about=about, inside=inside
    )


def _person(person: dict[str, Any], box: Box, *, is_young: bool) -> SafeString:
    middle = box.x + box.width // 2
    name, note = _words(person)
    below = box.y + SHAPE + 6
    parts = [_shape(person["sex"], middle, box.y, SHAPE)]
    if is_young:
        parts.append(_shape(person["sex"], middle, box.y + 6, SHAPE - 12))
    if person["died"]:
        left, right = middle - SHAPE // 2, middle + SHAPE // 2
        foot = box.y + SHAPE
        cross = f"M{left} {box.y}L{right} {foot}M{right} {box.y}L{left} {foot}"
        parts.append(format_html('<path class="figure-shape" d="{}"/>', cross))
    words = joined(
        [
            written(name, x=middle, y=below, size=NAME, anchor="middle", bold=True),
            written(note, x=middle, y=below + height_of(name, NAME), size=NOTE, anchor="middle"),
        ]
    )
    parts.append(format_html('<g fill="currentColor" stroke="none">{}</g>', words))
    return joined(parts)


def _shape(sex: str, middle: int, top: int, size: int) -> SafeString:
    half = size // 2
    if sex == "male":
        return format_html(
            '<rect class="figure-shape" x="{}" y="{}" width="{}" height="{}"/>',
            middle - half + 1,
            top + 1,
            size - 2,
            size - 2,
        )
    if sex == "female":
        return format_html(
            '<circle class="figure-shape" cx="{}" cy="{}" r="{}"/>', middle, top + half, half - 1
        )
    return format_html(
        '<path class="figure-shape" d="M{} {}l{} {}l-{} {}l-{} -{}z"/>',
        middle,
        top + 1,
        half,
        half - 1,
        half,
        half - 1,
        half,
        half - 1,
    )
