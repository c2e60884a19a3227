"""Who leads on safeguarding, what was told to them, what they did about it, and who read it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import ConfirmedAddress, Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither, first, one_of
from courses.models import Course, Enrolment
from safeguarding.states import Concern, Danger, Entered, KeptFrom, Place

MOST_SEEN = 8000
MOST_DONE = 4000
MOST_ABOUT = 500


class LeadAppointmentQuerySet(models.QuerySet["LeadAppointment"]):
    def visible_to(self, user: Person) -> LeadAppointmentQuerySet:
        """Appointments that `user` may manage: an AIM admin all, nobody else any."""
        return self if user.is_aim_admin else self.none()

    def current(self) -> LeadAppointmentQuerySet:
        """Those of people who are a lead now."""
        return self.filter(ended_at__isnull=True, person__is_active=True)


class LeadAppointment(NamedByUuid):
    """A safeguarding lead's standing: this person reads safeguarding records, from then to then."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="safeguarding_appointments")
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = LeadAppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="leadappointment_one_current"
            ),
            models.CheckConstraint(name="leadappointment_by_another", condition=~Q(started_by=F("person"))),
            *both_or_neither("leadappointment", "started", "ended"),
        ]

    def __str__(self) -> str:
        return str(self.person)


def conflict(*, record: Any, person: Any, email: Any) -> Q:
    """The condition that somebody must not read a record: nobody handles their own.

    It arose from their own place on a course, or that of somebody whom they manage or for whose employer
    they act; who wrote it named them; or they stood aside.

    Args:
        record: a record's primary key, or a reference to one.
        person: a person's primary key, or a reference to one.
        email: the address on that person's account, or a reference to it. Those that they gave up count too.
    """
    kept = Exclusion.objects.filter(record=record, person=person)
    ever_theirs = ConfirmedAddress.objects.of(_further_out(person)).values("email")
    employer = "sponsor_organisation__memberships__"
    own = Enrolment.objects.filter(
        Q(person=person)
        | Q(person__merged_into=person)
        | Q(nomination__manager_email=email)
        | Q(nomination__manager_email__in=ever_theirs)
        | Q(**{f"{employer}person": person, f"{employer}ended_at__isnull": True}),
        safeguarding_records=record,
    )
    return Q(Exists(kept)) | Q(Exists(own.order_by()))


def _further_out(found: Any) -> Any:
    """What a query within a query means by `found`: a reference is one step further away for it."""
    return OuterRef(found) if isinstance(found, OuterRef) else found


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, user: Person) -> RecordQuerySet:
        """Records that `user` reads: a lead's, but those that `conflict` keeps from them; nobody else any."""
        leads = LeadAppointment.objects.current().filter(person=user.pk)
        return self.filter(Exists(leads)).exclude(
            conflict(record=OuterRef("pk"), person=user.pk, email=user.email)
        )

    def with_latest(self) -> RecordQuerySet:
        """With `latest`, what its latest entry is; "" where it has none."""
        entries = Entry.objects.filter(record=OuterRef("pk")).order_by("-pk")
        return self.annotate(latest=Coalesce(first(entries, "kind"), Value("")))

    def most_urgent_first(self) -> RecordQuerySet:
        """With `stands` and `urgency`: what is to be read, then what is open, the danger first in both."""
        stands = Case(
            When(Q(**{"latest__in": ["", Entered.ADDED]}), then=Value(0)),
            When(Q(**{"latest": Entered.CLOSED}), then=Value(2)),
            default=Value(1),
        )
        urgency = Case(When(danger=Danger.YES, then=0), When(danger=Danger.NOT_SURE, then=1), default=2)
        closed_alike = Case(When(stands=2, then=0), default="urgency")
        found = self.with_latest().annotate(stands=stands, urgency=urgency)
        return found.order_by("stands", closed_alike, "-pk")

    def matching(self, q: str) -> RecordQuerySet:
        """Records of which `q` is in the reference: nobody searches what they say without opening them."""
        return self.filter(reference__icontains=q)

    def standing(self) -> RecordQuerySet:
        """Those that are not closed."""
        return self.with_latest().exclude(Q(**{"latest": Entered.CLOSED}))

    def to_read(self) -> RecordQuerySet:
        """Those of which no lead has acknowledged what was said last."""
        return self.with_latest().filter(Q(**{"latest__in": ["", Entered.ADDED]}))

    def without_reader(self) -> RecordQuerySet:
        """Those that no lead may read."""
        theirs = conflict(
            record=OuterRef(OuterRef("pk")), person=OuterRef("person"), email=OuterRef("person__email")
        )
        return self.filter(~Exists(LeadAppointment.objects.current().filter(~theirs)))


class Record(NamedByUuid):
    """What somebody told the safeguarding leads: about a child, or about a professional's suitability.

    Written once, never changed. What is said and done afterwards is its entries.
    """

    reference = models.CharField(max_length=12, unique=True)
    concern = models.CharField(max_length=20, choices=Concern.choices)
    about = models.CharField(max_length=MOST_ABOUT)
    seen = models.TextField(max_length=MOST_SEEN)
    done = models.TextField(max_length=MOST_DONE, blank=True)
    danger = models.CharField(max_length=20, choices=Danger.choices)
    # Where it came up: the kind of page, and the place on a course, or the course, that the page was about.
    place = models.CharField(max_length=20, choices=Place.choices)
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="safeguarding_records"
    )
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sent_safeguarding_records")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("record", "concern", Concern),
            one_of("record", "danger", Danger),
            one_of("record", "place", Place),
            models.CheckConstraint(name="record_says_what", condition=~Q(about="") & ~Q(seen="")),
        ]

    def __str__(self) -> str:
        return self.reference


class Entry(models.Model):
    """What was added to a record, or what a lead did about it. Written once, never changed."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=Entered.choices)
    text = models.TextField(max_length=MOST_SEEN, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("entry", "kind", Entered),
            models.CheckConstraint(
                name="entry_says_what", condition=Q(kind=Entered.ACKNOWLEDGED) | ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.kind}"


class Exclusion(models.Model):
    """A lead who does not see a record, and why. Written once, never changed."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="exclusions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20, choices=KeptFrom.choices)
    excluded_at = models.DateTimeField(default=timezone.now)
    excluded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="exclusion_once"),
            one_of("exclusion", "why", KeptFrom),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.why}"


class RecordReading(models.Model):
    """A lead opened a record. Written once, never changed."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.record_id}"
