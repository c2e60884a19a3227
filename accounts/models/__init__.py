"""People, the organisations they act for, The AIM Project's staff, letters to be sent, and signing in."""

from accounts.models.people import (
    Membership,
    Organisation,
    OutgoingEmail,
    OutgoingEmailQuerySet,
    Person,
    PersonQuerySet,
    StaffAppointment,
)
from accounts.models.signing_in import KnownDevice

__all__ = [
    "KnownDevice",
    "Membership",
    "Organisation",
    "OutgoingEmail",
    "OutgoingEmailQuerySet",
    "Person",
    "PersonQuerySet",
    "StaffAppointment",
]
