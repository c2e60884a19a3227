"""People: finding or making them, and what they change about themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.letters import queue_email, write_to
from accounts.addresses import normalised
from accounts.devices import KEPT
from accounts.handles import is_handle_of
from accounts.models import ConfirmedAddress, KnownDevice, Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.retention import delete_batches

# One that is just being signed in to may not be written yet.
SETTLED = timedelta(hours=1)
# Letters about new devices, for one person.
MOST_TOLD, A_DAY = 3, timedelta(days=1)


class AccountClosed(Refused):
    """The address belongs to an account that was closed."""


class AddressTaken(Refused):
    """The address belongs to another account."""


@transaction.atomic
def find_or_create_person(*, name: str, email: str) -> Person:
    """The person with this address; if there is none, one who can sign in by emailed code.

    Args:
        name: used only for a new person: nobody renames another by inviting them.
        email: any spelling of the address.

    Returns:
        The person; for an account that was merged into another, that other.

    Raises:
        AccountClosed: the account with this address was closed.
    """
    address = normalised(email)
    person = Person.objects.with_address(address).first()
    if person is None:
        new = Person(email=address, name=" ".join(name.split()))
        new.set_unusable_password()
        person, _made = Person.objects.get_or_create(
            email=address, defaults={"name": new.name, "password": new.password}
        )
    while person.merged_into is not None:
        person = person.merged_into
    if not person.is_active:
        raise AccountClosed(
            _("The account of %(email)s is closed. Use another address, or ask The AIM Project to reopen it.")
            % {"email": address}
        )
    return person


@transaction.atomic
def change_name(*, person: Person, name: str, by: Person) -> Person:
    """Change what a person is called from now on; certificates keep the name they were issued with.

    Args:
        person: whose name.
        name: the new one.
        by: who changes it, so far always the person.

    Returns:
        The person, with the new name.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.name = " ".join(name.split())
    person.save(update_fields=["name"])
    return person


def announce_email_change(*, person: Person, email: str, code: str, by: Person) -> None:
    """Write to a new address, so that whoever reads it can confirm it with the code.

    The owner of an address that already has an account is told so, without a code: the page that
    asked cannot tell the two apart, so nobody learns from it who has an account.

    Args:
        person: whose address is to change.
        email: the new one.
        code: what the letter tells; the caller keeps it and compares.
        by: who asks.

    Side effects:
        Queues one letter to `email`.
    """
    address = normalised(email)
    if Person.objects.with_address(address).exclude(pk=person.pk).exists():
        queue_email(
            to=address,
            subject=gettext_lazy("About your AIMcert account"),
            template="address_in_use",
            language=person.language,
        )
        return
    queue_email(
        to=address,
        subject=gettext_lazy("Confirm your new email address"),
        template="confirm_address",
        context={"code": code},
        language=person.language,
    )


