"""How somebody signs in, and what was done to the security of their account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from accounts.models import KnownDevice, PendingSignIn, SecurityStep, SignInCode
from accounts.personal_data import ITS_OWN, SECRET, Holding, add_holding, done_by, says

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
