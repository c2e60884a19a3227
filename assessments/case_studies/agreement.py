"""A version's agreement as a page tells it: each Associate's line, each objection's, where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_names
from accounts.models import Person
from assessments.case_studies.changes import Text, changed_since, place_of, shas_of, title_of
from assessments.case_studies.models import Objection, ObjectionReply, Version
from assessments.case_studies.stances import Said, Stance, Stances


@dataclass(frozen=True)
class StageShown:
    """Where a version stands, in words, and the tone of its tag."""

    words: str | Promise
    tone: str


DRAFT = StageShown(_("Draft"), "neutral")
PROPOSED = StageShown(_("Proposed"), "waiting")
IN_FORCE = StageShown(_("In force"), "good")
RETIRED = StageShown(_("Retired"), "neutral")
WITHDRAWN = StageShown(_("Withdrawn"), "neutral")


def stage_of(version: Version) -> StageShown:
    """Where `version` stands, from its dates."""
    if version.withdrawn_at is not None:
        return WITHDRAWN
    if version.retired_at is not None:
        return RETIRED
    if version.frozen_at is not None:
        return IN_FORCE
    return PROPOSED if version.proposed_at is not None else DRAFT


@dataclass(frozen=True)
class PassageLine:
    """A passage as a list names it."""

    passage: str
    place: str
    title: str


def passage_line(passage: str, text: Text) -> PassageLine:
    """How `passage` of `text` is named in a list."""
    return PassageLine(passage, place_of(passage, text), title_of(passage, text))


class Shown(Enum):
    """What an Associate's line says first."""

    AGREED = "agreed"
    OBJECTS = "objects"
    LAPSED = "lapsed"
    NOTHING = "nothing"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class AssociateLine:
    """One Associate of the table; what only an AIM admin reads is left out for others."""

    stance: Stance
    shown: str
    countries: str
    is_me: bool
    changed: tuple[PassageLine, ...] = ()
    objects_to: tuple[tuple[Objection, PassageLine], ...] = ()
    reminded_at: datetime | None = None
    until: object = None


def associate_lines(
    version: Version, stances: Stances, text: Text, *, leads: bool, me: Person
) -> list[AssociateLine]:
    """The table of who says what.

    Args:
        text: what stands in `version` now.
        leads: for an AIM admin, who also sees reminders and until when somebody is unavailable.
        me: who reads it.
    """
    names = country_names()
    return [
        AssociateLine(
            stance=stance,
            shown=_shown(stance).value,
            countries=", ".join(names.get(code, code) for code in stance.countries),
            is_me=stance.associate == me,
            changed=_changed(stance, text),
            objects_to=tuple((one, passage_line(one.passage, text)) for one in stance.objections),
            reminded_at=stance.reminded_at if leads else None,
            until=stance.unavailability.until_on if leads and stance.unavailability else None,
        )
        for stance in stances.rows
    ]


def _shown(stance: Stance) -> Shown:
    if stance.unavailability is not None and stance.said in (Said.LAPSED, Said.NOTHING):
        return Shown.UNAVAILABLE
    return Shown(stance.said.value)


def _changed(stance: Stance, text: Text) -> tuple[PassageLine, ...]:
    if stance.said is not Said.LAPSED or stance.agreement is None:
        return ()
    return tuple(passage_line(name, text) for name in changed_since(stance.agreement.passages, text))


@dataclass(frozen=True)
class ObjectionLine:
    """One objection of the list.

    Args:
        has_changed: the passage reads otherwise by now than when it was raised, or was removed.
        waits_for_authors: it stands, and who raised it spoke last.
    """

    objection: Objection
    passage: PassageLine
    replies: tuple[ObjectionReply, ...]
    stands: bool
    has_changed: bool
    waits_for_authors: bool


def objections_of(version: Version) -> QuerySet[Objection]:
    """The objections to `version` with all that their lines tell: two statements."""
    replies = ObjectionReply.objects.select_related("replied_by")
    rows = version.objections.select_related("raised_by", "closed_by")
    return rows.prefetch_related(Prefetch("replies", replies))


def objection_lines(objections: Iterable[Objection], text: Text) -> list[ObjectionLine]:
    """A line of each of `objections`, as `objections_of` read them: those that stand first."""
    lines = lines_of(objections, text)
    return sorted(lines, key=lambda line: (not line.stands, line.objection.pk))


def lines_of(objections: Iterable[Objection], text: Text) -> list[ObjectionLine]:
    """A line of each of `objections`; `text` is what stands in their version now."""
    shas = shas_of(text)
    found = []
    for one in objections:
        replies = tuple(one.replies.all())
        found.append(
            ObjectionLine(
                objection=one,
                passage=passage_line(one.passage, text),
                replies=replies,
                stands=one.stands,
                has_changed=shas.get(one.passage) != one.passage_sha256,
                waits_for_authors=one.stands
                and (not replies or replies[-1].replied_by_id == one.raised_by_id),
            )
        )
    return found
