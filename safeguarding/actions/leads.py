"""The safeguarding leads: who reads safeguarding records, from when to when."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import find_or_create_person
from accounts.models import Person
from aimcert.foundation.refusals import Refused
from safeguarding.emails import tell_appointed, tell_lead
from safeguarding.models import LeadAppointment, Record


class OwnLead(Refused):
    """Nobody makes themself a safeguarding lead."""


@transaction.atomic
def appoint_lead(*, name: str, email: str, by: Person) -> LeadAppointment:
    """Make a person a safeguarding lead, and write to them.

    Args:
        name: the person's, used if they have no account yet.
        email: their address.
        by: the AIM admin who appoints.

    Returns:
        Their current appointment; the existing one, with no second letter, if they have one.

    Raises:
        AccountClosed: the account with this address was closed.
        OwnLead: `by` would appoint themself.

    Side effects:
        Queues a letter that says what they are now, and another if a record waits that they may read.
    """
    person = find_or_create_person(name=name, email=email)
    if person.pk == by.pk:
        raise OwnLead(_("You cannot make yourself a safeguarding lead. Ask another AIM admin to do it."))
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    appointment, made = LeadAppointment.objects.get_or_create(
        person=person, ended_at=None, defaults={"started_by": by}
    )
    if made:
        tell_appointed(person)
        if Record.objects.visible_to(person).to_read().exists():
            tell_lead(person)
    return appointment


@transaction.atomic
def end_lead(*, appointment: LeadAppointment, by: Person) -> LeadAppointment:
    """End a lead's standing from this moment; what they recorded stays theirs.

    Where nobody remains, every AIM admin's home page asks for another.

    Args:
        appointment: which.
        by: the AIM admin who ends it.

    Returns:
        The appointment, ended; one that had ended before keeps its date.
    """
    appointment = LeadAppointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if appointment.ended_at is None:
        appointment.ended_at, appointment.ended_by = timezone.now(), by
        appointment.save(update_fields=["ended_at", "ended_by"])
    return appointment
