"""Which submissions need a second marking, and why: the one rule that every page and act reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.rows import counted, first
from assessments.answering.models import SampleSeed, Sitting
from assessments.marking.closeness import Close, is_close_to_the_line, with_closeness
from assessments.marking.facts import is_marked, is_override
from assessments.marking.models import DrawnScript, Recommendation, SecondMarkingNumbers
from assessments.states import Outcome
from courses.models import CourseAssociate


class Why(StrEnum):
    """Why a submission is marked a second time, in the order in which it is said."""

    OVERRIDE = "override"
    DISAGREEMENT = "disagreement"
    CLOSE = "close"
    FIRST_COURSES = "first_courses"
    SAMPLE = "sample"


WORDS: dict[Why, Promise] = {
    Why.OVERRIDE: _("Competent is recommended although an essential criterion is not met"),
    Why.DISAGREEMENT: _("The trainers of the course disagree"),
    Why.CLOSE: _("The marks are close to the line between competent and not yet competent"),
    Why.FIRST_COURSES: _("Not yet competent, on one of the Associate’s first courses"),
    Why.SAMPLE: _("Drawn in the sample"),
}


class SecondMarked(Close, Protocol):
    """What `with_second_marking` adds.

    `earlier_courses`: how many courses of the programme whoever recommended the outcome trained before this
    one. `first_courses`: on how many every *not yet* is marked again. `sample_size`: zero where the programme
    draws no sample; `keeps_seed`: whether the course has a seed to draw with. `is_drawn_over`, `is_sampled`:
    of the latest answers.
    """

    earlier_courses: int
    first_courses: int
    sample_size: int
    keeps_seed: bool
    is_drawn_over: bool
    is_sampled: bool


def number_of(field: str, programme: str) -> Coalesce:
    """A number of The AIM Project's for second marking, to annotate with; its default where none was set.

    Args:
        field: of `SecondMarkingNumbers`.
        programme: the look-up that leads to the programme.
    """
    latest = SecondMarkingNumbers.objects.filter(programme=OuterRef(programme)).order_by("-pk")
    default = Value(dict[str, Any](settings.AIM["SECOND_MARKING"])[field])
    return Coalesce(first(latest, field), default, output_field=IntegerField())


def with_second_marking(assessed: QuerySet[Any]) -> QuerySet[Any]:
    """`assessed`, enrolments with their assessment, with what `needed_for` reads, in the same query."""
    recommender = Recommendation.objects.filter(enrolment=OuterRef("pk")).latest_first()
    opened = Sitting.objects.filter(course=OuterRef("course")).values("opened_at")[:1]
    trained = CourseAssociate.objects.filter(
        associate=OuterRef("recommender_id"),
        course__programme=OuterRef("course__programme"),
        course__sitting__opened_at__lt=Coalesce(OuterRef("room_opened_at"), Now()),
    ).exclude(course=OuterRef("course"))
    drawn = DrawnScript.objects.filter(submission=OuterRef("submission_id"))
    return (
        with_closeness(assessed)
        .annotate(recommender_id=first(recommender, "recommended_by"), room_opened_at=opened)
        .annotate(
            earlier_courses=counted(trained),
            first_courses=number_of("first_courses", "course__programme"),
            sample_size=number_of("sample_at_least", "course__programme")
            + number_of("sample_percent", "course__programme"),
            keeps_seed=Exists(SampleSeed.objects.filter(course=OuterRef("course"))),
            is_drawn_over=Exists(drawn),
            is_sampled=Exists(drawn.filter(is_in_sample=True)),
        )
    )


def demanded(facts: SecondMarked) -> list[Why]:
    """Why a second marking is demanded, whatever is drawn; nothing where it is not, or not yet.

    Of somebody not assessed only a disagreement is: nobody decides on their answers.
    """
    found = []
    if is_override(facts):
        found.append(Why.OVERRIDE)
    if facts.standing_disagreements:
        found.append(Why.DISAGREEMENT)
    if facts.submitted_at is None or not is_marked(facts) or facts.outcome == Outcome.NOT_ASSESSED:
        return found
    if is_close_to_the_line(facts) and Why.OVERRIDE not in found:
        found.append(Why.CLOSE)
    if facts.outcome == Outcome.NOT_YET and facts.earlier_courses < facts.first_courses:
        found.append(Why.FIRST_COURSES)
    return found


def needed_for(facts: SecondMarked) -> list[Why]:
    """Why the latest answers need a second marking that is not settled yet; empty: they need none, or had it.

    Args:
        facts: an enrolment read `with_second_marking`.
    """
    if is_settled(facts):
        return []
    found = demanded(facts)
    if facts.is_sampled and facts.outcome != Outcome.NOT_ASSESSED:
        found.append(Why.SAMPLE)
    return found


def awaits_draw(facts: SecondMarked) -> bool:
    """Whether it is not known yet if the latest answers are in the sample of their course.

    Not drawn from are those who were told already that they are not yet competent, or not assessed.
    """
    is_drawn_from = bool(facts.keeps_seed and facts.sample_size) and facts.submitted_at is not None
    is_told = facts.recommendation_finalised_at is not None and facts.outcome != Outcome.COMPETENT
    if not is_drawn_from or is_told or facts.is_drawn_over or is_settled(facts):
        return False
    return not demanded(facts)


def is_settled(facts: SecondMarked) -> bool:
    """Whether the marks that count were settled from two markings."""
    return facts.settled_from_id is not None


def holds_up_finalising(facts: SecondMarked, outcome: str) -> list[Why]:
    """Which of `needed_for` keeps an outcome from being finalised; the rest keeps it from approval.

    *Not yet competent* is told to the person once it is finalised, so that it waits for what is demanded.
    """
    found = needed_for(facts)
    if outcome == Outcome.COMPETENT:
        return [one for one in found if one in (Why.OVERRIDE, Why.DISAGREEMENT)]
    return found
