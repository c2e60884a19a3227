"""Decisions, certificates and their documents, follow-ups, reports."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils import timezone
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import Organisation, Person
from aimcert.foundation.history import tracked
from aimcert.foundation.name_order import NameWords, name_matches
from aimcert.foundation.outbox import Hindered, waiting_index
from aimcert.foundation.rows import NamedByUuid, both_or_neither, counted, one_of, told_by_time
from aimcert.foundation.typed import symbols
from assessments.models import Recommendation
from certification.codes import fingerprint, read_code
from certification.report_kinds import KINDS
from certification.states import (
    CERTIFICATE_STEPS,
    REPORT_STEPS,
    CertificateState,
    DecisionKind,
    HowTold,
    Reminded,
    ReportFormat,
    ReportKind,
    ReportState,
)
from courses.models import Course, CourseAssociate, Enrolment


class Appointment(NamedByUuid):
    """A licensed Associate with no part in a course, appointed to decide where no admin is free."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="appointments")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    reason = models.TextField(max_length=1000)
    appointed_at = models.DateTimeField(default=timezone.now)
    appointed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "associate"], name="appointment_once"),
            models.CheckConstraint(name="appointment_has_reason", condition=~Q(reason="")),
            *both_or_neither("appointment", "appointed"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


class Decision(NamedByUuid):
    """The AIM Project's decision on one finalised recommendation. Written once, never changed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="decisions")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=20, choices=DecisionKind.choices)
    # The question that a return asks, or why it was refused; the trainer reads it.
    reason = models.TextField(blank=True, max_length=2000)
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decisions")

    class Meta:
        indexes = [
            told_by_time(
                "decision_told", "decided_at", kind__in=[DecisionKind.RETURNED, DecisionKind.REFUSED]
            )
        ]
        constraints = [
            one_of("decision", "kind", DecisionKind),
            models.CheckConstraint(
                name="decision_says_why_unless_approved",
                condition=Q(kind=DecisionKind.APPROVED) | ~Q(reason=""),
            ),
            models.UniqueConstraint(fields=["id", "enrolment"], name="decision_with_enrolment"),
            *both_or_neither("decision", "decided"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.kind}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def with_code(self, code_sha256: str | Combinable) -> CertificateQuerySet:
        """The one certificate, if any, whose code has this SHA-256: whoever holds the code may see it."""
        return self.filter(code_sha256=code_sha256)

    def matching(self, q: str) -> CertificateQuerySet:
        """Certificates that `q` means: a name, number, code or course's number; all where it is empty."""
        if not q:
            return self
        code = symbols(q)
        number = code.removeprefix("AIM").lstrip("0")
        matches = name_matches("name", q) | Q(course_reference__iexact=code)
        matches |= Q(code_sha256=fingerprint(read_code(q)))
        # Longer than any number that the column holds would be an error of the database.
        if number.isascii() and number.isdigit() and len(number) < 10:
            matches |= Q(number=int(number))
        return self.filter(matches)

    def visible_to(self, user: Person) -> CertificateQuerySet:
        """Certificates that `user` may download: their own, their organisation's; an AIM admin all."""
        if user.is_aim_admin:
            return self
        return self.filter(Q(enrolment__person=user) | Q(sponsor_organisation_id__in=user.organisation_ids))


@tracked("uuid", "enrolment", "decision", "number", "state", "issued_at", "revoked_by")
class Certificate(FSMModelMixin, NamedByUuid):
    """What an approval issued: what was true then, word for word; never deleted."""

    number = models.PositiveIntegerField(unique=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="certificates")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="certificate")
    sponsor_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    # 128 random bits in Crockford's base 32. The SHA-256 is what a visitor's code is looked up by.
    code = models.CharField(max_length=26)
    code_sha256 = models.CharField(max_length=64, unique=True)
    state = FSMField(default=CertificateState.VALID, choices=CertificateState.choices, protected=True)
    # Told as it was at issue, whatever becomes of profiles, programmes and organisations.
    name = models.CharField(max_length=150)
    programme_code = models.SlugField()
    programme_name = models.CharField(max_length=100)
    course_title = models.CharField(max_length=150)
    course_reference = models.CharField(max_length=20)
    course_ended_on = models.DateField()
    associates = models.JSONField(help_text="Names of those who trained the course, as they were.")
    version_fingerprint = models.CharField(max_length=64)
    language = models.CharField(max_length=10, default="en-gb")
    issued_on = models.DateField(help_text="In the course's time zone.")
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_because = models.TextField(blank=True, max_length=2000)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(NameWords("name"), name="certificate_name_words"),
            told_by_time("certificate_told_issued", "issued_at"),
            told_by_time("certificate_told_revoked", "revoked_at", revoked_at__isnull=False),
        ]
        constraints = [
            one_of("certificate", "state", CertificateState),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state__in=[CertificateState.VALID, CertificateState.SUSPENDED]),
                name="certificate_one_live",
            ),
            models.CheckConstraint(
                name="certificate_hash_whole", condition=Q(code_sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="certificate_code_whole", condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{26}$")
            ),
            models.CheckConstraint(
                name="certificate_revoked_says_why",
                condition=Q(state=CertificateState.REVOKED, revoked_at__isnull=False) & ~Q(revoked_because="")
                | (~Q(state=CertificateState.REVOKED) & Q(revoked_at__isnull=True, revoked_because="")),
            ),
            *both_or_neither("certificate", "issued", "revoked"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Its number as people say it."""
        return f"AIM-{self.number:06d}"

    @transition(field=state, source=CERTIFICATE_STEPS["revoke"][0], target=CERTIFICATE_STEPS["revoke"][1])
    def revoke(self) -> None:
        """It no longer stands; `certification.actions.revoke` says who and why."""


class BrandingQuerySet(models.QuerySet["Branding"]):
    def published(self) -> BrandingQuerySet:
        """Every version, the newest first: certificates are issued with that one."""
        return self.order_by("-number")

    def without_images(self) -> BrandingQuerySet:
        """Versions without the bytes of their images, for pages that name them alone."""
        return self.defer("mark", "signature")

    def with_use(self) -> BrandingQuerySet:
        """Each with `used`: how many certificates have it."""
        return self.annotate(used=counted(CertificateDocument.objects.filter(branding=OuterRef("pk"))))


class Branding(models.Model):
    """A version of The AIM Project's mark and signatory as certificates show them; never changed.

    The images stand in the row: a file that the storage lost is drawn again from rows alone.
    """

    number = models.PositiveIntegerField()
    # A PNG or an SVG, as `certification.artwork` keeps it; empty: the name, in letters.
    mark = models.BinaryField(blank=True)
    signatory = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=150, blank=True)
    signature = models.BinaryField(blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = BrandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="branding_number_unique"),
            models.CheckConstraint(
                name="branding_signed_by_somebody",
                condition=~Q(signatory="") | Q(role="", signature=b""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class CertificateDocument(Hindered):
    """The PDF that must exist of one certificate: written with it, built by a worker."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="document")
    design = models.PositiveSmallIntegerField(help_text="Which of `certification.designs` it is drawn by.")
    branding = models.ForeignKey(
        Branding, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    built_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificatedocument_built_has_file",
                condition=Q(built_at__isnull=True, file="", sha256="")
                | (Q(built_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$") & ~Q(file="")),
            ),
            models.CheckConstraint(name="certificatedocument_has_design", condition=Q(design__gte=1)),
        ]
        indexes = [waiting_index("certificatedocument", Q(built_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.certificate_id}"


class ToldLater(NamedByUuid):
    """How somebody heard *not yet competent* that was finalised before anybody had spoken to them.

    Written once, never changed. From then on they can read their feedback.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="told_later")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="told_later")
    how = models.CharField(max_length=20, choices=HowTold.choices)
    told_on = models.DateField(help_text="Where the course meets.")
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # What was said; of what was written, why nobody spoke to them and how it reached them.
    words = models.TextField(max_length=4000)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [told_by_time("toldlater_told", "recorded_at")]
        constraints = [
            one_of("toldlater", "how", HowTold),
            models.CheckConstraint(name="toldlater_has_words", condition=~Q(words="")),
            *both_or_neither("toldlater", "recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.how}"


class ConversationReminder(models.Model):
    """That whoever holds a conversation, and The AIM Project, were written to about it. Never changed."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="conversation_reminders"
    )
    what = models.CharField(max_length=20, choices=Reminded.choices)
    reminded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            one_of("conversationreminder", "what", Reminded),
            models.UniqueConstraint(fields=["recommendation", "what"], name="conversationreminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id}: {self.what}"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def released(self) -> FollowUpQuerySet:
        """Follow-ups that have gone to their sponsor."""
        return self.filter(released_at__isnull=False)

    def matching(self, q: str) -> FollowUpQuerySet:
        """Follow-ups of whom or of which course or sponsor `q` means the name; or that course's number."""
        wanted = Q(enrolment__course__in=Course.objects.matching(q).values("pk"))
        for field in ("enrolment__certificate_name", "sponsor_organisation__name"):
            wanted |= name_matches(field, q)
        return self.filter(wanted)

    def visible_to(self, user: Person) -> FollowUpQuerySet:
        """Follow-ups that `user` may open.

        The person they are about; once released, commissioners of the sponsor, except about
        themselves; trainers of the course; AIM admins.
        """
        own = Q(enrolment__person=user)
        if user.is_aim_admin:
            return self
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("enrolment__course"), associate=user))
        sponsors = Q(sponsor_organisation_id__in=user.organisation_ids, released_at__isnull=False)
        return self.filter(own | trains | sponsors)


@tracked("uuid", "enrolment", "recommendation", "read_at", "released_at", "closed_at", "closed_by")
class FollowUp(NamedByUuid):
    """What a sponsor has to do about someone not yet competent or not assessed, until it is closed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="follow_ups")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="follow_up")
    sponsor_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    # The person opens what the commissioner will be told, and sends it on. What they have not sent
    # when it is due goes by itself, so released before `due_at` means sent by them.
    readable_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, max_length=4000)
    commented_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="followup_released_once_read_or_due",
                condition=Q(released_at__isnull=True)
                | Q(read_at__isnull=False)
                | Q(released_at__gte=models.F("due_at")),
            ),
            models.CheckConstraint(
                name="followup_comment_with_time",
                condition=Q(comment="", commented_at__isnull=True)
                | (~Q(comment="") & Q(commented_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="followup_closed_only_after_released",
                condition=Q(closed_at__isnull=True) | Q(released_at__isnull=False),
            ),
            *both_or_neither("followup", "closed"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(released_at__isnull=True), name="followup_waiting"),
            told_by_time("followup_told_read", "read_at", read_at__isnull=False),
            told_by_time("followup_told_commented", "commented_at", commented_at__isnull=False),
            told_by_time("followup_told_released", "released_at", released_at__isnull=False),
            told_by_time("followup_told_closed", "closed_at", closed_at__isnull=False),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


class FollowUpStep(models.Model):
    """One thing that a sponsor did about a follow-up. Written once, never changed."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="steps")
    done = models.TextField(max_length=2000)
    done_on = models.DateField()
    closes = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [told_by_time("followupstep_told", "recorded_at", closes=False)]
        ordering = ["recorded_at"]
        constraints = [*both_or_neither("followupstep", "recorded")]

    def __str__(self) -> str:
        return f"{self.follow_up_id}: {self.done_on}"


class CohortRelease(models.Model):
    """Where a sponsor's people on one course were strong or weak together, as it was told. Never changed.

    Kept with whom it was about, so that what is told next can be held against it.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohort_releases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cohort_releases")
    people = models.ManyToManyField(Enrolment, related_name="cohort_releases")
    bands = models.JSONField(help_text="A list of `certification.report_contents.Banded`, as it stores them.")
    released_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.course_id}, {self.organisation_id}: {self.released_at}"


class ReportQuerySet(models.QuerySet["Report"]):
    def started(self) -> ReportQuerySet:
        """Reports that are to be built, or being built."""
        return self.filter(state__in=[ReportState.WAITING, ReportState.BUILDING])

    def visible_to(self, user: Person) -> ReportQuerySet:
        """Reports that `user` may open now: those of which each kind says so; an AIM admin all."""
        if user.is_aim_admin:
            return self
        seen = [Q(kind=kind.code) & kind.audience.sees(user) for kind in KINDS.values()]
        return self.filter(reduce(or_, seen))


@tracked("uuid", "organisation", "course", "kind", "format", "state", "requested_by")
class Report(FSMModelMixin, NamedByUuid, Hindered):
    """A report that was asked for, of one kind: about one organisation's people on one course."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    format = models.CharField(max_length=10, choices=ReportFormat.choices)
    state = FSMField(default=ReportState.WAITING, choices=ReportState.choices, protected=True)
    language = models.CharField(max_length=10, default="en-gb")
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    done = models.PositiveIntegerField(default=0, help_text="People written so far.")
    total = models.PositiveIntegerField(default=0)
    built_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # A file that a worker is about to store, deleted by the next if that one died over it.
    storing = models.CharField(max_length=200, blank=True, db_default="")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("report", "state", ReportState),
            one_of("report", "kind", ReportKind),
            one_of("report", "format", ReportFormat),
            models.CheckConstraint(
                name="report_built_has_file",
                condition=(
                    Q(state=ReportState.BUILT, built_at__isnull=False, expires_at__isnull=False)
                    & Q(sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(file="")
                )
                | (~Q(state=ReportState.BUILT) & Q(built_at__isnull=True, file="", sha256="")),
            ),
            *both_or_neither("report", "requested"),
        ]
        indexes = [
            waiting_index("report", Q(state__in=[ReportState.WAITING, ReportState.BUILDING])),
            told_by_time("report_told", "requested_at"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @transition(field=state, source=REPORT_STEPS["begin"][0], target=REPORT_STEPS["begin"][1])
    def begin(self) -> None:
        """A worker has taken it, or taken it again after another died."""

    @transition(field=state, source=REPORT_STEPS["finish"][0], target=REPORT_STEPS["finish"][1])
    def finish(self) -> None:
        """Its file is stored."""

    @transition(field=state, source=REPORT_STEPS["give_up"][0], target=REPORT_STEPS["give_up"][1])
    def give_up(self) -> None:
        """It failed too often; the page says so and offers to ask again."""

    @transition(field=state, source=REPORT_STEPS["lose"][0], target=REPORT_STEPS["lose"][1])
    def lose(self) -> None:
        """Its file is gone before its time, or quotes what was taken out; it is built again."""

    @transition(field=state, source=REPORT_STEPS["ask_again"][0], target=REPORT_STEPS["ask_again"][1])
    def ask_again(self) -> None:
        """An AIM admin has it tried once more, after what hindered it is mended."""

    @transition(field=state, source=REPORT_STEPS["expire"][0], target=REPORT_STEPS["expire"][1])
    def expire(self) -> None:
        """Its file is deleted; the row stays, to say so and who had asked for it."""
