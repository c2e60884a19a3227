"""What accounts holds about somebody, and which tables say nothing of anybody."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pghistory.models import Context, Events, MiddlewareEvents

from accounts.models import (
    ConfirmedAddress,
    DataExport,
    KnownDevice,
    LegalText,
    LimitCount,
    Membership,
    Organisation,
    OutgoingEmail,
    PendingSignIn,
    Person,
    SecurityStep,
    SignInCode,
    StaffAppointment,
    VouchedNetwork,
)
from accounts.personal_data import (
    ITS_OWN,
    SECRET,
    Holding,
    Whose,
    add_holding,
    done_by,
    leave_out,
    says,
)
from aimcert.foundation.models import Counter, Heartbeat, SentForm

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
            says("uuid", _("Identifier")),
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
        name="security",
        title=_("What was done to the security of your account"),
        about=_("Kept so that it can be found out who let somebody in, or shut them out, and why."),
        model=SecurityStep,
        find=lambda whose: SecurityStep.objects.filter(person__in=whose.accounts),
        columns=(
            says("act", _("What")),
            says("reason", _("Why")),
            says("done_at", _("When")),
            done_by("done_by", _("By")),
        ),
        without={"person": ITS_OWN},
    )
)
add_holding(
    Holding(
        name="second_steps",
        title=_("Second steps of signing in"),
        about=_("Apps, passkeys and recovery codes that you set up."),
        model=Authenticator,
        find=lambda whose: Authenticator.objects.filter(user__in=whose.accounts),
        columns=(
            says("type", _("Kind")),
            says("created_at", _("Set up")),
            says("last_used_at", _("Last used")),
        ),
        without={"user": ITS_OWN, "data": SECRET},
    )
)
add_holding(
    Holding(
        name="sessions",
        title=_("Where you are or were signed in"),
        about=_("So that you see it on your account’s page, and can sign out there."),
        model=UserSession,
        find=lambda whose: UserSession.objects.filter(user__in=whose.accounts),
        columns=(
            says("created_at", _("Signed in")),
            says("last_seen_at", _("Last seen")),
            says("user_agent", _("What the browser calls itself")),
            says("ip", _("Network address (0.0.0.0: none is kept)")),
        ),
        without={"user": ITS_OWN, "session_key": SECRET, "data": ITS_OWN},
    )
)
add_holding(
    Holding(
        name="devices",
        title=_("Devices on which you signed in"),
        about=_(
            "So that you are told of a new one. Of the device itself a random name’s fingerprint is kept."
        ),
        model=KnownDevice,
        find=lambda whose: KnownDevice.objects.filter(person__in=whose.accounts),
        columns=(says("first_at", _("First")), says("last_at", _("Last"))),
        without={"person": ITS_OWN, "device_hash": SECRET},
    )
)
add_holding(
    Holding(
        name="sign_in_codes",
        title=_("Codes that you were sent to sign in with"),
        about=_("Kept until they have run out for a while, as fingerprints."),
        model=SignInCode,
        find=lambda whose: SignInCode.objects.filter(person__in=whose.accounts),
        columns=(
            says("label", _("Its label in the letter")),
            says("is_long", _("A long one")),
            says("made_at", _("Made")),
            says("expires_at", _("Worked until")),
            says("used_at", _("Used")),
        ),
        without={"uuid": SECRET, "person": ITS_OWN, "address_hash": SECRET, "code_hmac": SECRET},
    )
)
add_holding(
    Holding(
        name="pending_sign_ins",
        title=_("Sign-ins that were begun"),
        about=_("With one of these codes, and how often a wrong one was typed."),
        model=PendingSignIn,
        find=lambda whose: PendingSignIn.objects.filter(code__person__in=whose.accounts),
        columns=(says("made_at", _("Begun")), says("wrong_tries", _("Wrong tries"))),
        without={"uuid": SECRET, "code": ITS_OWN},
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

leave_out(
    Organisation,
    LegalText,
    because=_(
        "What is about organisations, and the texts of our own pages. When you changed one of these stands"
        " among what you did."
    ),
)
leave_out(
    SentForm,
    Session,
    because=_(
        "For a few days it is known which forms you sent, so that sending one twice does it once; and what a"
        " page that is half done has to remember. Both go by themselves."
    ),
    keeps_acts=True,
)
leave_out(
    LimitCount,
    VouchedNetwork,
    Heartbeat,
    Counter,
    because=_(
        "Counts of how often something was asked for, from which network, and of what runs. They are kept as"
        " fingerprints, from which nobody can tell whose they are."
    ),
)
leave_out(
    EmailAddress,
    EmailConfirmation,
    Group,
    Permission,
    ContentType,
    because=_("Tables of the software that AIMcert is built on, which stay empty or are about no person."),
)
leave_out(
    Context,
    Events,
    MiddlewareEvents,
    because=_(
        "The number of each request that changed something, with the number of the account that asked."
        " What was changed, and when, stands among the history of your records."
    ),
)
