"""Who may be told what about a result: one place, which pages, reports, letters and home read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict
from uuid import UUID

from django.db.models import (
    Exists,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Person
from aimcert.foundation.rows import first
from assessments.answering.hours import ends_for, with_hours
from assessments.models import Recommendation, Sitting, Submission
from assessments.states import Outcome
from certification.models import Certificate, Decision, FollowUp
from certification.states import CertificateState, DecisionKind, Viewer
from courses.models import Course, Enrolment, Session, confirmed
from courses.rules import own_places

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Shown(TextChoices):
    """What may be said of where somebody stands on a course."""

    ENROLLED = "enrolled", _("Enrolled")
    ON_COURSE = "on_course", _("On the course")
    ANSWERING = "answering", _("Questions open")
    NOTHING_SENT = "nothing_sent", _("No answers handed in")
    BEING_MARKED = "being_marked", _("Being marked")
    WITH_AIM = "with_aim", _("With The AIM Project")
    RETURNED = "returned", _("Back with the trainer")
    FEEDBACK_WAITS = "feedback_waits", _("Feedback to read")
    NOT_YET = "not_yet", _("Not yet competent")
    NOT_ASSESSED = "not_assessed", _("Not assessed")
    CERTIFIED = "certified", _("Competent")
    CERTIFICATE_ENDED = "certificate_ended", _("Certificate no longer valid")
    WITHDRAWN = "withdrawn", _("Withdrew")
    CANCELLED = "cancelled", _("Course cancelled")


class Following(TextChoices):
    """Where a follow-up stands."""

    NOT_TOLD = "not_told", _("Nobody has spoken to them yet")
    WITH_PERSON = "with_person", _("With the person, who reads it first")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


TONES: dict[str, str] = {
    Shown.CERTIFIED: "good",
    Shown.NOT_YET: "waiting",
    Shown.NOT_ASSESSED: "waiting",
    Shown.FEEDBACK_WAITS: "waiting",
    Shown.RETURNED: "attention",
    Shown.CERTIFICATE_ENDED: "attention",
    Shown.WITH_AIM: "info",
    Shown.BEING_MARKED: "info",
}
# Where sessions, questions or both are still to come, so that something is expected of the person.
TO_COME = (Shown.ENROLLED, Shown.ON_COURSE, Shown.ANSWERING, Shown.NOTHING_SENT, Shown.BEING_MARKED)
RESULTS = (Shown.NOT_YET, Shown.NOT_ASSESSED, Shown.CERTIFIED, Shown.CERTIFICATE_ENDED)
# Where no certificate comes of this place, or none any more: its name is of no use to anybody.
WITHOUT_CERTIFICATE = (
    Shown.FEEDBACK_WAITS,
    Shown.NOT_YET,
    Shown.NOT_ASSESSED,
    Shown.CERTIFICATE_ENDED,
    Shown.WITHDRAWN,
    Shown.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one viewer may be told about one enrolment, and nothing else.

    Args:
        stage: where it stands, for this viewer.
        marking_due_on: the day told to the room, while it is being marked.
        certificate: UUID of the certificate that may be opened, with its reference and day of issue.
        follow_up: UUID of the follow-up that may be read about, and where it stands.
    """

    stage: Shown
    marking_due_on: date | None = None
    certificate: UUID | None = None
    certificate_reference: str = ""
    certificate_issued_on: date | None = None
    follow_up: UUID | None = None
    following: Following | None = None
    closed_at: datetime | None = None

    @property
    def tone(self) -> str:
        """The tone of its tag, which always stands beside the words."""
        return TONES.get(self.stage, "neutral")


class _Results(TypedDict):
    """What `with_results` adds."""

    granted_minutes: int
    granted_until: datetime | None
    reopened_at: datetime | None
    first_start: datetime | None
    last_end: datetime | None
    shown_submitted_at: datetime | None
    shown_recommendation_id: int | None
    shown_outcome: str | None
    shown_certificate: UUID | None
    shown_certificate_number: int
    shown_certificate_state: str | None
    shown_certificate_issued_on: date | None
    shown_decision: str | None
    shown_follow_up: UUID | None
    shown_read_at: datetime | None
    shown_released_at: datetime | None
    shown_closed_at: datetime | None


EnrolmentWithResults: TypeAlias = "WithAnnotations[Enrolment, _Results]"


