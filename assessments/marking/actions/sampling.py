"""Drawing the sample of a course for second marking, and how much The AIM Project asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.seeding import keep_seed
from assessments.answering.models import SampleSeed, Submission
from assessments.marking.facts import is_marked
from assessments.marking.models import CriterionMark, DrawnScript, SampleDraw, SecondMarkingNumbers
from assessments.marking.readiness import assessed
from assessments.marking.sampling import drawn_from
from assessments.marking.second_marking import awaits_draw
from assessments.states import MarkingRole
from courses.models import Course, Enrolment, Programme


class NothingToDraw(Refused):
    """No marked script waits to be drawn over: all were, or none is marked, or no sample is asked for."""


class NumbersRefused(Refused):
    """Numbers that cannot be meant, or that say no reason.

    Args:
        message: what to do.
        field: which it is about.
    """

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Numbers:
    """How much of a programme is marked a second time; see `SecondMarkingNumbers`."""

    sample_at_least: int
    sample_percent: int
    first_courses: int


def numbers_of(programme: int) -> Numbers:
    """What The AIM Project asks for in the programme of this primary key; else the default."""
    latest = SecondMarkingNumbers.objects.filter(programme=programme).order_by("-pk").first()
    if latest is None:
        return Numbers(**settings.AIM["SECOND_MARKING"])
    return Numbers(latest.sample_at_least, latest.sample_percent, latest.first_courses)


@transaction.atomic
def set_numbers(*, programme: Programme, numbers: Numbers, because: str, by: Person) -> Numbers:
    """Ask for other numbers from now on; draws that were made keep theirs.

    Args:
        programme: whose courses.
        numbers: what is asked for.
        because: why.
        by: an AIM admin.

    Returns:
        the numbers; the same again changes nothing.

    Raises:
        NumbersRefused: not between 0 and 100, or no reason.
    """
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    if numbers_of(programme.pk) == numbers:
        return numbers
    for field in ("sample_at_least", "sample_percent", "first_courses"):
        if not 0 <= getattr(numbers, field) <= 100:
            raise NumbersRefused(_("Enter a whole number from 0 to 100."), field)
    if not because.strip():
        raise NumbersRefused(_("Say why the numbers change. It stays on record."), "because")
    SecondMarkingNumbers.objects.create(
        programme=programme,
        sample_at_least=numbers.sample_at_least,
        sample_percent=numbers.sample_percent,
        first_courses=numbers.first_courses,
        because=because.strip(),
        set_by=by,
    )
    return numbers


def draw_once_marked(*, course: Course, by: Person) -> SampleDraw | None:
    """Draw the sample of `course` if all its submitted answers are marked and some were not drawn over yet.

    Finalising an outcome calls this; where somebody's answers will be marked much later, `draw_sample` is
    asked for by a person.

    Returns:
        the draw; None: nothing was to be drawn, or not yet.
    """
    people: list[Any] = list(assessed(Enrolment.objects.filter(course=course)))
    if any(one.submitted_at is not None and not is_marked(one) for one in people):
        return None
    try:
        return draw_sample(course=course, by=by)
    except NothingToDraw:
        return None


@transaction.atomic
def draw_sample(*, course: Course, by: Person) -> SampleDraw:
    """Draw over all marked scripts of `course` that need no second marking for another reason.

    Who was drawn before stays drawn. A script of an earlier draw is among those drawn from again, so that
    one that was marked later has the chance that it would have had with the others.

    Args:
        course: whose.
        by: a trainer of it, or an AIM admin; whoever asks has asked whether they may.

    Returns:
        the draw, with the seed that can be read from now on.

    Raises:
        NothingToDraw: no marked script waits for a draw.

    Side effects:
        Keeps the seed of the next draw.
    """
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    seed = SampleSeed.objects.filter(course=course, draw__isnull=True).order_by("number").first()
    waiting = _waiting(course)
    if seed is None or not waiting:
        raise NothingToDraw(
            _("Nothing is to be drawn: the sample was drawn, or there are no marked answers to draw from.")
        )
    numbers = numbers_of(course.programme_id)
    drawn_over = DrawnScript.objects.filter(draw__course=course).values_list("submission", flat=True)
    scripts = _markers_of({*waiting, *drawn_over})
    draw = SampleDraw.objects.create(
        course=course,
        seed=seed,
        sample_at_least=numbers.sample_at_least,
        sample_percent=numbers.sample_percent,
        drawn_by=by,
    )
    sample = drawn_from(
        {uuid: markers for uuid, (_pk, markers) in scripts.items()},
        seed=seed.seed,
        at_least=numbers.sample_at_least,
        percent=numbers.sample_percent,
    )
    earlier = set(drawn_over)
    DrawnScript.objects.bulk_create(
        DrawnScript(
            draw=draw,
            submission_id=pk,
            marker_id=marker,
            # Whose approval may have been given since stays as it was drawn.
            is_in_sample=uuid in sample[marker] and pk not in earlier,
        )
        for uuid, (pk, markers) in scripts.items()
        for marker in markers
    )
    keep_seed(course.pk, number=seed.number + 1)
    return draw


def to_draw_from(course: Course) -> int:
    """How many marked scripts of `course` wait for a draw."""
    return len(_waiting(course))


def _waiting(course: Course) -> set[int]:
    """Primary keys of the submissions of `course` that are marked and wait for a draw."""
    people: list[Any] = list(assessed(Enrolment.objects.filter(course=course)))
    return {one.submission_id for one in people if is_marked(one) and awaits_draw(one)}


def _markers_of(submissions: set[int]) -> dict[UUID, tuple[int, list[int]]]:
    """Each submission's UUID with its primary key, and who judged something of its first marking."""
    marks = (
        CriterionMark.objects.judged()
        .filter(marking__submission=OuterRef("pk"), marking__role=MarkingRole.FIRST)
        .order_by("judged_by")
        .values("judged_by")
        .distinct()
    )
    rows = Submission.objects.filter(pk__in=submissions).annotate(markers=ArraySubquery(marks))
    return {row.uuid: (row.pk, row.markers) for row in rows.order_by("pk")}
