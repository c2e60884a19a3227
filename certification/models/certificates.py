"""Certificates, the mark and signatory that they show, and the PDF of each."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils import timezone
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import Organisation, Person
from aimcert.foundation.history import tracked
from aimcert.foundation.name_order import NameWords, name_matches
from aimcert.foundation.outbox import Hindered, waiting_index
from aimcert.foundation.rows import NamedByUuid, both_or_neither, counted, one_of, told_by_time
from aimcert.foundation.typed import symbols
from certification.codes import fingerprint, read_code
from certification.models.decisions import Decision
from certification.states import (
    CERTIFICATE_STEPS,
    CertificateState,
)
from courses.models import Enrolment


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
