"""Who may do what with case studies, submissions and marking."""

from __future__ import annotations

import rules

from accounts.models import Person
from accounts.rules import is_aim_admin
from assessments.permissions import Assessments
from courses.models import Enrolment
from courses.rules import is_participant_of, leads_others, trains_others


@rules.predicate
def still_takes_part(person: Person, enrolment: Enrolment) -> bool:
    """Is the person enrolled, and did not withdraw."""
    return enrolment.person_id == person.pk and enrolment.withdrawn_at is None


rules.add_perm(Assessments.RUN_SITTING, trains_others)
rules.add_perm(Assessments.SEE_SITTING, leads_others)
rules.add_perm(Assessments.READ_CASE_STUDY, is_participant_of | leads_others)
rules.add_perm(Assessments.PUBLISH_COURSE, is_aim_admin)
rules.add_perm(Assessments.SEE_MARKING, leads_others)

rules.add_perm(Assessments.ANSWER, still_takes_part)
rules.add_perm(Assessments.READ_OWN_SUBMISSION, is_participant_of)
rules.add_perm(Assessments.MARK, trains_others)
rules.add_perm(Assessments.RECOMMEND, trains_others)
rules.add_perm(Assessments.DISAGREE, trains_others)
