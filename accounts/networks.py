"""Which network a request comes from, as far as limits need it, and which networks are vouched for today.

A network is an IPv4 address, or the /64 of an IPv6 address: a training room is one of these. It is kept
nowhere but as a hash that changes each day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Person, VouchedNetwork

# Where the proxy in front does not say from where a request came, all such requests are one network.
UNKNOWN = "unknown"
# From when somebody of a course came in: a working day, wherever it is.
VOUCHED_FOR = timedelta(hours=12)

_reasons: list[Callable[[datetime], Q]] = []


def add_reason_to_vouch(reason: Callable[[datetime], Q]) -> None:
    """From now on, whoever meets this condition on a person vouches for the network they sign in from.

    Args:
        reason: makes the condition, for a moment.
    """
    _reasons.append(reason)


def network_of(request: HttpRequest) -> str:
    """The network that `request` came from: see `ALLAUTH_TRUSTED_PROXY_COUNT` for whose word counts."""
    try:
        address = ip_address(get_client_ip(request) or "")
    except (ImproperlyConfigured, ValueError):
        return UNKNOWN
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 64), strict=False))
    return str(address)


def vouches(person: Person, now: datetime) -> bool:
    """Whether `person` belongs to something that meets today, in any way that was added here."""
    met = Q(pk__in=[])
    for reason in _reasons:
        met |= reason(now)
    return Person.objects.filter(met, pk=person.pk).exists()


def network_hash(network: str, day: datetime) -> str:
    """What is kept of a network on one day: nobody can tell from it which it is, or that it came again."""
    said = f"{day.astimezone(UTC).date()} {network}"
    return salted_hmac("accounts.networks", said, algorithm="sha256").hexdigest()


def is_vouched(network: str) -> bool:
    """Whether somebody vouched for `network` in the last hours: one query."""
    now = timezone.now()
    hashes = [network_hash(network, day) for day in (now, now - VOUCHED_FOR)]
    return VouchedNetwork.objects.filter(pk__in=hashes, until_at__gt=now).exists()
