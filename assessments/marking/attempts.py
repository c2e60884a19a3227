"""Earlier attempts of the same person in the same programme, as a marker may know of them: no result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, UUIDField
from django.db.models.functions import Coalesce

from accounts.models import Person
from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.name_order import name_key
from assessments.answering.answer_progress import with_standing_answers
from assessments.answering.models import Submission
from assessments.answering.provenance import with_provenance
from assessments.marking.facts import Assessed, with_assessment
from assessments.marking.models import Marking
from assessments.marking.readiness import AssessedEnrolment, assessed
from courses.histories import accounts_of
from courses.models import Course, CourseAssociate, Enrolment


@dataclass(frozen=True)
class EarlierAttempt:
    """What somebody submitted on another course.

    Args:
        course: its title.
        submitted_at: when.
        version: the number of the case study's version.
        is_same_version: whether it is the one that they answer now.
        associates: who trained that course.
        markers: who marked it, by primary key.
        repeats: who trained or marked it and trains or marked this one too, where the version is the same.
    """

    course: str
    submitted_at: datetime
    version: int
    is_same_version: bool
    associates: list[str]
    markers: dict[int, str]
    repeats: dict[int, str]


def with_earlier(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """With `has_other_attempts`: whether `earlier_attempts` can have any, in the query that reads them."""
    first = Coalesce(OuterRef(OuterRef("person__merged_into")), OuterRef(OuterRef("person")))
    others = Submission.objects.filter(
        enrolment__person__in=Person.objects.accounts_of(first).values("pk"),
        submitted_at__isnull=False,
        course__programme=OuterRef("course__programme"),
    ).exclude(enrolment=OuterRef("pk"))
    return enrolments.annotate(has_other_attempts=Exists(others))


_TO_MARK: Compiled[Any, Any] = Compiled(
    lambda: with_earlier(
        with_standing_answers(
            with_provenance(
                assessed(
                    Enrolment.objects.filter(course=Given("course"), uuid=Given("uuid", UUIDField())).exclude(
                        person=Given("reader")
                    )
                )
            )
        )
    ).select_related("person", "sponsor_organisation")
)


def enrolment_with_facts(course: Course, uuid: UUID, *, reader: Person) -> AssessedEnrolment | None:
    """One enrolment of `course` with all that marking's pages tell of it: one statement.

    Args:
        course: one whose marking the reader may see.
        uuid: which.
        reader: for whom; nobody reads here about themself.
    """
    return next(iter(_TO_MARK.rows(course=course.pk, uuid=uuid, reader=reader.pk)), None)


class Attempt(Assessed, Protocol):
    """What `repeated` asks of an enrolment read with its facts."""

    pk: int
    person_id: int
    person: Person


def repeated(enrolments: Iterable[Attempt]) -> dict[int, list[str]]:
    """Who trained or marked an earlier attempt on the same version, and trains or marks this one too.

    One query where nobody submitted anything on that version before, which is nearly always so; else two.

    Args:
        enrolments: whose latest submission counts.

    Returns:
        Their names in order, by primary key of the enrolment; without those of whom nobody does.
    """
    own = [one for one in enrolments if one.submitted_at]
    people = {one.person.merged_into_id or one.person_id for one in own}
    submitted = defaultdict(list)
    accounts = Person.objects.filter(Q(pk__in=people) | Q(merged_into__in=people))
    for first, version, enrolment, at in Submission.objects.filter(
        enrolment__person__in=accounts.values("pk"),
        version__in={one.version_id for one in own},
        submitted_at__isnull=False,
    ).values_list(
        Coalesce("enrolment__person__merged_into", "enrolment__person"),
        "version",
        "enrolment",
        "submitted_at",
    ):
        submitted[first, version].append((enrolment, at))
    again = [
        one.pk
        for one in own
        for enrolment, at in submitted[one.person.merged_into_id or one.person_id, one.version_id]
        if enrolment != one.pk and at < cast(datetime, one.submitted_at)
    ]
    if not again:
        return {}
    rows: Any = _with_repeats(with_assessment(Enrolment.objects.filter(pk__in=again)))
    found = {row.pk: {*row.repeating_trainers, *row.repeating_markers} for row in rows}
    return {pk: sorted(names, key=name_key) for pk, names in found.items() if names}


def _with_repeats(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    trainers = CourseAssociate.objects.filter(_marked_before("associate"), course=OuterRef("course"))
    markers = Marking.objects.filter(_marked_before("marker"), submission=OuterRef("submission_id"))
    return enrolments.annotate(
        repeating_trainers=ArraySubquery(trainers.values("associate__name")),
        repeating_markers=ArraySubquery(markers.values("marker__name")),
    )


def _marked_before(column: str) -> Exists:
    """Whether who stands in `column`, of a row about an enrolment, had a part in an earlier attempt of it."""
    first = Coalesce(
        OuterRef(OuterRef(OuterRef("person__merged_into"))), OuterRef(OuterRef(OuterRef("person")))
    )
    theirs = OuterRef(OuterRef(column))
    trained = CourseAssociate.objects.filter(course=OuterRef("course"), associate=theirs)
    marked = Marking.objects.filter(submission=OuterRef("pk"), marker=theirs)
    earlier = Submission.objects.filter(
        Exists(trained) | Exists(marked),
        enrolment__person__in=Person.objects.accounts_of(first).values("pk"),
        version=OuterRef(OuterRef("version_id")),
        submitted_at__lt=OuterRef(OuterRef("submitted_at")),
    )
    return Exists(earlier.exclude(enrolment=OuterRef(OuterRef("pk"))))


def earlier_attempts(enrolment: Enrolment) -> list[EarlierAttempt]:
    """What the person of `enrolment` submitted before on other courses of its programme, the latest first.

    Accounts that were merged are one person's. Another programme's never count. One query where there
    is none, else three.
    """
    own = Submission.objects.filter(enrolment=enrolment, submitted_at__isnull=False).order_by("-attempt")
    trained = CourseAssociate.objects.filter(course=OuterRef("course")).values("associate")
    marked = Marking.objects.filter(submission=OuterRef("pk")).values("marker")
    rows: Any = list(
        Submission.objects.filter(
            accounts_of(enrolment.person, "enrolment__person"),
            submitted_at__isnull=False,
            submitted_at__lt=Submission.objects.filter(pk__in=own.values("pk")[:1]).values("submitted_at"),
            course__programme__courses=enrolment.course_id,
        )
        .exclude(enrolment=enrolment)
        .annotate(
            title=F("course__title"),
            number=F("version__number"),
            trainer_ids=ArraySubquery(trained),
            marker_ids=ArraySubquery(marked),
        )
        .order_by("-submitted_at")
    )
    if not rows:
        return []
    latest = own.first()
    version = latest.version_id if latest else None
    now = set(CourseAssociate.objects.filter(course=enrolment.course_id).values_list("associate", flat=True))
    now |= set(Marking.objects.filter(submission__enrolment=enrolment).values_list("marker", flat=True))
    keys = {key for row in rows for key in (*row.trainer_ids, *row.marker_ids)}
    names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [
        EarlierAttempt(
            course=row.title,
            submitted_at=row.submitted_at,
            version=row.number,
            is_same_version=row.version_id == version,
            associates=[names[key] for key in row.trainer_ids],
            markers={key: names[key] for key in row.marker_ids},
            repeats={key: names[key] for key in sorted(now & {*row.trainer_ids, *row.marker_ids})}
            if row.version_id == version
            else {},
        )
        for row in rows
    ]
