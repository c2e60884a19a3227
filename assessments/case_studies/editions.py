"""An edition of the framework, ready for a page or a sheet of paper; and what changed between two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments.case_studies.models import FrameworkArea, FrameworkEdition, FrameworkStage
from assessments.states import Responsibility

# How much of risk management is the adults', in parts of the picture's height.
ADULTS_SHARE = {Responsibility.ADULTS: 0.85, Responsibility.SHARED: 0.5, Responsibility.YOUNG_PERSON: 0.15}
BAND = 40


@dataclass(frozen=True)
class Area:
    """One area; `pieces` are its title in turns, of which each second one was searched for."""

    title: str
    pieces: tuple[str, ...]

    @property
    def is_found(self) -> bool:
        return len(self.pieces) > 1


@dataclass(frozen=True)
class Part:
    """The areas of one part of a stage; `title` is empty where the stage has none."""

    title: str
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class Stage:
    """One stage, and how risk management moves in it: `band` is the adults' share as an SVG polygon."""

    number: int
    title: str
    purpose: str
    responsibility: str
    band: str


@dataclass(frozen=True)
class Cell:
    """One strand in one stage."""

    stage: Stage
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Strand:
    """One strand through all stages."""

    key: str
    title: str
    cells: tuple[Cell, ...]
    found: int


@dataclass(frozen=True)
class Sheet:
    """A whole edition.

    Args:
        found: how many areas hold what was searched for; None where nothing was.
    """

    edition: FrameworkEdition
    domains: tuple[tuple[str, str], ...]
    stages: tuple[Stage, ...]
    strands: tuple[Strand, ...]
    found: int | None


def strands_of(edition: FrameworkEdition) -> list[str]:
    """The strands of an edition, in the order in which its areas name them first."""
    return list(dict.fromkeys(area.strand for area in edition.areas.all()))


def sheet_of(edition: FrameworkEdition, *, searched: str = "") -> Sheet:
    """`edition` with its stages across and its strands down; three statements, whatever its size.

    Args:
        searched: words that areas are looked through for, as one phrase.
    """
    phrase = " ".join(searched.split())
    pattern = re.compile(f"({re.escape(phrase)})", re.IGNORECASE) if phrase else None
    stages = _stages(list(edition.stages.all()))
    areas = list(edition.areas.all())
    strands = []
    for strand in dict.fromkeys(area.strand for area in areas):
        cells = tuple(
            Cell(
                stage,
                _parts([row for row in areas if (row.stage, row.strand) == (stage.number, strand)], pattern),
            )
            for stage in stages
        )
        found = sum(area.is_found for cell in cells for part in cell.parts for area in part.areas)
        strands.append(Strand(slugify(strand), strand[:1].upper() + strand[1:], cells, found))
    domains = tuple((domain.name, domain.about) for domain in edition.domains.all())
    return Sheet(
        edition=edition,
        domains=domains,
        stages=stages,
        strands=tuple(strands),
        found=sum(strand.found for strand in strands) if phrase else None,
    )


def _parts(rows: list[FrameworkArea], pattern: re.Pattern[str] | None) -> tuple[Part, ...]:
    return tuple(
        Part(
            part[:1].upper() + part[1:],
            tuple(
                Area(row.title, tuple(pattern.split(row.title)) if pattern else (row.title,)) for row in found
            ),
        )
        for part, found in groupby(rows, key=lambda row: row.part)
    )


def _stages(rows: list[FrameworkStage]) -> tuple[Stage, ...]:
    shares = [ADULTS_SHARE[Responsibility(row.responsibility)] * BAND for row in rows]
    edges = [
        shares[0] if at == 0 else shares[-1] if at == len(shares) else (shares[at - 1] + shares[at]) / 2
        for at in range(len(shares) + 1 if shares else 0)
    ]
    return tuple(
        Stage(
            number=row.number,
            title=row.title,
            purpose=row.purpose[:1].upper() + row.purpose[1:],
            responsibility=str(Responsibility(row.responsibility).label),
            band=f"0,0 100,0 100,{edges[at + 1]:g} 50,{shares[at]:g} 0,{edges[at]:g}",
        )
        for at, row in enumerate(rows)
    )


# --- What changed -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One thing that is in one edition alone, or says something else in the other."""

    where: str
    before: str
    after: str


def changes_between(before: FrameworkEdition, after: FrameworkEdition) -> list[Change]:
    """What was added (nothing before), removed (nothing after) and changed, in the order of the page."""
    old, new = _texts(before), _texts(after)
    return [
        Change(where, old.get(key, ""), new.get(key, ""))
        for key, where in {**_places(before), **_places(after)}.items()
        if old.get(key, "") != new.get(key, "")
    ]


Key = tuple[str, ...]


def _entries(edition: FrameworkEdition) -> list[tuple[Key, str, str]]:
    """Each thing of an edition: what it is, where it stands in words, and what it says."""
    found: list[tuple[Key, str, str]] = [
        (("title",), _("Title"), edition.title),
        (("source",), _("Source"), edition.source),
    ]
    found += [(("note", note), _("Notes"), note) for note in edition.notes]
    for domain in edition.domains.all():
        words = f"{domain.name}. {domain.about}" if domain.about else domain.name
        found.append((("domain", domain.code), _("Domains"), words))
    for stage in edition.stages.all():
        where = _("Stage %(number)d") % {"number": stage.number}
        number = str(stage.number)
        found.append((("stage", number, "title"), _("%(where)s: title") % {"where": where}, stage.title))
        found.append(
            (("stage", number, "purpose"), _("%(where)s: purpose") % {"where": where}, stage.purpose)
        )
        who = str(Responsibility(stage.responsibility).label)
        said = _("%(where)s: risk management") % {"where": where}
        found.append((("stage", number, "responsibility"), said, who))
    for area in edition.areas.all():
        told = {"number": area.stage, "strand": area.strand}
        where = _("Stage %(number)d, %(strand)s") % told
        key = ("area", str(area.stage), area.strand, area.part, area.title)
        found.append((key, f"{where}, {area.part}" if area.part else where, area.title))
    return found


def _texts(edition: FrameworkEdition) -> dict[Key, str]:
    return {key: says for key, _where, says in _entries(edition)}


def _places(edition: FrameworkEdition) -> dict[Key, str]:
    return {key: where for key, where, _says in _entries(edition)}
