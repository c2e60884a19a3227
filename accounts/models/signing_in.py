"""What is kept of signing in: the devices that somebody signed in on."""

from __future__ import annotations

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
