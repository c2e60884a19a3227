"""One way of writing each text of a version, so that what is read, stored and exported is the same."""

from __future__ import annotations

import unicodedata
from typing import Any

from aimcert.foundation.fields import lines

TAB = 4


def one_way(text: str) -> str:
    """`text` composed (NFC), its line ends LF, tabs and spaces at the ends of lines gone.

    Written so once, it stays as it is: `one_way(one_way(text)) == one_way(text)`.
    """
    # What turns a text around is taken out before composing, since it may stand between the parts.
    text = unicodedata.normalize("NFC", lines(text))
    return "\n".join(line.expandtabs(TAB).rstrip() for line in text.split("\n")).strip()


def all_one_way(value: Any) -> Any:
    """`value`, of lists and dicts of whatever depth, with every text in it as `one_way` has it."""
    if isinstance(value, str):
        return one_way(value)
    if isinstance(value, list):
        return [all_one_way(one) for one in value]
    if isinstance(value, dict):
        return {key: all_one_way(one) for key, one in value.items()}
    return value
