"""Names compared and put in order as people do: without accents, case, apostrophes, hyphens or word order.

PostgreSQL does it, by functions of our own that need nothing beyond its core: not every build of it has ICU,
and what the machine's C library makes of an order differs from one to the next (docs/adr/0017).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, F, Func, Q, TextField, Value

# As the functions of the migration that made them have it.
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032\uff07]")
_MARKS = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufeff]"
)
_BETWEEN = re.compile(
    "[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u2212"
    "\u3000-\u3020\u30fb]+"
)
_HYPHENS = re.compile("[-\u2010-\u2015\u2212\u00ad\u058a\u05be]")
# Letters of names without a space between their words.
_ALONE = re.compile("([\u3040-\u30ff\u3400-\u9fff])")
# What `lower` of PostgreSQL's collation "C" leaves: of Latin what has no plain letter in it, then Greek,
# Cyrillic and Armenian.
_FROM = "øØłŁđĐħĦıŋŊðÐ" + "".join(
    map(chr, [*range(0x391, 0x3AA), *range(0x400, 0x430), *range(0x531, 0x557)])
)
_TO = (
    "oolldd"
    + "hhinndd"
    + "".join(
        map(chr, [*range(0x3B1, 0x3CA), *range(0x450, 0x460), *range(0x430, 0x450), *range(0x561, 0x587)])
    )
)
_PLAIN = str.maketrans(_FROM, _TO)
_TWO_LETTERS = tuple(zip("ßẞæÆœŒþÞ", ["ss", "ss", "ae", "ae", "oe", "oe", "th", "th"], strict=True))


def name_key(name: str) -> str:
    """What `name` is put in order by; the same as `InOrder` has it in PostgreSQL."""
    key = _MARKS.sub("", unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)))
    for one, two in _TWO_LETTERS:
        key = key.replace(one, two)
    lowered = "".join(char.lower() if char.isascii() else char for char in key.translate(_PLAIN))
    return _BETWEEN.sub(" ", lowered).strip(" ")


def _ways(name: str) -> list[list[str]]:
    """The words of `name` read three ways, as `name_ways` has them in PostgreSQL."""
    ways = (name, _HYPHENS.sub("", name), _APOSTROPHES.sub(" ", name))
    return [_ALONE.sub(r" \1 ", name_key(way)).split() for way in ways]


def name_finder(typed: str) -> Callable[[str], bool]:
    """`name_matches` for names that were read already: whether `typed` means the name that it is asked of.

    Args:
        typed: what was typed into a search box.
    """
    wanted = [words for words in _ways(typed) if words]

    def means(name: str) -> bool:
        found = {word for words in _ways(name) for word in words}
        return any(all(any(one.startswith(word) for one in found) for word in words) for words in wanted)

    return means


class InOrder(Func):
    """`InOrder("person__name")`: what a list of people, organisations or titles is ordered by."""

    function = "public.name_key"
    arity = 1
    output_field = TextField()


class NameWords(Func):
    """The words of a name, for an index and for `name_matches`."""

    function = "public.name_words"
    arity = 1
    output_field = SearchVectorField()


class _Matches(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def name_matches(field: str, typed: str) -> Q:
    """The condition that each word of `typed` begins a word of the name in `field`, in whichever order.

    "O'Neill" finds O’Neill and ONeill, "Neill" both; "Zoe" finds Zoë, "Haddad Dina" Dina Al-Haddad.
    Of nothing but signs nothing is found.

    Args:
        field: such as "name" or "associate__name".
        typed: what was typed into a search box.
    """
    query: Any = Func(Value(typed), function="public.name_query", output_field=SearchVectorField())
    return Q(_Matches(NameWords(F(field)), query))
