"""The AIM Project's staff: who is an AIM admin, from when to when."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.letters import write_to
from accounts.actions.people import find_or_create_person
from accounts.models import Person, StaffAppointment
from aimcert.foundation.refusals import Refused


class OwnAppointment(Refused):
    """Nobody ends their own appointment."""


class LastAdmin(Refused):
    """Somebody must remain who can do an AIM admin's work."""


@transaction.atomic
def appoint_staff(*, name: str, email: str, by: Person | None) -> StaffAppointment:
    """Make a person an AIM admin, and write to them.

    Args:
        name: the person's, used if they have no account yet.
        email: their address.
        by: the AIM admin who appoints; None for a deployment's first, who appoints themself.

    Returns:
        Their current appointment; the existing one, with no second letter, if they have one.

    Raises:
        AccountClosed: the account with this address was closed.

    Side effects:
        Queues a letter that says how to sign in.
    """
    person = find_or_create_person(name=name, email=email)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    appointment, made = StaffAppointment.objects.get_or_create(
        person=person, ended_at=None, defaults={"started_by": by or person}
    )
    if made:
        write_to(
            person=person,
            subject=gettext_lazy("You can now work on AIMcert for The AIM Project"),
            template="staff_appointed",
            context={"email": person.email},
        )
    return appointment


@transaction.atomic
def end_staff_appointment(*, appointment: StaffAppointment, by: Person) -> StaffAppointment:
    """End an AIM admin's standing from this moment; what they did stays theirs.

    Args:
        appointment: which.
        by: the AIM admin who ends it.

    Returns:
        The appointment, ended; one that had ended before keeps its date.

    Raises:
        OwnAppointment: `by` would end their own.
        LastAdmin: nobody would remain.

    Side effects:
        Writes to them.
    """
    # All current ones, in one order: two admins who end each other at once must not both succeed.
    current = {
        row.pk: row
        for row in StaffAppointment.objects.select_for_update(of=("self",))
        .filter(ended_at__isnull=True)
        .order_by("pk")
    }
    if appointment.pk not in current:
        appointment.refresh_from_db()
        return appointment
    if appointment.person_id == by.pk:
        raise OwnAppointment(_("You cannot end your own appointment. Ask another AIM admin to do it."))
    if len(current) == 1:
        raise LastAdmin(_("This is the only AIM admin. Appoint another one first."))
    appointment = current[appointment.pk]
    appointment.ended_at, appointment.ended_by = timezone.now(), by
    appointment.save(update_fields=["ended_at", "ended_by"])
    write_to(
        person=appointment.person,
        subject=gettext_lazy("You no longer work on AIMcert as an AIM admin"),
        template="staff_ended",
    )
    return appointment
