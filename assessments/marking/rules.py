"""Who may mark, recommend an outcome and disagree with one."""

from __future__ import annotations

from uuid import UUID

import rules
from django.db.models import Exists, OuterRef, Q, UUIDField

from accounts.models import Person
from accounts.relationships import add_relationship
from accounts.rules import is_aim_admin
from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.rows import first
from assessments.marking.models import Marking, SecondMarker, SettlementProposal
from assessments.permissions import Assessments
from assessments.states import MarkingRole
from courses.models import Course, CourseAssociate
from courses.rules import is_trainer_of, leads_others, oversees_others, trains_others

# What `accounts.relationships` tells of somebody, so that home need not ask.
MARKS_AGAIN = "was_asked_to_mark_something_a_second_time"
AGAIN_WAITS = "a_second_marking_waits_for_them"


def _asked(**open_: bool) -> Exists:
    """The condition on a person that they were asked to mark something a second time."""
    asked = SecondMarker.objects.filter(marker=OuterRef("pk"), ended_at__isnull=True)
    if not open_:
        return Exists(asked)
    finished = Marking.objects.filter(
        submission=OuterRef("submission"),
        marker=OuterRef("marker"),
        role=MarkingRole.SECOND,
        finalised_at__isnull=False,
    )
    own = SettlementProposal.objects.filter(submission=OuterRef("submission"), is_from_second=True)
    # What they proposed last waits for the other side.
    answered = SettlementProposal.objects.filter(
        submission=OuterRef("submission"), is_from_second=False, pk__gt=OuterRef("own_proposal")
    )
    waits = asked.filter(submission__settlement__isnull=True).annotate(
        own_proposal=first(own.order_by("-pk"), "pk")
    )
    return Exists(waits.filter(~Exists(finished) | Q(own_proposal__isnull=True) | Exists(answered)))


add_relationship(MARKS_AGAIN, found=lambda _day: _asked(), leads_somewhere=True)
add_relationship(AGAIN_WAITS, found=lambda _day: _asked(waits=True))


rules.add_perm(Assessments.SEE_MARKING, leads_others)
rules.add_perm(Assessments.MARK, trains_others)
rules.add_perm(Assessments.RECOMMEND, trains_others)
rules.add_perm(Assessments.DISAGREE, trains_others)
rules.add_perm(Assessments.SEE_ALL_STRENGTHS, is_aim_admin)
rules.add_perm(Assessments.SETTLE_AS_ADMIN, oversees_others & ~is_trainer_of)
rules.add_perm(Assessments.SET_SECOND_MARKING, is_aim_admin)

_TRAINED: Compiled[Course, Course] = Compiled(
    lambda: Course.objects.filter(
        Exists(CourseAssociate.objects.filter(course=OuterRef("pk"), associate=Given("person"))),
        uuid=Given("course", UUIDField()),
    ).select_related("sitting", "programme", "pin")
)


def trained_course(person: Person, uuid: UUID) -> Course | None:
    """The course of `uuid`, with its day and its pin, if `person` is assigned to it: one statement.

    Of what `Course.objects.visible_to` lets them see, what a marker's pages ask for again and again.
    """
    return next(iter(_TRAINED.rows(person=person.pk, course=uuid)), None)
