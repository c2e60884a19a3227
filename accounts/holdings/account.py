"""Somebody's account, whom they act for, and what was sent to them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import ConfirmedAddress, DataExport, Membership, OutgoingEmail, Person, StaffAppointment
from accounts.personal_data import ITS_OWN, SECRET, Holding, Whose, add_holding, done_by, names, says

SINCE, UNTIL = _("Since"), _("Until")


def _people(whose: Whose) -> QuerySet[Any]:
    people: QuerySet[Any] = Person.objects.filter(pk__in=whose.accounts)
    return people


add_holding(
    Holding(
        name="accounts",
        title=_("Your account"),
        about=_("Who you are to us. An account that was joined to yours stands here too."),
        model=Person,
        find=_people,
        columns=(
            names("uuid"),
            says("name", _("Name")),
            says("email", _("Email address")),
            says("language", _("Language")),
            says("created_at", _("Made")),
            says("last_login", _("Last signed in")),
            says("is_active", _("Can be signed in to")),
            says("merged_into", _("Joined to the account"), "merged_into.uuid"),
            says("signed_out_at", _("Signed out everywhere")),
        ),
        without={"password": SECRET},
        related=("merged_into",),
    )
)
add_holding(
    Holding(
        name="addresses",
        title=_("Addresses that you confirmed"),
        about=_("They tell whose an invitation is that was sent to an address of yours."),
        model=ConfirmedAddress,
        find=lambda whose: ConfirmedAddress.objects.filter(person__in=whose.accounts),
        columns=(
            says("email", _("Email address")),
            says("confirmed_at", _("Confirmed, at the latest")),
            says("given_up_at", _("Given up")),
        ),
        without={"person": ITS_OWN},
    )
)
add_holding(
    Holding(
        name="memberships",
        title=_("Organisations that you acted for"),
        about=_("As their commissioner, from when until when."),
        model=Membership,
        find=lambda whose: Membership.objects.filter(person__in=whose.accounts),
        columns=(
            says("organisation", _("Organisation"), "organisation.name"),
            says("started_at", SINCE),
            done_by("started_by", _("Appointed by")),
            says("ended_at", UNTIL),
            done_by("ended_by", _("Ended by")),
        ),
        without={"uuid": ITS_OWN, "person": ITS_OWN},
        related=("organisation",),
    )
)
add_holding(
    Holding(
        name="staff_appointments",
        title=_("When you belonged to The AIM Project’s staff"),
        about=_("As an AIM admin, from when until when."),
        model=StaffAppointment,
        find=lambda whose: StaffAppointment.objects.filter(person__in=whose.accounts),
        columns=(
            says("started_at", SINCE),
            done_by("started_by", _("Appointed by")),
            says("ended_at", UNTIL),
            done_by("ended_by", _("Ended by")),
        ),
        without={"uuid": ITS_OWN, "person": ITS_OWN},
    )
)
add_holding(
    Holding(
        name="letters",
        title=_("Emails to you"),
        about=_("To which address, about what, and when. The text goes when it is sent."),
        model=OutgoingEmail,
        find=lambda whose: OutgoingEmail.objects.filter(whose.at_their_address("to_address", "created_at")),
        columns=(
            says("to_address", _("To")),
            says("subject", _("Subject")),
            says("created_at", _("Written")),
            says("sent_at", _("Sent")),
            says("attempts", _("Attempts")),
            says("last_error", _("What hindered the last")),
        ),
        without=dict.fromkeys(("text", "html"), SECRET)
        | dict.fromkeys(("uuid", "is_urgent", "next_attempt_at"), ITS_OWN),
    )
)
add_holding(
    Holding(
        name="exports",
        title=_("Copies of this kind"),
        about=_("When everything held about you was asked for, and what was given."),
        model=DataExport,
        find=lambda whose: DataExport.objects.filter(person__in=whose.accounts),
        columns=(
            says("asked_at", _("Asked for")),
            done_by("asked_by", _("By")),
            says("language", _("Language")),
            says("made_at", _("Made")),
            says("given_up_at", _("Could not be made")),
            says("expires_at", _("Kept until")),
            says("deleted_at", _("Deleted")),
            says("sha256", _("SHA-256 of the file")),
            says("size", _("Size in bytes")),
        ),
        without=dict.fromkeys(
            (
                "uuid",
                "person",
                "file",
                "storing",
                "done",
                "total",
                "attempts",
                "next_attempt_at",
                "last_error",
            ),
            ITS_OWN,
        ),
    )
)
