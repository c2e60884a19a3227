"""The draws of a course as a page tells them: with all that anyone needs to repeat them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from assessments.answering.models import SampleSeed
from assessments.marking.models import DrawnScript, SampleDraw, SecondMarkingNumbers
from assessments.marking.sampling import chance_of_finding, place_of
from courses.models import Course, Programme

# The shares of faulty scripts for which a page tells what a sample can find.
FAULTY = (0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class Script:
    """One script of a draw.

    Args:
        submission: what was put in order.
        place: what it was put in order by.
        name: whose it is.
        is_in_sample: whether it was drawn.
    """

    submission: UUID
    place: str
    name: str
    is_in_sample: bool


@dataclass(frozen=True)
class OfMarker:
    """Everything that was drawn from of one marker, in the order that the seed gives."""

    marker: str
    scripts: list[Script] = field(default_factory=list)

    @property
    def drawn(self) -> int:
        return sum(one.is_in_sample for one in self.scripts)


@dataclass(frozen=True)
class Draw:
    """One draw, and its scripts by marker."""

    draw: SampleDraw
    markers: list[OfMarker]


def draws_of(course: Course) -> list[Draw]:
    """Every draw of `course`, the latest first: two statements."""
    draws: list[Any] = list(
        SampleDraw.objects.filter(course=course).select_related("seed", "drawn_by").order_by("-pk")
    )
    rows = DrawnScript.objects.filter(draw__course=course).select_related(
        "submission__enrolment__person", "marker"
    )
    found: dict[int, dict[str, OfMarker]] = {}
    seeds = {draw.pk: draw.seed.seed for draw in draws}
    for row in rows:
        of = found.setdefault(row.draw_id, {}).setdefault(row.marker.name, OfMarker(row.marker.name))
        of.scripts.append(
            Script(
                submission=row.submission.uuid,
                place=place_of(seeds[row.draw_id], row.submission.uuid),
                name=row.submission.enrolment.person.name,
                is_in_sample=row.is_in_sample,
            )
        )
    for of_draw in found.values():
        for of in of_draw.values():
            of.scripts.sort(key=lambda one: one.place)
    return [Draw(draw, list(found.get(draw.pk, {}).values())) for draw in draws]


def earlier_numbers(programme: Programme) -> list[SecondMarkingNumbers]:
    """What The AIM Project asked for in `programme`, the latest first; as many as a page shows."""
    rows = programme.second_marking_numbers.select_related("set_by").order_by("-pk")
    return list(rows[:50])


def seeds_kept(course: Course) -> list[SampleSeed]:
    """Those that nobody has drawn with yet: their SHA-256 may be read, they themselves not."""
    return list(SampleSeed.objects.filter(course=course, draw__isnull=True).order_by("number"))


def what_it_finds(sample: int) -> list[tuple[int, int]]:
    """For each share of faulty scripts in per cent, how likely such a sample shows one, in per cent.

    Never 100: no sample is certain to.
    """
    return [(round(share * 100), min(99, round(chance_of_finding(share, sample) * 100))) for share in FAULTY]
