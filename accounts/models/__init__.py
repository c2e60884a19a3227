"""People, the organisations they act for, The AIM Project's staff, letters to be sent, signing in, the legal
pages, and exports of what is held about one person."""

from accounts.models.addresses import AtAddress, ConfirmedAddress, at_each, belongs_to, ever_at, found_by
from accounts.models.exports import DataExport, DataExportQuerySet
from accounts.models.legal import LegalText
from accounts.models.letters import SENDING, OutgoingEmail, OutgoingEmailQuerySet
from accounts.models.people import (
    FACTORS,
    OTHER_ROLES,
    Membership,
    Organisation,
    Person,
    PersonQuerySet,
    Roles,
    StaffAppointment,
)
from accounts.models.security import SecurityStep
from accounts.models.signing_in import KnownDevice, LimitCount, PendingSignIn, SignInCode, VouchedNetwork

__all__ = [
    "FACTORS",
    "OTHER_ROLES",
    "SENDING",
    "AtAddress",
    "ConfirmedAddress",
    "DataExport",
    "DataExportQuerySet",
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
    "Roles",
    "SecurityStep",
    "SignInCode",
    "StaffAppointment",
    "VouchedNetwork",
    "at_each",
    "belongs_to",
    "ever_at",
    "found_by",
]
