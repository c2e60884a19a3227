"""Who may do what about safeguarding."""

from __future__ import annotations

from datetime import date

import rules
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable

from accounts.models import Person, StaffAppointment
from accounts.relationships import add_relationship
from accounts.rules import is_aim_admin
from aimcert.foundation.name_order import InOrder
from certification.rules import enrolments_open_to
from courses.models import Enrolment
from safeguarding.models import LeadAppointment, Record, conflict
from safeguarding.permissions import Safeguarding

LEADS = "leads_safeguarding"
NO_LEAD = "has_no_safeguarding_lead"
UNREAD = "has_a_safeguarding_record_without_reader"


def _on_staff() -> QuerySet[StaffAppointment]:
    return StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)


def _unread_by_all(_today: date | Combinable) -> Exists:
    """An AIM admin, while a record that is not about them waits that no lead may read."""
    record = Record.objects.standing().without_reader()
    theirs = conflict(
        record=OuterRef("pk"), person=OuterRef(OuterRef("person")), email=OuterRef(OuterRef("person__email"))
    )
    return Exists(_on_staff().filter(Exists(record.filter(~theirs))))


add_relationship(
    LEADS,
    found=lambda _day: Exists(LeadAppointment.objects.current().filter(person=OuterRef("pk"))),
    leads_somewhere=True,
)
add_relationship(
    NO_LEAD, found=lambda _day: Exists(_on_staff().filter(~Exists(LeadAppointment.objects.current())))
)
add_relationship(UNREAD, found=_unread_by_all)


@rules.predicate
def is_lead(person: Person) -> bool:
    """Is one of The AIM Project's safeguarding leads now; being an AIM admin does not make one."""
    return LeadAppointment.objects.current().filter(person=person).exists()


def enrolments_named_by(user: Person) -> QuerySet[Enrolment]:
    """Enrolments that `user` may name as what a record is about: those that they may see."""
    return enrolments_open_to(user)


def leads(user: Person) -> QuerySet[Person]:
    """The leads' names, by which `user` says who of them is involved: without their own."""
    standing = LeadAppointment.objects.current().filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(standing)).exclude(pk=user.pk).order_by(InOrder("name"), "pk")


rules.add_perm(Safeguarding.READ_RECORDS, is_lead)
rules.add_perm(Safeguarding.MANAGE_LEADS, is_aim_admin)
