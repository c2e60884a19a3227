"""Who may do what with decisions, certificates, results, follow-ups and reports.

Who alone: whether somebody can be certified, and whether an approver has a conflict, is eligibility's.
"""

from __future__ import annotations

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Person
from accounts.relationships import add_relationship
from accounts.rules import is_aim_admin
from assessments.models import Recommendation
from certification.models import Appeal, Appointment, Certificate, FollowUp, PanelMember, Report
from certification.permissions import Certification
from certification.report_kinds import kind_of
from courses.models import Enrolment
from courses.rules import (
    has_been_enrolled_on,
    is_about_oneself,
    is_commissioner_for,
    is_commissioner_of,
    is_participant_of,
    leads_others,
    oversees_others,
    trains_others,
)

APPOINTED = "appointed_to_decide"
# There is somebody at all of whom *not yet competent* was finalised before anybody spoke to them: home asks
# whose turn it is only then.
TO_BE_TOLD = "somebody_is_to_be_told"
add_relationship(APPOINTED, found=lambda _day: Exists(Appointment.objects.filter(associate=OuterRef("pk"))))

# There is an open appeal that they decide; home asks which only then. To The AIM Project it says at once that
# there is one in nobody's hand or in theirs, and one that is overdue: which, its list says.
DECIDES_APPEAL = "decides_an_open_appeal"
APPEAL_WAITS = "an_appeal_waits"
APPEAL_OVERDUE = "an_appeal_is_overdue"


def _open_appeals() -> QuerySet[Appeal]:
    return Appeal.objects.open().exclude(enrolment__person=OuterRef("pk"))


add_relationship(
    DECIDES_APPEAL,
    found=lambda _day: Exists(
        PanelMember.objects.standing().filter(person=OuterRef("pk"), appeal__in=Appeal.objects.open())
    ),
)
add_relationship(
    APPEAL_WAITS,
    found=lambda _day: Exists(_open_appeals().filter(Q(taken_by=OuterRef("pk")) | Q(taken_at__isnull=True))),
)
add_relationship(
    APPEAL_OVERDUE, found=lambda _day: Exists(_open_appeals().filter(answer_due_at__lte=timezone.now()))
)
add_relationship(
    TO_BE_TOLD,
    found=lambda _day: Exists(
        Recommendation.objects.filter(
            conversation_due_on__isnull=False, finalised_at__isnull=False, told_later__isnull=True
        )
    ),
)


def enrolments_open_to(user: Person) -> QuerySet[Enrolment]:
    """Enrolments that `user` may see, those included for which they were appointed to decide."""
    appointed = Appointment.objects.filter(enrolment=OuterRef("pk"), associate=user)
    visible = Enrolment.objects.visible_to(user)
    if user.is_aim_admin:
        return visible
    return Enrolment.objects.filter(Q(pk__in=visible.values("pk")) | Exists(appointed))


@rules.predicate
def is_appointed(person: Person, enrolment: Enrolment) -> bool:
    """Was appointed by The AIM Project to decide on this enrolment, and on no other."""
    return Appointment.objects.filter(enrolment=enrolment, associate=person).exists()


@rules.predicate
def holds(person: Person, certificate: Certificate) -> bool:
    """Is the person whom the certificate names, wherever they work now."""
    return certificate.enrolment.person_id == person.pk


@rules.predicate
def sponsors(person: Person, certificate: Certificate) -> bool:
    """Acts for the organisation that sponsored the certificate's enrolment."""
    return certificate.sponsor_organisation_id in person.organisation_ids


@rules.predicate
def is_commissioner(person: Person) -> bool:
    """Acts for some organisation now."""
    return person.is_authenticated and bool(person.organisation_ids)


@rules.predicate
def is_taken_on(person: Person, follow_up: FollowUp) -> bool:
    """The sponsor said yes to whom it is about; a walk-in's may never have heard of them."""
    return follow_up.enrolment.is_confirmed


@rules.predicate
def is_sponsored(person: Person, follow_up: FollowUp) -> bool:
    """An organisation follows it up; somebody self-funded does so themself."""
    return follow_up.sponsor_organisation_id is not None


@rules.predicate
def is_meant(person: Person, report: Report) -> bool:
    """Is of those for whom this kind of report is."""
    return kind_of(report.kind).audience.may_have.test(person, report)


@rules.predicate
def is_left_out(person: Person, report: Report) -> bool:
    """Is not among those whom the report is about: it leaves out only who asked for it."""
    if report.requested_by_id == person.pk:
        return True
    own = Enrolment.objects.filter(course=report.course_id, sponsor_organisation=report.organisation_id)
    return not own.filter(person=person).exists()


@rules.predicate
def sits_on(person: Person, appeal: Appeal) -> bool:
    """Was appointed to decide this appeal, and not taken off again."""
    return PanelMember.objects.standing().filter(appeal=appeal, person=person).exists()


_handles = (is_commissioner_for & is_taken_on) | oversees_others
_follows_up_oneself = is_about_oneself & ~is_sponsored

rules.add_perm(Certification.OPEN_MY_COURSE, is_participant_of)
rules.add_perm(Certification.SEE_PERSON, is_aim_admin)
rules.add_perm(Certification.SEE_RESULTS, (is_commissioner_of & ~is_aim_admin) | oversees_others)
rules.add_perm(Certification.SEE_FOLLOW_UPS, is_commissioner | is_aim_admin)
rules.add_perm(Certification.SEE_OVER_TIME, is_commissioner | is_aim_admin)
rules.add_perm(Certification.SEE_FOLLOW_UP, _handles | _follows_up_oneself)
rules.add_perm(Certification.RECORD_STEP, (_handles & is_sponsored) | _follows_up_oneself)
rules.add_perm(Certification.DOWNLOAD_REPORT, is_meant & is_left_out)
rules.add_perm(Certification.FINALISE, trains_others)
rules.add_perm(Certification.TELL_LATER, leads_others)
rules.add_perm(Certification.SEE_QUEUE, is_aim_admin)
rules.add_perm(Certification.SEE_COURSE_QUEUE, oversees_others)
rules.add_perm(Certification.DECIDE, oversees_others | (is_appointed & ~has_been_enrolled_on))
rules.add_perm(Certification.ASK_SECOND_MARKER, oversees_others)
rules.add_perm(Certification.APPOINT, oversees_others)
rules.add_perm(Certification.ASK_FOR_REVIEW, is_participant_of)
rules.add_perm(Certification.SEE_APPEALS, is_aim_admin)
rules.add_perm(Certification.OPEN_APPEAL, is_aim_admin | sits_on)
rules.add_perm(Certification.HANDLE_APPEAL, oversees_others)
rules.add_perm(Certification.DECIDE_APPEAL, sits_on)
rules.add_perm(Certification.SEE_BACKLOG, is_aim_admin)
rules.add_perm(Certification.REDACT, oversees_others)
rules.add_perm(Certification.SEE_REGISTER, is_aim_admin)
rules.add_perm(Certification.VIEW_CERTIFICATE, is_aim_admin | holds | sponsors)
rules.add_perm(Certification.PUBLISH_BRANDING, is_aim_admin)
rules.add_perm(Certification.REVOKE, is_aim_admin & ~holds)
