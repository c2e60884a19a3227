"""History of ids, states and actors; never a name, an address or a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pghistory
from django.db import models


def tracked(
    *fields: str, deletions: bool = False, indexes: Sequence[models.Index] = ()
) -> Callable[[Any], Any]:
    """A model decorator: PostgreSQL keeps each value that `fields` ever had, with who and when.

    Args:
        fields: names of columns that hold ids, states, times and actors alone.
        deletions: whether rows of this model are ever deleted.
        indexes: by which its history is read, beside those of its references.
    """

    def decorate(model: Any) -> Any:
        # One tracker belongs to one model, so these are made anew for each.
        events = [pghistory.InsertEvent(), pghistory.UpdateEvent()]
        if deletions:
            events.append(pghistory.DeleteEvent())
        name = f"{model.__name__}Event"
        meta = {"indexes": [*indexes]}
        return pghistory.track(*events, fields=list(fields), model_name=name, meta=meta)(model)

    return decorate
