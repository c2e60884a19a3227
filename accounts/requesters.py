"""Who asks to be let in, as far as limits care: on which device, from which network."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.devices import device_hash, is_known_device
from accounts.networks import is_vouched, network_of


@dataclass(frozen=True)
class Requester:
    """Somebody who is not signed in.

    Attributes:
        device: the device's hash, where the owner of the address they typed signed in on it before; else "".
        network: where they come from.
        is_in_a_room: whether people of a course that is today came from there.
    """

    device: str
    network: str
    is_in_a_room: bool

    @property
    def own(self) -> str:
        """What keeps their tries apart from those of strangers; "" for a stranger."""
        return self.device or (self.network if self.is_in_a_room else "")


def requester_of(request: HttpRequest, *, email: str) -> Requester:
    """Who asks, for the address `email` in our one spelling."""
    network = network_of(request)
    device = device_hash(request) if is_known_device(request, email=email) else ""
    return Requester(device, network, is_vouched(network))
