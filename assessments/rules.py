"""Who may do what with case studies, submissions and marking."""

from __future__ import annotations

import rules
from django.utils import timezone

from accounts.models import Person
from accounts.rules import is_aim_admin
from assessments.models import Objection, Version
from assessments.permissions import Assessments
from courses.models import Enrolment
from courses.rules import is_participant_of, leads_others, trains_others


@rules.predicate
def still_takes_part(person: Person, enrolment: Enrolment) -> bool:
    """Is the person enrolled, and did not withdraw."""
    return enrolment.person_id == person.pk and enrolment.withdrawn_at is None


@rules.predicate
def is_licensed_for(person: Person, version: Version) -> bool:
    """Holds a licence, in force today, for the programme of this version."""
    in_force = person.licences.in_force(timezone.localdate())
    return in_force.filter(programme__case_study=version.case_study_id).exists()


@rules.predicate
def was_proposed(person: Person, version: Version) -> bool:
    """Everyone who is licensed is asked about it, or was: a draft is its authors' alone."""
    return version.proposed_at is not None


@rules.predicate
def is_author_of(person: Person, version: Version) -> bool:
    """Was invited to write this version, and still is. AIM admins write every one."""
    return person.is_authenticated and version.authors.filter(person=person, ended_at__isnull=True).exists()


@rules.predicate
def is_author_of_objected(person: Person, objection: Objection) -> bool:
    """Writes the version that was objected to."""
    return is_author_of(person, objection.version)


@rules.predicate
def raised(person: Person, objection: Objection) -> bool:
    """Is who raised this objection."""
    return objection.raised_by_id == person.pk


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

rules.add_perm(Assessments.READ_MODEL_ANSWERS, was_proposed & is_licensed_for | is_author_of | is_aim_admin)
rules.add_perm(Assessments.WRITE_VERSION, is_aim_admin | is_author_of)
rules.add_perm(Assessments.MANAGE_VERSIONS, is_aim_admin)
rules.add_perm(Assessments.AGREE_TO_VERSION, was_proposed & is_licensed_for)
rules.add_perm(Assessments.LEAD_AGREEMENT, is_aim_admin)
rules.add_perm(Assessments.REPLY_TO_OBJECTION, raised | is_author_of_objected | is_aim_admin)
rules.add_perm(Assessments.WITHDRAW_OBJECTION, raised)

rules.add_perm(Assessments.EDIT_FRAMEWORK, is_aim_admin)
rules.add_perm(Assessments.SEE_ALL_STRENGTHS, is_aim_admin)
