"""Signing in by an emailed code: asking for one, typing it, and what is remembered and forgotten of both.

Who may have how many is docs/adr/0016-getting-in.md, with the odds of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from uuid import UUID, uuid4

from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import get_language, gettext_lazy

from accounts.actions.letters import enqueue_letter, queue_email
from accounts.limits import Limit, spend
from accounts.models import LimitCount, PendingSignIn, Person, SignInCode, VouchedNetwork
from accounts.models.signing_in import MOST_TRIES
from accounts.networks import VOUCHED_FOR, network_hash
from accounts.proof_of_work import GOOD_FOR, Work, set_work, still_to_do
from accounts.requesters import Requester
from aimcert.foundation.retention import delete_batches

WORKS_FOR = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
SHORT, LONG = 8, 12
# Consonants, so that they are neither a word nor taken for the code.
LABEL = "BCDFGHJKLMNPQRSTVWXZ"

# A device that the address's owner signed in on before has its own, whatever happens elsewhere.
DEVICE = Limit("codes for a known device", 6, timedelta(seconds=150))
# So has everybody in a room, apart from what is asked elsewhere in their name.
ROOM_ADDRESS = Limit("codes for an address in a room", 4, timedelta(minutes=5))
ROOM = Limit("codes for a room", 200, timedelta(seconds=10))
# Strangers share these.
NETWORK = Limit("codes for a network", 60, timedelta(seconds=15))
ADDRESS = Limit("codes for an address", 3, timedelta(minutes=15))
STRANGERS = Limit("codes for strangers", 200, timedelta(seconds=12))
# And, beyond these, what costs work; codes are long then.
WORKING_NETWORK = Limit("codes for a network that works", 60, timedelta(seconds=15))
WORKING = Limit("codes for strangers who work", 200, timedelta(seconds=6))
LETTERS = Limit("long codes to an address", 3, timedelta(minutes=10))
# Letters that say that an address has no account.
UNKNOWN_NETWORK = Limit("no account, for a network", 10, timedelta(minutes=6))
UNKNOWN = Limit("no account", 60, timedelta(minutes=1))
# The same work for an address that has one, without an end.
KNOWN_NETWORK = Limit("an account, for a network", 10**6, timedelta(microseconds=1))
KNOWN = Limit("an account", 10**6, timedelta(microseconds=1))
HANDED_IN = Limit("work handed in", 1, timedelta(seconds=GOOD_FOR))


class Sends(Enum):
    """What a sign-in that begins may be sent."""

    SHORT = "a code"
    LONG = "a long code"
    NOTHING = "nothing: the newest long code counts"


class Typed(Enum):
    """What came of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "it signed somebody in already"
    ENDED = "it works no more, or there were too many tries"


class WorkNeeded(Exception):
    """More is asked for than strangers may have: their device works first, or they wait.

    Attributes:
        work: what it has to do.
    """

    def __init__(self, work: Work) -> None:
        super().__init__("work needed")
        self.work = work


@dataclass(frozen=True)
class HandedIn:
    """Work as it came with a form; empty where none was set."""

    token: str = ""
    answers: str = ""


def begin_sign_in(
    *, email: str, person: Person | None, requester: Requester, handed_in: HandedIn
) -> tuple[PendingSignIn, bool]:
    """Begin a sign-in, and send its code where a letter may go; others that were begun stay as they are.

    Args:
        email: the address that was typed, in our one spelling.
        person: whose it is; None where it has no account, which must show in nothing.
        requester: who asks.
        handed_in: the work that came with the form.

    Returns:
        The sign-in, whose name the session keeps, with its code's row; and whether a letter was due.

    Raises:
        WorkNeeded: strangers asked for too many. What was asked for before is counted all the same.

    Side effects:
        Queues one letter: the code, or that there is no account. Of the latter only so many.
    """
    sends = _allowed(email, requester, handed_in)
    of_network = (KNOWN_NETWORK, KNOWN) if person else (UNKNOWN_NETWORK, UNKNOWN)
    is_sent = sends is not Sends.NOTHING
    if is_sent:
        is_sent = not spend(of_network[0], requester.network)
        # Another is spent where the first refuses, so that it takes as long.
        is_sent = not spend(of_network[1] if is_sent else KNOWN) and is_sent
    now = timezone.now()
    with transaction.atomic():
        if sends is Sends.NOTHING and (newest := _newest_long_code(email, now)) is not None:
            return PendingSignIn.objects.create(code=newest, made_at=now), False
        code = str(generate_user_code(numeric=True, length=SHORT if sends is Sends.SHORT else LONG))
        row = SignInCode(
            address_hash=_address_hash(email),
            person=person,
            label=get_random_string(3, LABEL),
            is_long=sends is not Sends.SHORT,
            made_at=now,
            expires_at=now + WORKS_FOR,
        )
        row.code_hmac = _hmac_of(row.uuid, code)
        row.save()
        _write(email, person, code, row.label, is_sent=is_sent)
        return PendingSignIn.objects.create(code=row, made_at=now), sends is not Sends.NOTHING


