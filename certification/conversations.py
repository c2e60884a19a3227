"""Of whom *not yet competent* was finalised before anybody spoke to them: who still has to, and by when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from assessments.models import Recommendation
from assessments.states import Outcome
from courses.models import Enrolment
from courses.rules import training_now


def awaiting_conversation() -> QuerySet[Recommendation]:
    """Finalised outcomes of which the person was not told, with `holder_trains`.

    One that another finalised round followed is no news any more. Whoever is named to hold it and does
    not train the course now cannot: then The AIM Project does.
    """
    later = Recommendation.objects.filter(
        enrolment=OuterRef("enrolment"), round__gt=OuterRef("round"), finalised_at__isnull=False
    )
    training = training_now().filter(
        course=OuterRef("enrolment__course"), associate=OuterRef("conversation_holder")
    )
    return Recommendation.objects.filter(
        ~Exists(later),
        outcome=Outcome.NOT_YET,
        finalised_at__isnull=False,
        conversation_due_on__isnull=False,
        told_later__isnull=True,
    ).annotate(holder_trains=Exists(training))


def awaited_of(enrolment: Enrolment) -> Recommendation | None:
    """The one of `enrolment` of which they were not told; None where there is none."""
    people = ("conversation_holder", "enrolment__course", "enrolment__person")
    return awaiting_conversation().filter(enrolment=enrolment).select_related(*people).first()


def days_left(recommendation: Recommendation, now: datetime | None = None) -> int:
    """How many days there are until the last one to hold the conversation, where the course meets.

    Zero on that day; below zero once it has passed. For a row that has its enrolment's course.
    """
    today = timezone.localdate(now, recommendation.enrolment.course.zone)
    return (_last_day(recommendation) - today).days


def due_at(recommendation: Recommendation) -> datetime:
    """The moment at which that day is over."""
    following = _last_day(recommendation) + timedelta(days=1)
    return datetime.combine(following, time(), tzinfo=recommendation.enrolment.course.zone)


def _last_day(recommendation: Recommendation) -> date:
    # Each that is found here has one.
    return cast(date, recommendation.conversation_due_on)
