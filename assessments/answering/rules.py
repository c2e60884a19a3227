"""Who may do what on the day, with answers, paper, adjustments and special consideration."""

from __future__ import annotations

from datetime import date

import rules
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from accounts.models import Person
from accounts.relationships import add_relationship
from accounts.rules import is_aim_admin
from assessments.answering.models import AdjustmentRequest, SpecialConsideration, Transcription
from assessments.permissions import Assessments
from courses.models import Course, CourseAssociate, Enrolment
from courses.rules import is_participant_of, leads_others, oversees_others, trains_others

# What `accounts.relationships` tells of somebody, so that home asks only where there can be an answer.
PAPER_TO_CHECK = "paper_to_check"
ADJUSTMENT_ASKED = "some_adjustment_is_asked_for"
CONSIDERATION_WAITS = "some_special_consideration_waits"


def _paper_to_check(_today: date | Combinable) -> Exists:
    person = OuterRef("pk")
    trains = CourseAssociate.objects.filter(
        course=OuterRef("enrolment__course"), associate=OuterRef(OuterRef("pk"))
    )
    own = Q(enrolment__person=person)
    return Exists(Transcription.objects.to_check().filter(own | Exists(trains)).exclude(typed_by=person))


@rules.predicate
def still_takes_part(person: Person, enrolment: Enrolment) -> bool:
    """Is the person enrolled, and did not withdraw."""
    return enrolment.person_id == person.pk and enrolment.withdrawn_at is None


@rules.predicate
def is_assigned_to(person: Person, thing: Course | Enrolment) -> bool:
    """Trains this course, or the course of this enrolment, under whatever licence."""
    course = thing.pk if isinstance(thing, Course) else thing.course_id
    return CourseAssociate.objects.filter(course=course, associate=person).exists()


add_relationship(PAPER_TO_CHECK, found=_paper_to_check)
# Of those that an AIM admin may answer: see `oversees_others`.
add_relationship(
    ADJUSTMENT_ASKED,
    found=lambda _day: Exists(AdjustmentRequest.objects.to_answer(OuterRef(OuterRef("pk")))),
)
# Of what an AIM admin may decide: see `SpecialConsiderationQuerySet.free_to`.
add_relationship(
    CONSIDERATION_WAITS,
    found=lambda _day: Exists(SpecialConsideration.objects.to_decide(OuterRef(OuterRef("pk")))),
)

rules.add_perm(Assessments.RUN_SITTING, trains_others)
rules.add_perm(Assessments.SEE_SITTING, leads_others)
rules.add_perm(Assessments.READ_CASE_STUDY, is_participant_of | leads_others)
rules.add_perm(Assessments.PUBLISH_COURSE, is_aim_admin)
rules.add_perm(Assessments.PRINT_BOOKLETS, leads_others)
rules.add_perm(Assessments.ANSWER, still_takes_part)
rules.add_perm(Assessments.READ_OWN_SUBMISSION, is_participant_of)
rules.add_perm(Assessments.SEE_TRANSCRIPTION, is_participant_of | leads_others)
rules.add_perm(Assessments.TYPE_TRANSCRIPTION, still_takes_part | trains_others)
rules.add_perm(Assessments.UPLOAD_UNSENT, still_takes_part | trains_others)
rules.add_perm(Assessments.ASK_ADJUSTMENT, still_takes_part)
rules.add_perm(Assessments.GRANT_ADJUSTMENT, leads_others)
rules.add_perm(Assessments.ANSWER_ADJUSTMENT, oversees_others)
rules.add_perm(Assessments.SEE_ALL_ADJUSTMENT_REQUESTS, is_aim_admin)
rules.add_perm(Assessments.TELL_WHAT_HAPPENED, is_participant_of)
rules.add_perm(Assessments.RECORD_CONSIDERATION, trains_others)
rules.add_perm(Assessments.SEE_CONSIDERATIONS, leads_others)
# Who trained it has a part in what happened there, and may not read all that was told of it.
rules.add_perm(Assessments.DECIDE_CONSIDERATION, oversees_others & ~is_assigned_to)
rules.add_perm(Assessments.SEE_ALL_CONSIDERATIONS, is_aim_admin)
