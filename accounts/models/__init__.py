"""People, the organisations they act for, The AIM Project's staff, letters to be sent, signing in, and
the legal pages."""

from accounts.models.addresses import ConfirmedAddress, belongs_to, ever_at, found_by
from accounts.models.legal import LegalText
from accounts.models.people import (
    FACTORS,
    SENDING,
    Membership,
    Organisation,
    OutgoingEmail,
    OutgoingEmailQuerySet,
    Person,
    PersonQuerySet,
    StaffAppointment,
)
from accounts.models.security import SecurityStep
from accounts.models.signing_in import KnownDevice, LimitCount, PendingSignIn, SignInCode, VouchedNetwork

__all__ = [
    "FACTORS",
    "SENDING",
    "ConfirmedAddress",
    "KnownDevice",
    "LegalText",
    "LimitCount",
    "Membership",
    "Organisation",
    "OutgoingEmail",
    "OutgoingEmailQuerySet",
    "PendingSignIn",
    "Person",
    "PersonQuerySet",
    "SecurityStep",
    "SignInCode",
    "StaffAppointment",
    "VouchedNetwork",
    "belongs_to",
    "ever_at",
    "found_by",
]
