"""The security of an account: its second steps, and what The AIM Project does when somebody is locked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.letters import write_to
from accounts.actions.people import end_others
from accounts.handles import is_handle_of
from accounts.models import FACTORS, Person, SecurityStep
from accounts.sealing import is_by_an_older_key, seal, unseal
from accounts.second_factors import APP, RECOVERY, SEALED
from accounts.states import SecurityAct
from aimcert.foundation.refusals import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AppAlready(Refused):
    """One app gives one-time codes for an account."""


class LastSecondFactor(Refused):
    """An AIM admin keeps a second step."""


class NoSecondFactor(Refused):
    """There is none to act on."""


class OwnSecurity(Refused):
    """What another AIM admin does for somebody, nobody does for themself."""


@transaction.atomic
def add_app(*, person: Person, secret: str, by: Person, keeping: str) -> None:
    """Ask a one-time code of an app whenever `person` signs in from now on.

    Args:
        person: whose account.
        secret: what the app reckons codes from; a code of it was typed right.
        by: who adds it, always the person.
        keeping: the key of the session that adds it, which stays.

    Raises:
        AppAlready: there is one.

    Side effects:
        Makes recovery codes where there are none. Ends every other session, since it was signed in
        to with less. Tells the person by email, and keeps a trace.
    """
    person = _locked_person(person)
    if Authenticator.objects.filter(user=person, type=APP).exists():
        raise AppAlready(_("An app gives your codes already. Remove it before you set up another one."))
    TOTP.activate(person, secret)
    _added(person, by, keeping)


@transaction.atomic
def add_passkey(
    *, person: Person, name: str, credential: dict[str, object], by: Person, keeping: str
) -> None:
    """Take a passkey as second step from now on; as `add_app`, and there can be several.

    Args:
        person: whose account.
        name: what its owner calls it.
        credential: what the browser made, checked against its challenge.
        by: who adds it, always the person.
        keeping: the key of the session that adds it, which stays.
    """
    person = _locked_person(person)
    WebAuthn.add(person, name, credential)
    _added(person, by, keeping)


@transaction.atomic
def remove_factor(*, person: Person, handle: str, by: Person, keeping: str) -> bool:
    """Take one second step away.

    Args:
        person: whose account.
        handle: which, see `accounts.second_factors.Factor`.
        by: who removes it, always the person.
        keeping: the key of the session that removes it, which stays.

    Returns:
        Whether there was one; twice is once.

    Raises:
        LastSecondFactor: it is an AIM admin's only one.

    Side effects:
        With the last one the recovery codes go. Ends every other session. Tells the person by email,
        and keeps a trace.
    """
    person = _locked_person(person)
    mine = list(Authenticator.objects.filter(user=person, type__in=FACTORS))
    found = next((one for one in mine if is_handle_of(handle, "factor", str(one.pk))), None)
    if found is None:
        return False
    is_staff = person.staff_appointments.filter(ended_at__isnull=True).exists()
    if len(mine) == 1 and is_staff and settings.STAFF_SECOND_FACTOR:
        raise LastSecondFactor(_("An AIM admin needs a second step. Add another one before you remove this."))
    found.delete()
    if len(mine) == 1:
        Authenticator.objects.filter(user=person).delete()
    _trace(person, SecurityAct.REMOVED, by)
    end_others(person, but=keeping)
    _tell(person, gettext_lazy("A second step was removed from your AIMcert account"), "second_step_removed")
    return True


@transaction.atomic
def renew_recovery_codes(*, person: Person, by: Person) -> None:
    """Make new recovery codes; the old ones work no more.

    Args:
        person: whose.
        by: who asks, always the person.

    Raises:
        NoSecondFactor: there is no second step to recover from.

    Side effects:
        Tells the person by email, and keeps a trace.
    """
    person = _locked_person(person)
    if not Authenticator.objects.filter(user=person, type__in=FACTORS).exists():
        raise NoSecondFactor(_("Recovery codes stand in for a second step. Add one first."))
    Authenticator.objects.filter(user=person, type=RECOVERY).delete()
    RecoveryCodes.activate(person)
    _trace(person, SecurityAct.RECOVERY_CODES, by)
    _tell(person, gettext_lazy("New recovery codes for your AIMcert account"), "recovery_codes_made")


@transaction.atomic
def reset_second_factor(*, person: Person, reason: str, by: Person | None) -> bool:
    """Take every second step of somebody away who lost them, so that they can sign in and set up new ones.

    Args:
        person: whose account; who asks for it was recognised by some other way.
        reason: why, and how they were recognised.
        by: the AIM admin; None for the command, where no other admin can get in.

    Returns:
        Whether there were any; twice is once.

    Raises:
        OwnSecurity: `by` would reset their own: a session left open could otherwise.

    Side effects:
        Ends all their sessions. Tells them by email, and keeps a trace.
    """
    if by is not None and by.pk == person.pk:
        raise OwnSecurity(_("You cannot reset your own second step here. Ask another AIM admin."))
    person = _locked_person(person)
    gone, _rows = Authenticator.objects.filter(user=person).delete()
    if not gone:
        return False
    _trace(person, SecurityAct.RESET, by or person, reason)
    end_others(person, but="")
    _tell(person, gettext_lazy("The second step of your AIMcert account was reset"), "second_step_reset")
    return True


@transaction.atomic
def sign_out_for(*, person: Person, reason: str, by: Person) -> int:
    """Sign somebody out on every device, as The AIM Project.

    Args:
        person: whose sessions end.
        reason: why; kept, and not in the letter.
        by: the AIM admin.

    Returns:
        How many sessions ended.

    Raises:
        OwnSecurity: `by` has their own account page for that.

    Side effects:
        Sign-ins that are half done come to nothing. Tells the person by email, and keeps a trace.
    """
    if by.pk == person.pk:
        raise OwnSecurity(_("Sign yourself out on your own account page."))
    person = _locked_person(person)
    ended = end_others(person, but="")
    _trace(person, SecurityAct.SIGNED_OUT, by, reason)
    _tell(person, gettext_lazy("You were signed out of AIMcert"), "signed_out")
    return ended


def send_proving_code(*, person: Person, code: str, by: Person) -> None:
    """Send somebody who is signed in a code that shows that it is still them.

    Args:
        person: who is asked.
        code: what the letter tells; the caller keeps its fingerprint and compares.
        by: who asks for it, always the person.

    Side effects:
        Queues one letter.
    """
    subject = gettext_lazy("Your AIMcert code")
    write_to(person=person, subject=subject, template="proving_code", context={"code": code})


def reseal_secrets() -> int:
    """Seal again, with the present SECRET_KEY, what an older one sealed; how many rows.

    So that the older one can be taken out of the fallbacks without locking anybody out.
    """
    changed = 0
    for kind, field in SEALED.items():
        for pk in list(Authenticator.objects.filter(type=kind).values_list("pk", flat=True)):
            with transaction.atomic():
                row = Authenticator.objects.select_for_update(of=("self",)).filter(pk=pk).first()
                if row and is_by_an_older_key(row.data[field]):
                    row.data[field] = seal(unseal(row.data[field]))
                    row.save(update_fields=["data"])
                    changed += 1
    return changed


def _locked_person(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _added(person: Person, by: Person, keeping: str) -> None:
    RecoveryCodes.activate(person)
    _trace(person, SecurityAct.ADDED, by)
    end_others(person, but=keeping)
    _tell(person, gettext_lazy("A second step was added to your AIMcert account"), "second_step_added")


def _trace(person: Person, act: SecurityAct, by: Person, reason: str = "") -> None:
    SecurityStep.objects.create(person=person, act=act, done_by=by, reason=reason)


def _tell(person: Person, subject: StrOrPromise, template: str) -> None:
    write_to(person=person, subject=subject, template=template)
