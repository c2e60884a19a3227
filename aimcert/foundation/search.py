"""What a search finds of one kind of thing, as every app says it and the search page lists it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

# How many of a kind the search page shows; the others are found in that kind's own list.
MOST = 10

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Found:
    """One thing that was found.

    Args:
        words: what it is called.
        url: its page.
        hint: what tells it from another of the same name.
    """

    words: str
    url: str
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind.

    Args:
        title: what they are.
        found: the first `MOST`.
        more: whether there are more.
        url: the list in which all of them are found; empty where there is none.
    """

    title: str | Promise
    found: Sequence[Found]
    more: bool
    url: str = ""


def group(title: str | Promise, rows: QuerySet[M, Any], say: Callable[[M], Found], *, url: str = "") -> Group:
    """The first `MOST` of `rows`, and whether there are more: one statement.

    Args:
        title: what they are.
        rows: what was found, in order; only what whoever asks may open.
        say: how one of them is told.
        url: the list in which all of them are found.
    """
    first = list(rows[: MOST + 1])
    return Group(title, [say(row) for row in first[:MOST]], len(first) > MOST, url)
