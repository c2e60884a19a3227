"""When the day begins, and when answering ends for one participant, who may have been granted time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db.models import (
    DateTimeField,
    Exists,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from assessments.answering.models import Sitting, Submission, TimeGrant
from assessments.states import Granted
from courses.models import Course, Enrolment


class TimeGranted(Protocol):
    """What `with_hours` adds: the time that was granted to one enrolment."""

    granted_minutes: int
    granted_until: datetime | None
    reopened_at: datetime | None


class WithHours(TimeGranted, Protocol):
    """An enrolment read `with_hours`, and with its course's sitting."""

    course: Any


def first_day(course: Course) -> date | None:
    """The day of its first session, in its own zone: from then on its case study can be released."""
    first: datetime | None = course.sessions.aggregate(at=Min("starts_at"))["at"]
    return first.astimezone(course.zone).date() if first else None


def granted_to(**enrolment: Any) -> dict[str, Any]:
    """Annotations that say what was granted to one enrolment, but for what begins later.

    Args:
        enrolment: conditions of which, such as `enrolment=OuterRef("pk")`.

    Returns:
        `granted_minutes`, `granted_until` and `reopened_at`, for `ends_for`.
    """
    # By PostgreSQL's clock, as in `participation.GRANTS`: a statement that is put together once holds no
    # moment.
    begun = Q(starts_at__isnull=True) | Q(starts_at__lte=Now())
    grants = TimeGrant.objects.filter(begun, **enrolment).order_by().values("enrolment")
    reopened_at = Coalesce("starts_at", "granted_at")

    def of(found: Any, output: Any) -> Subquery:
        return Subquery(grants.annotate(found=found).values("found"), output_field=output)

    return {
        "granted_minutes": Coalesce(of(Sum("minutes"), IntegerField()), 0),
        "granted_until": of(Max("until"), DateTimeField()),
        "reopened_at": of(Max(reopened_at, filter=Q(what=Granted.REOPENED)), DateTimeField()),
    }


def with_hours(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """`enrolments` with what was granted to each, in the one query that reads them."""
    return enrolments.annotate(**granted_to(enrolment=OuterRef("pk")))


def with_answers_in(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """With `has_answers_in`: they submitted, and answering was not opened again for them since."""
    # Whether it has begun or not: they will write once more.
    reopened = TimeGrant.objects.filter(enrolment=OuterRef("enrolment"), what=Granted.REOPENED)
    again = reopened.alias(at=Coalesce("starts_at", "granted_at")).filter(at__gte=OuterRef("submitted_at"))
    submitted = Submission.objects.filter(enrolment=OuterRef("pk"), submitted_at__isnull=False)
    return enrolments.annotate(has_answers_in=Exists(submitted.filter(~Exists(again))))


def read_with_hours(enrolment: int) -> Any:
    """One enrolment, by its id, read `with_hours` and with its course's sitting.

    To be called once the enrolment is locked: what comes with a lock may be older than it.
    """
    return with_hours(Enrolment.objects.select_related("course__sitting").filter(pk=enrolment)).get()


def sitting_of(enrolment: Enrolment | WithHours) -> Sitting | None:
    """The day of the enrolment's course; None before the trainer began it."""
    return getattr(enrolment.course, "sitting", None)


def ends_for(sitting: Sitting | None, enrolment: TimeGranted) -> datetime | None:
    """When answering ended or will for an enrolment that was read `with_hours`; None: nobody said when."""
    if sitting is None:
        return None
    return sitting.closes_at_for(extra_minutes=enrolment.granted_minutes, until=enrolment.granted_until)


def is_over(enrolment: WithHours, *, grace: timedelta = timedelta()) -> bool:
    """Whether answering ended for an enrolment that was read `with_hours`, so long ago."""
    ends_at = ends_for(sitting_of(enrolment), enrolment)
    return ends_at is not None and ends_at + grace <= timezone.now()


def is_open_again(enrolment: WithHours, submitted_at: datetime, *, grace: timedelta = timedelta()) -> bool:
    """Whether another attempt can follow the one submitted then: answering was opened for them since."""
    reopened_at = enrolment.reopened_at
    return reopened_at is not None and reopened_at > submitted_at and not is_over(enrolment, grace=grace)


def can_answer(enrolment: WithHours, submitted_at: datetime | None) -> bool:
    """Whether they can write as it is.

    Args:
        enrolment: read `with_hours`.
        submitted_at: when their latest attempt was submitted; None where it was not.
    """
    if submitted_at is not None and not is_open_again(enrolment, submitted_at):
        return False
    return not is_over(enrolment)


def has_own_end(enrolment: WithHours) -> bool:
    """Whether their answering ends at a moment that was granted to them alone, which another can move on."""
    ends_at = ends_for(sitting_of(enrolment), enrolment)
    return ends_at is not None and enrolment.granted_until == ends_at


def sitting_to_come(enrolment: int) -> TimeGrant | None:
    """The next sitting of an enrolment, by its id, that was granted to them alone and has not begun."""
    ahead = TimeGrant.objects.filter(enrolment=enrolment, starts_at__gt=Now())
    return ahead.order_by("starts_at", "pk").first()


def minutes_until(end: datetime, now: datetime) -> int:
    """Whole minutes from `now` until `end`, rounded up; zero once it has passed."""
    return max(0, -((now - end) // timedelta(minutes=1)))
