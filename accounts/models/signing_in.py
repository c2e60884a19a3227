"""What is kept of signing in: codes and who waits to type one, devices, networks, and counts of limits."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import Person


class KnownDevice(models.Model):
    """One person signed in by themself on one device: see accounts/devices.py for its cookie.

    The row holds the SHA-256 of what the cookie says, and nothing else of the device.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="known_devices")
    device_hash = models.CharField(max_length=64)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "device_hash"], name="knowndevice_once"),
            models.CheckConstraint(
                name="knowndevice_hash", condition=Q(device_hash__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        indexes = [models.Index(fields=["last_at"], name="knowndevice_last")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.device_hash[:8]}"


MOST_TRIES = 5


class SignInCode(models.Model):
    """A code that was sent, or that nobody was sent because the address has no account; kept as its HMAC.

    It signs in once. Whoever asks again while enough letters went to an address is not sent another: their
    sign-in takes the newest long code that went there.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of the address that was typed: whether it has an account, the page that asks must not show.
    address_hash = models.CharField(max_length=64)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="sign_in_codes")
    code_hmac = models.CharField(max_length=64)
    # On the page and in the letter, so that somebody who finds several letters takes the right one.
    label = models.CharField(max_length=4)
    is_long = models.BooleanField()
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="signincode_hmac", condition=Q(code_hmac__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="signincode_works_a_while", condition=Q(expires_at__gt=models.F("made_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["address_hash", "-made_at"], name="signincode_newest"),
            models.Index(fields=["expires_at"], name="signincode_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.uuid}"


class PendingSignIn(models.Model):
    """A sign-in that was begun in one session, which alone holds its name, and waits for its code.

    A wrong try counts here and nowhere else, so that nobody's tries are another's.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.ForeignKey(SignInCode, on_delete=models.CASCADE, related_name="pending")
    made_at = models.DateTimeField(default=timezone.now)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="pendingsignin_few_tries", condition=Q(wrong_tries__lte=MOST_TRIES))
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class LimitCount(models.Model):
    """How far one limit is used up: see accounts/limits.py. The key says neither what nor whose it is."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    spent_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["spent_until"], name="limitcount_spent")]

    def __str__(self) -> str:
        return self.key_hash[:8]


class VouchedNetwork(models.Model):
    """A network from which people of a course came that is today; by a hash that changes each day."""

    network_hash = models.CharField(max_length=64, primary_key=True)
    until_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until_at"], name="vouchednetwork_until")]

    def __str__(self) -> str:
        return self.network_hash[:8]