@transaction.atomic
def change_email(*, person: Person, email: str, by: Person, keeping: str = "") -> Person:
    """Move an account to a new address that was confirmed by a code sent to it.

    Args:
        person: whose account.
        email: the new address.
        by: who changes it, so far always the person.
        keeping: the key of the session that changes it, which stays.

    Returns:
        The person; unchanged where they have this address already.

    Raises:
        AddressTaken: another account got the address meanwhile.

    Side effects:
        Tells the old address, which stays tied to the account: it signs nobody in, but an invitation to
        it is theirs. Ends every other session, and sign-ins that are half done: whoever
        reads the old address must not stay, or get, in.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    address = normalised(email)
    if person.email == address:
        return person
    if Person.objects.with_address(address).exists():
        raise AddressTaken(_("This address belongs to another account. Use a different one."))
    old, person.email = person.email, address
    person.save(update_fields=["email"])
    _move_address(person, old, address)
    end_others(person, but=keeping)
    queue_email(
        to=old,
        subject=gettext_lazy("Your AIMcert email address was changed"),
        template="address_changed",
        language=person.language,
    )
    return person


def _move_address(person: Person, old: str, new: str) -> None:
    """Keep that `old` was theirs, who signed in with it, and that they confirmed `new`."""
    now = timezone.now()
    ConfirmedAddress.objects.get_or_create(
        person=person, email=old, defaults={"confirmed_at": min(person.last_login or person.created_at, now)}
    )
    ConfirmedAddress.objects.filter(person=person, given_up_at__isnull=True).update(given_up_at=now)
    ConfirmedAddress.objects.update_or_create(
        person=person, email=new, defaults={"confirmed_at": now, "given_up_at": None}
    )


@transaction.atomic
def set_password(*, person: Person, password: str, by: Person, keeping: str = "") -> Person:
    """Set or replace the optional password.

    Args:
        person: whose.
        password: one that passed the validators.
        by: who sets it, so far always the person.
        keeping: the key of the session that sets it, which stays.

    Returns:
        The same object, its password changed.

    Side effects:
        Tells the person by email. Ends every other session, and sign-ins that are half done.
    """
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.set_password(password)
    person.save(update_fields=["password"])
    end_others(person, but=keeping)
    queue_email(
        to=person.email,
        subject=gettext_lazy("Your AIMcert password was set"),
        template="password_set",
        language=person.language,
    )
    return person


@transaction.atomic
def end_session(*, person: Person, handle: str, by: Person) -> bool:
    """End one session.

    Args:
        person: whose.
        handle: which, see `accounts.devices.Device`.
        by: who asks, always the person.

    Returns:
        Whether there was one; twice is once.
    """
    mine = UserSession.objects.filter(user=person).values_list("session_key", flat=True)
    key = next((key for key in mine if is_handle_of(handle, "session", key)), None)
    if key is None:
        return False
    Session.objects.filter(session_key=key).delete()
    UserSession.objects.filter(session_key=key).delete()
    return True


@transaction.atomic
def end_sessions(*, person: Person, by: Person, but: str = "") -> int:
    """Sign a person out, on every device.

    Args:
        person: whose sessions end.
        by: who asks, so far always the person.
        but: the key of one session that stays.

    Returns:
        How many ended.

    Side effects:
        Sign-ins that are half done come to nothing: `Person.signed_out_at` is later than they are.
    """
    return end_others(Person.objects.select_for_update(of=("self",)).get(pk=person.pk), but=but)


def end_others(person: Person, *, but: str) -> int:
    """End the sessions of `person`, whose row is locked, but the one with this key; how many ended."""
    person.signed_out_at = timezone.now()
    person.save(update_fields=["signed_out_at"])
    mine = UserSession.objects.filter(user=person).exclude(session_key=but)
    ended, _rows = Session.objects.filter(session_key__in=mine.values("session_key")).delete()
    mine.delete()
    return ended


def remember_device(*, person: Person, device: str, name: str, by: Person) -> bool:
    """Remember that a person signed in by themself on this device, and tell them of a new one.

    Args:
        person: who signed in.
        device: the device's hash, from `accounts.devices`.
        name: what people call such a device, for the letter.
        by: the person.

    Returns:
        Whether they never did so on it before, as far as is still known.

    Side effects:
        Queues a letter about a new device, but none about the very first that somebody signs in on,
        nor after `MOST_TOLD` new ones in a day: some browsers forget us each time they are closed.
    """
    now = timezone.now()
    _row, is_new = KnownDevice.objects.update_or_create(
        person=person,
        device_hash=device,
        defaults={"last_at": now},
        create_defaults={"first_at": now, "last_at": now},
    )
    if is_new:
        known = KnownDevice.objects.filter(person=person)
        is_first = person.signed_out_at is None and not known.exclude(device_hash=device).exists()
        if not is_first and known.filter(first_at__gt=now - A_DAY).count() <= MOST_TOLD:
            write_to(
                person=person,
                subject=gettext_lazy("You signed in to AIMcert on a new device"),
                template="new_device",
                context={"device": name, "at": now},
            )
    return bool(is_new)


def forget_known_devices(*, person: Person, by: Person) -> int:
    """Know none of a person's devices any more, as when one was lost; how many were known.

    Args:
        person: whose devices.
        by: who asks, so far always the person.
    """
    return int(KnownDevice.objects.filter(person=person).delete()[0])


def forget_devices(*, now: datetime) -> int:
    """Delete where people were signed in, once the session is gone, and what they signed in on long ago.

    Returns:
        How many rows went.
    """
    alive = Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    gone = delete_batches(UserSession.objects.filter(~alive, created_at__lt=now - SETTLED))
    return gone + delete_batches(KnownDevice.objects.filter(last_at__lt=now - KEPT))
