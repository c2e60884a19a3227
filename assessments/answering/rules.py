"""Who may do what on the day, with answers, paper and adjustments."""

from __future__ import annotations

from datetime import date

import rules
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from accounts.models import Person
from accounts.relationships import add_relationship
from accounts.rules import is_aim_admin
from assessments.answering.models import AdjustmentRequest, Transcription
from assessments.permissions import Assessments
from courses.models import CourseAssociate, Enrolment
from courses.rules import is_participant_of, leads_others, oversees_others, trains_others

# What `accounts.relationships` tells of somebody, so that home asks only where there can be an answer.
PAPER_TO_CHECK = "paper_to_check"
ADJUSTMENT_ASKED = "some_adjustment_is_asked_for"


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


add_relationship(PAPER_TO_CHECK, found=_paper_to_check)
# Of those that an AIM admin may answer: see `oversees_others`.
add_relationship(
    ADJUSTMENT_ASKED,
    found=lambda _day: Exists(AdjustmentRequest.objects.to_answer(OuterRef(OuterRef("pk")))),
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
