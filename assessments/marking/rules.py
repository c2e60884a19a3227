"""Who may mark, recommend an outcome and disagree with one."""

from __future__ import annotations

from uuid import UUID

import rules
from django.db.models import Exists, OuterRef, UUIDField

from accounts.models import Person
from accounts.rules import is_aim_admin
from aimcert.foundation.compiled import Compiled, Given
from assessments.permissions import Assessments
from courses.models import Course, CourseAssociate
from courses.rules import leads_others, trains_others

rules.add_perm(Assessments.SEE_MARKING, leads_others)
rules.add_perm(Assessments.MARK, trains_others)
rules.add_perm(Assessments.RECOMMEND, trains_others)
rules.add_perm(Assessments.DISAGREE, trains_others)
rules.add_perm(Assessments.SEE_ALL_STRENGTHS, is_aim_admin)

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
