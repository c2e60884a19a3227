"""What can be done about people, organisations, staff and letters; every rule about them stands here."""

from accounts.actions.letters import (
    deliver_email,
    forget_letters,
    queue_email,
    reader_of,
    retry_email,
    write_to,
)
from accounts.actions.organisations import (
    OrganisationExists,
    OwnMembership,
    create_organisation,
    end_membership,
    invite_commissioner,
)
from accounts.actions.people import (
    AccountClosed,
    AddressTaken,
    announce_email_change,
    change_email,
    change_name,
    end_sessions,
    find_or_create_person,
    forget_devices,
    forget_known_devices,
    remember_device,
    set_password,
)
from accounts.actions.staff import LastAdmin, OwnAppointment, appoint_staff, end_staff_appointment

__all__ = [
    "AccountClosed",
    "AddressTaken",
    "LastAdmin",
    "OrganisationExists",
    "OwnAppointment",
    "OwnMembership",
    "announce_email_change",
    "appoint_staff",
    "change_email",
    "change_name",
    "create_organisation",
    "deliver_email",
    "end_membership",
    "end_sessions",
    "end_staff_appointment",
    "find_or_create_person",
    "forget_devices",
    "forget_known_devices",
    "forget_letters",
    "invite_commissioner",
    "queue_email",
    "reader_of",
    "remember_device",
    "retry_email",
    "set_password",
    "write_to",
]
