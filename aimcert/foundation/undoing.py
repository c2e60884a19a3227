"""Saying that something was done, with a way to take it back beside the words."""

from __future__ import annotations

import json
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

Row = TypeVar("Row", bound=Model)


class Undo(NamedTuple):
    """What takes back what was done a moment ago: the opposite act, which is refused and told as ever.

    Args:
        words: on the button or link, with whom it is about: "Put Ruth Calder back".
        url: where the opposite act is done.
        fields: what is sent there, identifiers alone, since it travels in a cookie; empty: `url` is a page
            on which it can be done.
    """

    words: str
    url: str
    fields: dict[str, str] = {}


def undo_at(words: str, route: str, *args: object, **fields: object) -> Undo:
    """An `Undo` at a named route; `fields` are sent there."""
    return Undo(words, reverse(route, args=args), {name: str(value) for name, value in fields.items()})


def say_done(request: HttpRequest, words: str, undo: Undo) -> None:
    """Show `words` on the next page, with `undo` below them."""
    messages.success(request, words, extra_tags=json.dumps(undo))


def undo_of(message: Message) -> Undo | None:
    """What `say_done` gave with this message; None where it was said in another way."""
    return Undo(*json.loads(message.extra_tags)) if message.extra_tags else None


def named_again(request: HttpRequest, rows: QuerySet[Row]) -> Row | None:
    """Of `rows`, which the reader may read, the one that `?again=<uuid>` names: what ended and is begun anew.

    A form that is opened so is filled in with what was said of it then. None where the address names none.
    """
    try:
        uuid = UUID(request.GET.get("again", ""))
    except ValueError:
        return None
    return rows.filter(uuid=uuid).first()