def with_results(enrolments: QuerySet[Enrolment]) -> QuerySet[EnrolmentWithResults]:
    """`enrolments` with the facts that `told` reads, in the one query that reads them.

    The latest finalised recommendation counts: a round that was reopened and is not finalised says
    nothing to anyone but its trainers.
    """
    sessions = Session.objects.filter(course=OuterRef("course_id")).order_by().values("course")
    submissions = Submission.objects.filter(enrolment=OuterRef("pk"), submitted_at__isnull=False)
    finalised = Recommendation.objects.filter(enrolment=OuterRef("pk"), finalised_at__isnull=False)
    finalised = finalised.latest_first()
    certificates = Certificate.objects.filter(enrolment=OuterRef("pk")).order_by("-pk")
    follow_ups = FollowUp.objects.filter(recommendation=OuterRef("shown_recommendation_id"))
    decisions = Decision.objects.filter(recommendation=OuterRef("shown_recommendation_id"))
    return (
        with_hours(enrolments.select_related("course", "course__sitting"))
        .annotate(
            first_start=Subquery(sessions.annotate(at=Min("starts_at")).values("at")),
            last_end=Subquery(sessions.annotate(at=Max("ends_at")).values("at")),
            shown_submitted_at=first(submissions.order_by("-attempt"), "submitted_at"),
            shown_recommendation_id=first(finalised, "pk"),
            shown_outcome=first(finalised, "outcome"),
            shown_certificate=first(certificates, "uuid"),
            shown_certificate_number=first(certificates, "number"),
            shown_certificate_state=first(certificates, "state"),
            shown_certificate_issued_on=first(certificates, "issued_on"),
        )
        .annotate(
            shown_decision=first(decisions, "kind"),
            shown_follow_up=first(follow_ups, "uuid"),
            shown_read_at=first(follow_ups, "read_at"),
            shown_released_at=first(follow_ups, "released_at"),
            shown_closed_at=first(follow_ups, "closed_at"),
        )
    )


def told(enrolment: EnrolmentWithResults, viewer: Viewer, now: datetime | None = None) -> Told:
    """What `viewer` may be told about `enrolment`.

    To a sponsor, *not yet competent* that has not been released reads like *competent* that has not
    been approved: what is not said may not be guessed either.

    Args:
        enrolment: one of `with_results`.
        viewer: as whom they look.
        now: the moment; the present where not given.
    """
    certificate = _certificate(enrolment)
    if certificate is not None:
        return certificate
    outcome = enrolment.shown_outcome
    if outcome in (Outcome.NOT_YET, Outcome.NOT_ASSESSED):
        shown = _unsuccessful(enrolment, viewer)
    elif outcome == Outcome.COMPETENT:
        back = enrolment.shown_decision in (DecisionKind.RETURNED, DecisionKind.REFUSED)
        shown = Told(Shown.RETURNED if back and viewer == Viewer.AIM else Shown.WITH_AIM)
    else:
        shown = _before_any_outcome(enrolment, viewer, now or timezone.now())
    if shown.stage == Shown.WITH_AIM and enrolment.withdrawn_at:
        return Told(Shown.WITHDRAWN)
    return shown


def _certificate(enrolment: EnrolmentWithResults) -> Told | None:
    state = enrolment.shown_certificate_state
    stands = state == CertificateState.VALID
    # One that ended says nothing any more where another outcome has followed it.
    if state is None or not (stands or enrolment.shown_decision == DecisionKind.APPROVED):
        return None
    return Told(
        Shown.CERTIFIED if stands else Shown.CERTIFICATE_ENDED,
        certificate=enrolment.shown_certificate,
        certificate_reference=Certificate(number=enrolment.shown_certificate_number).reference,
        certificate_issued_on=enrolment.shown_certificate_issued_on,
    )


def _unsuccessful(enrolment: EnrolmentWithResults, viewer: Viewer) -> Told:
    stage = Shown.NOT_YET if enrolment.shown_outcome == Outcome.NOT_YET else Shown.NOT_ASSESSED
    if enrolment.shown_closed_at:
        following = Following.CLOSED
    elif enrolment.shown_released_at:
        following = Following.OPEN
    elif enrolment.shown_follow_up is None:
        following = Following.NOT_TOLD
    else:
        following = Following.WITH_PERSON
    shown = Told(
        stage, follow_up=enrolment.shown_follow_up, following=following, closed_at=enrolment.shown_closed_at
    )
    if viewer == Viewer.AIM:
        return shown
    if enrolment.shown_follow_up is None:
        # Nobody has spoken to them yet: until then it reads as what is not decided.
        return Told(Shown.WITH_AIM)
    if viewer == Viewer.PARTICIPANT:
        if enrolment.shown_read_at:
            return shown
        return Told(Shown.FEEDBACK_WAITS, follow_up=shown.follow_up, following=following)
    return shown if enrolment.shown_released_at else Told(Shown.WITH_AIM)


