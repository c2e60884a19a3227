"""Who may do what with case studies, submissions and marking."""

from __future__ import annotations

import rules
from django.utils import timezone

from accounts.models import Person
from assessments.models import Version
from assessments.permissions import Assessments
from courses.models import Enrolment
from courses.rules import (
    is_about_oneself,
    is_aim_admin,
    is_participant_of,
    is_trainer_of,
)


@rules.predicate
def still_takes_part(person: Person, enrolment: Enrolment) -> bool:
    """Is the person enrolled, and did not withdraw."""
    return enrolment.person_id == person.pk and enrolment.withdrawn_at is None


@rules.predicate
def is_licensed_for(person: Person, version: Version) -> bool:
    """Holds a licence, in force today, for the programme of this version."""
    in_force = person.licences.in_force(timezone.localdate())
    return in_force.filter(programme__case_study=version.case_study_id).exists()


# Nobody handles their own.
trains_another = is_trainer_of & ~is_about_oneself
administers_another = is_aim_admin & ~is_about_oneself

rules.add_perm(Assessments.RUN_SITTING, is_trainer_of)
rules.add_perm(Assessments.SEE_SITTING, is_trainer_of | is_aim_admin)
rules.add_perm(Assessments.READ_CASE_STUDY, is_participant_of | is_trainer_of | is_aim_admin)
rules.add_perm(Assessments.PUBLISH_COURSE, is_aim_admin)
rules.add_perm(Assessments.SEE_MARKING, is_trainer_of | is_aim_admin)

rules.add_perm(Assessments.ANSWER, still_takes_part)
rules.add_perm(Assessments.READ_OWN_SUBMISSION, is_participant_of)
rules.add_perm(Assessments.READ_MARKING, trains_another | administers_another)
rules.add_perm(Assessments.MARK, trains_another)
rules.add_perm(Assessments.RECOMMEND, trains_another)
rules.add_perm(Assessments.DISAGREE, trains_another)

rules.add_perm(Assessments.READ_MODEL_ANSWERS, is_licensed_for | is_aim_admin)
rules.add_perm(Assessments.AGREE_TO_VERSION, is_licensed_for)
