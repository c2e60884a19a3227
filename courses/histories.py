"""What went before, for one person and one programme: other places, and what higher apps may tell of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Person
from courses.models import Course


@dataclass(frozen=True)
class Known:
    """One thing that somebody may be told of somebody else's earlier courses.

    Args:
        words: in a sentence, in the reader's language.
        holds: whether it is a certificate of the programme that holds now.
    """

    words: str
    holds: bool = False


# Of each address, what the reader may be told: by the reader, the course that they ask for, the addresses.
Teller = Callable[[Person, Course, Collection[str]], dict[str, list[Known]]]
_tellers: list[Teller] = []


def add_teller(teller: Teller) -> Teller:
    """From now on `known_of` also tells what `teller` does; results are a higher app's to tell."""
    _tellers.append(teller)
    return teller


def known_of(reader: Person, course: Course, addresses: Collection[str]) -> dict[str, list[Known]]:
    """What `reader` may be told of earlier courses, in the programme of `course`, by address.

    An AIM3 course knows of AIM3 alone: one programme never counts as another.
    """
    found: dict[str, list[Known]] = {}
    for teller in _tellers if addresses else ():
        for address, known in teller(reader, course, addresses).items():
            found.setdefault(address, []).extend(known)
    return found


def accounts_of(person: Person, prefix: str = "person") -> Q:
    """The condition that a row's person is this one, on whichever account of theirs."""
    first = person.merged_into_id or person.pk
    return Q(**{f"{prefix}__in": Person.objects.accounts_of(first).values("pk")})
