"""Who may do what with case studies and the framework."""

from __future__ import annotations

from datetime import date

import rules
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import Person
from accounts.relationships import add_relationship
from accounts.rules import is_aim_admin
from assessments.case_studies.models import FrameworkEdition, Objection, Version, VersionAuthor
from assessments.permissions import Assessments
from courses.models import Licence

# What `accounts.relationships` tells of somebody, so that home asks only where there can be an answer.
ASKED_TO_AGREE = "asked_to_agree_to_some_version"
WRITES = "writes_some_version"
OBJECTS = "objects_to_some_version"
READS_FRAMEWORK = "reads_some_framework"
# And of the site: an AIM admin is concerned with all of it, who acts for an organisation with the latter.
VERSION_UNDERWAY = "some_version_is_underway"
FRAMEWORK = "some_framework_is_published"


def _asked_to_agree(today: date | Combinable) -> Exists:
    held = Licence.objects.in_force(today).filter(associate=OuterRef("pk"))
    proposed = Version.objects.underway().filter(proposed_at__isnull=False)
    in_question = Q(programme__case_study__in=proposed.values("case_study"))
    return Exists(held.filter(in_question | Q(cleared_at__isnull=True)))


def _reads_framework(today: date | Combinable) -> Exists:
    return Exists(FrameworkEdition.objects.current().taught_to(OuterRef(OuterRef("pk")), today))


def _is_known_to(person: Person, version: Version) -> bool:
    """Was read `with_reader` for this very person."""
    return person.is_authenticated and getattr(version, "reader", None) == person.pk


@rules.predicate
def is_licensed_for(person: Person, version: Version) -> bool:
    """Holds a licence, in force today, for the programme of this version."""
    if _is_known_to(person, version):
        return version.reader_is_licensed
    in_force = person.licences.in_force(timezone.localdate())
    return in_force.filter(programme__case_study=version.case_study_id).exists()


@rules.predicate
def was_proposed(person: Person, version: Version) -> bool:
    """Everyone who is licensed is asked about it, or was: a draft is its authors' alone."""
    return version.proposed_at is not None


@rules.predicate
def is_author_of(person: Person, version: Version) -> bool:
    """Was invited to write this version, and still is. AIM admins write every one."""
    if _is_known_to(person, version):
        return version.reader_writes
    return person.is_authenticated and version.authors.filter(person=person, ended_at__isnull=True).exists()


@rules.predicate
def is_author_of_objected(person: Person, objection: Objection) -> bool:
    """Writes the version that was objected to."""
    return is_author_of(person, objection.version)


@rules.predicate
def raised(person: Person, objection: Objection) -> bool:
    """Is who raised this objection."""
    return objection.raised_by_id == person.pk


add_relationship(ASKED_TO_AGREE, found=_asked_to_agree)
add_relationship(
    WRITES,
    found=lambda _day: Exists(VersionAuthor.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)),
)
add_relationship(
    OBJECTS, found=lambda _day: Exists(Objection.objects.standing().filter(raised_by=OuterRef("pk")))
)
add_relationship(READS_FRAMEWORK, found=_reads_framework, leads_somewhere=True)
add_relationship(VERSION_UNDERWAY, found=lambda _day: Exists(Version.objects.underway()))
add_relationship(
    FRAMEWORK, found=lambda _day: Exists(FrameworkEdition.objects.current()), leads_somewhere=True
)

rules.add_perm(Assessments.READ_MODEL_ANSWERS, was_proposed & is_licensed_for | is_author_of | is_aim_admin)
rules.add_perm(Assessments.WRITE_VERSION, is_aim_admin | is_author_of)
rules.add_perm(Assessments.MANAGE_VERSIONS, is_aim_admin)
rules.add_perm(Assessments.AGREE_TO_VERSION, was_proposed & is_licensed_for)
rules.add_perm(Assessments.LEAD_AGREEMENT, is_aim_admin)
rules.add_perm(Assessments.REPLY_TO_OBJECTION, raised | is_author_of_objected | is_aim_admin)
rules.add_perm(Assessments.WITHDRAW_OBJECTION, raised)
rules.add_perm(Assessments.EDIT_FRAMEWORK, is_aim_admin)