def _allowed(email: str, requester: Requester, handed_in: HandedIn) -> Sends:
    """What a sign-in may be sent; limits are spent before a transaction begins, so that they stay spent."""
    if requester.device and not spend(DEVICE, requester.device, email):
        return Sends.SHORT
    if requester.is_in_a_room:
        # Nobody in a room is refused or made to wait: at worst they are sent no further letter.
        if not spend(ROOM_ADDRESS, requester.network, email) and not spend(ROOM, requester.network):
            return Sends.SHORT
        return Sends.NOTHING if spend(LETTERS, email) else Sends.LONG
    # Each narrower one first, so that one network or address does not use up what all share.
    if not handed_in.token:
        if spend(NETWORK, requester.network) or spend(ADDRESS, email) or spend(STRANGERS):
            raise WorkNeeded(set_work(about=email))
        return Sends.SHORT
    if (left := still_to_do(handed_in.token, handed_in.answers, about=email)) is not None:
        raise WorkNeeded(left)
    if spend(HANDED_IN, sha256(handed_in.token.encode()).hexdigest()):
        raise WorkNeeded(set_work(about=email))
    if wait := spend(WORKING_NETWORK, requester.network) or spend(WORKING):
        raise WorkNeeded(set_work(about=email, wait=wait.total_seconds()))
    return Sends.NOTHING if spend(LETTERS, email) else Sends.LONG


def _newest_long_code(email: str, now: datetime) -> SignInCode | None:
    live = SignInCode.objects.filter(address_hash=_address_hash(email), used_at__isnull=True, is_long=True)
    return live.filter(expires_at__gt=now).order_by("-made_at").first()


def _write(email: str, person: Person | None, code: str, label: str, *, is_sent: bool) -> None:
    """Queue the letter; where none may go, do the same and take it back, so that the time tells nothing."""
    how_url = settings.SITE_URL + reverse("account_signup")
    with transaction.atomic():
        queue_email(
            to=email,
            subject=gettext_lazy("Your AIMcert sign-in code, %(label)s") % {"label": label}
            if person
            else gettext_lazy("Signing in to AIMcert"),
            template="sign_in_code" if person else "no_account",
            context={"code": code, "label": label, "how_url": how_url},
            language=get_language() or settings.LANGUAGE_CODE,
        )
        if not is_sent:
            transaction.set_rollback(True)
    if not is_sent:
        # Nobody's letter: a worker finds nothing to do.
        enqueue_letter(0, is_urgent=True)


@transaction.atomic
def use_sign_in_code(*, pending: UUID, code: str) -> Typed:
    """Take the code of a sign-in, once: of several who type it at one moment one gets in.

    Args:
        pending: the sign-in's name, from its session.
        code: what was typed.

    Returns:
        Whether it is right, and used up now; a wrong try is counted against this sign-in alone.
    """
    now = timezone.now()
    row = (
        PendingSignIn.objects.select_for_update(of=("self", "code"))
        .select_related("code")
        .filter(uuid=pending)
        .first()
    )
    # Compared where there is none, too, so that the time it takes tells nothing.
    held = row.code if row else None
    typed = _hmac_of(held.uuid if held else uuid4(), code)
    is_right = constant_time_compare(typed, held.code_hmac if held else "0" * 64)
    if row is None or held is None or row.wrong_tries >= MOST_TRIES or held.expires_at <= now:
        return Typed.ENDED
    if held.used_at:
        return Typed.USED
    if is_right and held.person_id:
        held.used_at = now
        held.save(update_fields=["used_at"])
        return Typed.RIGHT
    row.wrong_tries += 1
    row.save(update_fields=["wrong_tries"])
    return Typed.ENDED if row.wrong_tries >= MOST_TRIES else Typed.WRONG


@transaction.atomic
def vouch_for_network(*, network: str, by: Person) -> None:
    """Know a network as a room's for a working day: who asks to be let in from there is no stranger.

    Args:
        network: from `accounts.networks`.
        by: somebody of a course that meets today, who came from there.
    """
    now = timezone.now()
    VouchedNetwork.objects.bulk_create(
        [VouchedNetwork(network_hash=network_hash(network, now), until_at=now + VOUCHED_FOR)],
        update_conflicts=True,
        unique_fields=["network_hash"],
        update_fields=["until_at"],
    )


def forget_sign_ins(*, now: datetime) -> int:
    """Delete codes that work no more, and who waited to type them, counts and networks; how many went."""
    gone = delete_batches(SignInCode.objects.filter(expires_at__lt=now))
    gone += delete_batches(LimitCount.objects.filter(spent_until__lt=now))
    return gone + delete_batches(VouchedNetwork.objects.filter(until_at__lt=now))


def _address_hash(email: str) -> str:
    return salted_hmac("accounts.sign_in_code.address", email, algorithm="sha256").hexdigest()


def _hmac_of(row: UUID, code: str) -> str:
    salted = salted_hmac(f"accounts.sign_in_code.{row}", normalize_user_code(code), algorithm="sha256")
    return salted.hexdigest()
