"""Addresses that people confirmed: each stays tied to its account after another took its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Exists, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models.people import Person
from aimcert.foundation.name_order import name_matches
from aimcert.foundation.typed import mailbox


class ConfirmedAddressQuerySet(models.QuerySet["ConfirmedAddress"]):
    def of(self, person: Person) -> ConfirmedAddressQuerySet:
        """Addresses that `person` confirmed, on whichever account of theirs."""
        return self.filter(Q(person=person) | Q(person__merged_into=person))


class ConfirmedAddress(models.Model):
    """An address at which somebody was reached: theirs now, or given up since.

    Written where an account moves to another address; who never moved has the one on their account. One
    that was given up signs nobody in. It tells whose an invitation is that was sent to it, and that
    somebody would handle what is about themself.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="confirmed_addresses")
    email = models.EmailField()
    confirmed_at = models.DateTimeField(default=timezone.now, help_text="At the latest.")
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = ConfirmedAddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "email"], name="confirmedaddress_once"),
            models.UniqueConstraint(
                fields=["email"], condition=Q(given_up_at__isnull=True), name="confirmedaddress_one_now"
            ),
            models.CheckConstraint(name="confirmedaddress_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="confirmedaddress_given_up_later",
                condition=Q(given_up_at__isnull=True) | Q(given_up_at__gte=F("confirmed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.confirmed_at:%Y-%m-%d}"


def belongs_to(email: str, *, to: str = "") -> Q:
    """The condition that a person is whom an address reaches, or has an account merged into theirs that is.

    Who has it now; where nobody has, who confirmed it last and gave it up.

    Args:
        email: in our one spelling.
        to: the way to the person, such as "person__"; empty: on a person.
    """
    last = ConfirmedAddress.objects.filter(email=email).order_by("-confirmed_at", "-pk").values("person")[:1]
    mine, merged = f"{to}pk" if to else "pk", f"{to}merged__pk"
    nobodys = ~Exists(Person.objects.filter(email=email))
    return (
        Q(**{f"{to}email": email})
        | Q(**{f"{to}merged__email": email})
        | ((Q(**{f"{mine}__in": last}) | Q(**{f"{merged}__in": last})) & Q(nobodys))
    )


def ever_at(email: str) -> QuerySet[Person]:
    """Everybody who has or had this address, on whichever account: of a conflict one of them is enough."""
    confirmed = ConfirmedAddress.objects.filter(email=email).values("person")
    theirs = Q(email=email) | Q(pk__in=confirmed)
    accounts = Person.objects.filter(theirs)
    return Person.objects.filter(Q(pk__in=accounts.values("pk")) | Q(pk__in=accounts.values("merged_into")))


@dataclass
class AtAddress:
    """Whose one address is, or was, as keys of people.

    Args:
        ever: as `ever_at` finds.
        now: as `belongs_to` finds.
    """

    ever: set[int] = field(default_factory=set)
    now: set[int] = field(default_factory=set)


def at_each(addresses: Collection[str]) -> dict[str, AtAddress]:
    """What `ever_at` and `belongs_to` find for each of many addresses, in two statements for all of them.

    Args:
        addresses: in our one spelling.

    Returns:
        For each address that anybody has or had.
    """
    found: defaultdict[str, AtAddress] = defaultdict(AtAddress)
    have = Person.objects.filter(email__in=addresses).values_list("email", "pk", "merged_into")
    confirmed = ConfirmedAddress.objects.filter(email__in=addresses).order_by("confirmed_at", "pk")
    for address, *accounts in have:
        found[address].ever = found[address].now = {pk for pk in accounts if pk}
    taken = set(found)
    for address, *accounts in confirmed.values_list("email", "person", "person__merged_into"):
        keys = {pk for pk in accounts if pk}
        found[address].ever = found[address].ever | keys
        if address not in taken:
            # Who confirmed it last.
            found[address].now = keys
    return dict(found)


def found_by(typed: str) -> QuerySet[Person]:
    """Whom an admin means who typed a part of a name, or of an address that they have or had.

    Args:
        typed: each word begins a word of the name, or all of it stands in the address. Of nothing but
            signs nobody is found.
    """
    found = name_matches("name", typed)
    if address := mailbox(typed):
        had = ConfirmedAddress.objects.filter(email__icontains=address).values("person")
        found |= Q(email__icontains=address) | Q(pk__in=had)
    return Person.objects.filter(found)
