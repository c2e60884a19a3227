"""Kinds of question: how one is set, answered, shown and referred to. Each is one module of this package.

A fifth kind is a fifth module with one subclass of `Kind`; nothing else names the kinds.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from assessments.case_studies.kinds.interface import (
    AnswerRefused,
    Field,
    Group,
    Kind,
    Option,
    Part,
    Problem,
    Reference,
    ReferenceArea,
    Said,
    SaidGroup,
    SettingField,
    SettingsRefused,
    Shape,
    TypedShape,
)
from assessments.case_studies.kinds.written import NAME, Written

__all__ = [
    "KINDS",
    "PLAIN",
    "PLAIN_FIELD",
    "AnswerRefused",
    "Field",
    "Group",
    "Kind",
    "Option",
    "Part",
    "Problem",
    "Reference",
    "ReferenceArea",
    "Said",
    "SaidGroup",
    "SettingField",
    "SettingsRefused",
    "Shape",
    "TypedShape",
    "kind_of",
    "kinds_for",
]


def _found() -> dict[str, Kind]:
    """One of each kind, by its code, in the order in which an author chooses from them."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    kinds = sorted((kind() for kind in Kind.__subclasses__()), key=lambda kind: kind.position)
    return {kind.code: kind for kind in kinds}


KINDS = _found()
# The kind whose answer is one text and nothing else.
PLAIN, PLAIN_FIELD = Written.code, NAME


def kind_of(code: str) -> Kind:
    """The kind called `code`.

    Raises:
        KeyError: there is none; a question's code was checked before it was stored.
    """
    return KINDS[code]


def kinds_for(reference: Reference) -> list[Kind]:
    """The kinds that a programme with this `reference` can ask."""
    return [kind for kind in KINDS.values() if kind.fits(reference)]
