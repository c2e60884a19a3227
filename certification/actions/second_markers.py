"""Asking somebody with no part in a course to mark some of its answers a second time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.refusals import Refused
from assessments.locks import lock_enrolment
from assessments.marking.actions import end_asking
from assessments.marking.differences import second_of
from assessments.marking.emails import tell_asked_again
from assessments.marking.facts import is_marked
from assessments.marking.second_marking import Why, is_settled, needed_for
from assessments.models import Marking, SecondMarker
from assessments.states import MarkingRole
from certification.actions.deciding import ReasonMissing
from certification.eligibility import Parties, approvers, conflicts_of, parties_of, with_parties
from courses.models import Course, Enrolment, Licence


class CannotMarkAgain(Refused):
    """This person is not licensed for the programme, or has a part in the course or a conflict."""


@dataclass(frozen=True)
class Needing:
    """Somebody whose latest answers need a second marking, or had one.

    Args:
        enrolment: read `with_parties`.
        why: why; empty: it was settled.
        asked: who marks it a second time; None: nobody was asked yet.
        is_finished, is_settled: how far that is.
    """

    enrolment: Any
    why: list[Why]
    asked: SecondMarker | None
    is_finished: bool
    is_settled: bool


def needing_second_marker(course: Course) -> list[Needing]:
    """Everyone of `course` whose answers need a second marking or had one, by name: two statements."""
    asked = {
        one.submission_id: one
        for one in SecondMarker.objects.filter(submission__course=course, ended_at__isnull=True)
        .annotate(is_finished=Exists(_finished()))
        .select_related("marker")
    }
    found = []
    for row in cast(list[Any], parties_of(course)):
        one, why = asked.get(row.submission_id), needed_for(row) if is_marked(row) else []
        if why or one is not None:
            finished = one is not None and one.is_finished
            found.append(Needing(row, why, one, finished, is_settled(row)))
    return found


def asked_on(course: Course) -> list[SecondMarker]:
    """Everybody who was asked to mark answers of `course` a second time, also whom it was taken back from."""
    rows = SecondMarker.objects.filter(submission__course=course)
    return list(rows.select_related("marker", "submission__enrolment").order_by("pk"))


def _finished() -> QuerySet[Marking]:
    return Marking.objects.filter(
        submission=OuterRef("submission"),
        marker=OuterRef("marker"),
        role=MarkingRole.SECOND,
        finalised_at__isnull=False,
    )


def free_second_markers(course: Course, enrolments: Collection[Any]) -> list[Person]:
    """Associates licensed for the programme today who may mark all of `enrolments` a second time, by name.

    Args:
        course: theirs.
        enrolments: read `with_parties`.
    """
    licences = Licence.objects.in_force(timezone.localdate()).filter(
        associate=OuterRef("pk"), programme=course.programme_id
    )
    people = Person.objects.filter(Exists(licences), is_active=True)
    free = {
        one.person_id
        for one in approvers(people)
        if not any(conflicts_of(one, cast(Parties, row)) for row in enrolments)
    }
    return list(Person.objects.filter(pk__in=free).order_by(InOrder("name"), "pk"))


@transaction.atomic
def ask_second_marker(
    *, course: Course, people: Collection[UUID], associate: Person, by: Person
) -> list[SecondMarker]:
    """Ask an Associate to mark the answers of these people a second time, blind.

    Args:
        course: theirs.
        people: UUIDs of enrolments; those who need nobody, or for whom somebody was asked, are left out.
        associate: licensed for the programme today, without a part in the course or a conflict.
        by: an AIM admin.

    Returns:
        what they were asked for; asked again, nothing more.

    Raises:
        CannotMarkAgain.

    Side effects:
        A letter to the Associate, which names neither the course nor anybody.
    """
    keys = list(
        Enrolment.objects.select_for_update(of=("self",))
        .filter(course=course, uuid__in=people, frozen_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    open_ones = SecondMarker.objects.filter(submission__course=course, ended_at__isnull=True)
    taken = set(open_ones.values_list("submission", flat=True))
    rows: list[Any] = list(with_parties(Enrolment.objects.filter(pk__in=keys)).order_by("pk"))
    needing = [row for row in rows if is_marked(row) and needed_for(row) and row.submission_id not in taken]
    if not needing:
        return []
    if associate not in free_second_markers(course, needing):
        raise CannotMarkAgain(
            _(
                "Choose an Associate who is licensed for this programme, without a part in the course or a"
                " conflict with anybody whom you chose."
            )
        )
    made = [
        SecondMarker.objects.create(submission_id=row.submission_id, marker=associate, asked_by=by)
        for row in needing
    ]
    tell_asked_again(associate)
    return made


@transaction.atomic
def end_second_marking(*, script: SecondMarker, because: str, by: Person) -> SecondMarker:
    """Take back what somebody was asked to mark a second time, so that somebody else can be asked.

    Args:
        script: that asked them; not finished.
        because: why.
        by: an AIM admin.

    Returns:
        the row; taken back before, as it was.

    Raises:
        CannotMarkAgain: it is finished.
        ReasonMissing: no reason.
        MarkingFinalised: the outcome was approved.
    """
    if not because.strip():
        raise ReasonMissing(_("Say why you take it back."))
    found = SecondMarker.objects.select_related("submission").get(pk=script.pk)
    lock_enrolment(found.submission.enrolment_id)
    second = second_of(found.submission_id)
    if second is not None and second.marker_id == found.marker_id and second.finalised_at is not None:
        raise CannotMarkAgain(_("This second marking is finished: it is settled now, not taken back."))
    return end_asking(found, because=because, by=by)
