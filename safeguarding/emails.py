"""Letters of safeguarding: that a record waits, or that a lead is needed; never a word of a record."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import write_to
from accounts.models import Person, StaffAppointment
from safeguarding.models import LeadAppointment, Record, conflict


def readers_of(record: Record) -> QuerySet[Person]:
    """The leads who may read `record`."""
    leads = LeadAppointment.objects.current().filter(person=OuterRef("pk"))
    return _free(record).filter(Exists(leads))


def admins_free_of(record: Record) -> QuerySet[Person]:
    """AIM admins whom nothing keeps from knowing that `record` waits for a lead."""
    staff = StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    return _free(record).filter(Exists(staff))


def _free(record: Record) -> QuerySet[Person]:
    theirs = conflict(record=record.pk, person=OuterRef("pk"), email=OuterRef("email"))
    return Person.objects.filter(~theirs, is_active=True).order_by("pk")


def tell_record_waits(record: Record) -> None:
    """Write to each lead who may read `record` that one waits; where there is none, that one is needed."""
    readers = list(readers_of(record))
    for person in readers:
        tell_lead(person)
    if not readers:
        for person in admins_free_of(record):
            write_to(
                person=person,
                subject=_("A safeguarding lead must be appointed"),
                template="safeguarding_lead_needed",
                context={"path": reverse("safeguarding:leads")},
            )


def tell_lead(person: Person) -> None:
    """Write to a lead that a safeguarding record waits; which, only the page says."""
    write_to(
        person=person,
        subject=_("A safeguarding record waits"),
        template="safeguarding_waits",
        context={"path": reverse("safeguarding:records")},
    )


def tell_appointed(person: Person) -> None:
    """Write to somebody that they are a safeguarding lead now."""
    write_to(
        person=person,
        subject=_("You are a safeguarding lead of The AIM Project on AIMcert"),
        template="safeguarding_lead_appointed",
        context={"email": person.email, "path": reverse("safeguarding:records")},
    )