def _before_any_outcome(enrolment: EnrolmentWithResults, viewer: Viewer, now: datetime) -> Told:
    course: Course = enrolment.course
    sitting: Sitting | None = getattr(course, "sitting", None)
    due = sitting.marking_due_on if sitting else None
    over = enrolment.last_end is not None and now > enrolment.last_end
    if enrolment.withdrawn_at:
        return Told(Shown.WITHDRAWN)
    if course.cancelled_at:
        return Told(Shown.CANCELLED)
    if viewer == Viewer.SPONSOR:
        # Who has handed in what is between a person and their trainer: dates alone speak here.
        if over or (sitting and sitting.is_over):
            return Told(Shown.BEING_MARKED, marking_due_on=due)
    else:
        if enrolment.shown_submitted_at:
            return Told(Shown.BEING_MARKED, marking_due_on=due)
        ends_at = ends_for(sitting, enrolment)
        is_over = ends_at is not None and ends_at <= now
        if sitting and sitting.opened_at and not is_over:
            return Told(Shown.ANSWERING)
        if over or is_over:
            return Told(Shown.NOTHING_SENT)
    if enrolment.first_start is not None and now >= enrolment.first_start:
        return Told(Shown.ON_COURSE)
    return Told(Shown.ENROLLED)


# --- Whose people ---------------------------------------------------------------------------------


def viewer_of(user: Person) -> Viewer:
    """As whom `user` looks at other people's results; about oneself one is a participant."""
    return Viewer.AIM if user.is_aim_admin else Viewer.SPONSOR


def people_of(course: Course, user: Person) -> QuerySet[Enrolment]:
    """Those on `course` whose results `user` handles: never themself, never another organisation's."""
    return people_on([course.pk], user)


def people_on(courses: Collection[int], user: Person) -> QuerySet[Enrolment]:
    """Those on any of `courses` whose results `user` handles, as `people_of` one.

    Args:
        courses: primary keys; of an AIM admin's, none on which they have or had a place themself.
        user: whose people they are.
    """
    people = Enrolment.objects.visible_to(user).filter(course__in=courses).exclude(person=user)
    if user.is_aim_admin:
        return people
    return people.filter(confirmed(), sponsor_organisation_id__in=user.organisation_ids)


def is_theirs(account: Person, user: Person) -> bool:
    """Whether `account` is of `user`: the one that they sign in to, or one that was merged into it."""
    return user.pk in (account.pk, account.merged_into_id)


def places_of(person: Person, user: Person) -> QuerySet[Enrolment]:
    """Places of `person`, on whichever account of theirs, of which `user` is told.

    Of other people none of a course on which they have or had a place themself.
    """
    places = Enrolment.objects.visible_to(user).filter(person__in=Person.objects.accounts_of(person))
    if is_theirs(person, user):
        return places
    return places.exclude(course__in=own_places(user).values("course"))


def follow_ups_of(user: Person) -> QuerySet[FollowUp]:
    """Follow-ups that `user` handles for a sponsor: never about themself.

    A commissioner has those that have gone to their organisation. An AIM admin sees all, the
    self-funded ones too, which are their own people's to act on; but none of a course on which they
    have or had a place themself.
    """
    follow_ups = FollowUp.objects.visible_to(user).exclude(enrolment__person=user)
    if user.is_aim_admin:
        return follow_ups.exclude(enrolment__course__in=own_places(user).values("course"))
    return follow_ups.released().filter(
        confirmed("enrolment__"), sponsor_organisation_id__in=user.organisation_ids
    )


def with_commissioner(follow_ups: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """`follow_ups` with `has_commissioner`: whether the sponsor has somebody but the person to act."""
    acting = Membership.objects.filter(
        organisation=OuterRef("sponsor_organisation"), ended_at__isnull=True, person__is_active=True
    ).exclude(person=OuterRef("enrolment__person"))
    return follow_ups.annotate(
        has_commissioner=Exists(acting)
        & Exists(Enrolment.objects.filter(confirmed(), pk=OuterRef("enrolment")))
    )
