"""The file of everything held about one person: a page for people, the same for machines, and their files.

`index.html`, `data/<table>.json` and `files/<table>/…` in one ZIP, written row by row, so that however much
there is of somebody fits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataExport
from accounts.personal_data import (
    HOLDINGS,
    ITS_OWN,
    LEFT_OUT,
    HeldFile,
    Holding,
    Whose,
    acts,
    histories,
    said,
)

# What reads the file by its keys goes on reading it: a key that was published stays.
FORMAT = "aimcert-export-1"
READ_AT_ONCE = 500
# What history calls a change.
CHANGES = {
    "insert": gettext_lazy("written"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("deleted"),
}
# Whatever somebody wrote is not this word: it is escaped, or stands in a section.
BETWEEN = SafeString("<!-- sections -->")


@dataclass(frozen=True)
class Section:
    """A table as the page for people ends up listing it.

    Args:
        name: of its file for machines.
        title: what it is called.
        count: how many rows there are.
    """

    name: str
    title: str
    count: int


def steps() -> int:
    """How many steps forward writing an export takes."""
    return len(HOLDINGS) + 2


def write_export(export: DataExport, file: IO[bytes], *, step: Callable[[int], None]) -> None:
    """Write everything held about somebody as a ZIP, in the current language and time zone.

    Args:
        export: whose it is.
        file: what it is written to.
        step: is told how many steps are done; also called again within one that takes long.

    Raises:
        whatever reading rows and files raises, but that a storage lost a file: then the page says so.
    """
    whose = Whose(export.person)
    writing = timezone.now()
    with (
        ZipFile(file, "w", ZIP_DEFLATED) as zipped,
        TemporaryFile("w+", encoding="utf-8", newline="\n") as body,
    ):
        sections = []
        for done, holding in enumerate(HOLDINGS.values()):
            step(done)
            sections.append(_write_holding(zipped, body, holding, whose, partial(step, done)))
        step(len(HOLDINGS))
        sections.append(_write_acts(zipped, body, whose))
        step(len(HOLDINGS) + 1)
        sections.append(_write_history(zipped, body, whose))
        about = {
            "export": export,
            "person": export.person,
            "at": writing,
            "held": [section for section in sections if section.count],
            "empty": [section for section in sections if not section.count],
            "left_out": [one.because for one in LEFT_OUT],
            # Where the sections go, which are too long to be held at once.
            "sections": BETWEEN,
            "support_email": settings.AIM["SUPPORT_EMAIL"],
            "days": settings.AIM["EXPORT_DAYS"],
        }
        before, after = render_to_string("documents/export.html", about).split(BETWEEN)
        with zipped.open("index.html", "w") as page:
            page.write(before.encode())
            body.seek(0)
            for piece in iter(partial(body.read, 65536), ""):
                page.write(piece.encode())
            page.write(after.encode())
        contents = {
            "format": FORMAT,
            "person": export.person.uuid,
            "written_at": writing,
            "tables": [
                {"file": f"{one.name}.json", "title": one.title, "rows": one.count} for one in sections
            ],
            "left_out": [
                {"because": str(one.because), "tables": [model._meta.label_lower for model in one.models]}
                for one in LEFT_OUT
            ],
        }
        zipped.writestr("data/contents.json", _as_json(contents, indent=2))


def _write_holding(
    zipped: ZipFile, body: IO[str], holding: Holding, whose: Whose, still: Callable[[], None]
) -> Section:
    listed: list[dict[str, Any]] = []
    count = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal count
        for row in holding.rows(whose).iterator(chunk_size=READ_AT_ONCE):
            count += 1
            if count % READ_AT_ONCE == 0:
                still()
            values = {column.key: column.value(row, whose) for column in holding.columns}
            names = [_path_of(holding, one) for one in holding.files(row)] if holding.files else []
            if holding.is_listed:
                said_row = [
                    (column.label, words)
                    for column in holding.columns
                    if column.is_read and (words := column.words(row, values[column.key]))
                ]
                listed.append({"values": said_row, "files": names})
            yield values | ({"files": names} if holding.files else {})

    _write_json(zipped, holding.name, holding.title, holding.about, _labels(holding), rows())
    lost = _write_files(zipped, holding, whose, still) if holding.files else frozenset()
    _write_section(
        body,
        holding.name,
        holding.title,
        holding.about,
        rows=listed,
        count=count,
        lost=lost,
        # What says nothing about anybody is said once, among what is left out.
        without=list(dict.fromkeys(str(why) for why in holding.without.values() if why is not ITS_OWN)),
    )
    return Section(holding.name, str(holding.title), count)


def _write_files(
    zipped: ZipFile, holding: Holding, whose: Whose, still: Callable[[], None]
) -> frozenset[str]:
    """Add the files of a table; the names of those that the storage lost."""
    lost = set()
    for row in holding.rows(whose).iterator(chunk_size=READ_AT_ONCE):
        for held in holding.files(row) if holding.files else ():
            still()
            name = _path_of(holding, held)
            try:
                content = held.open()
            except FileNotFoundError:
                lost.add(name)
                continue
            # PDFs and pictures are packed already; only texts get smaller.
            with content, zipped.open(name, "w", force_zip64=True) as packed:
                copyfileobj(content, packed)
    return frozenset(lost)


def _path_of(holding: Holding, held: HeldFile) -> str:
    return f"files/{holding.name}/{held.name}"


def _write_acts(zipped: ZipFile, body: IO[str], whose: Whose) -> Section:
    """What they did, each with its time and nothing of what it was about."""
    title, listed, total = _("What you did"), [], 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal total
        for act in acts():
            found = act.model._base_manager.filter(**{f"{act.who}__in": whose.accounts})
            found = found.filter(**{f"{act.at}__isnull": False}).order_by(act.at, "pk")
            times = found.values_list(act.at, flat=True)
            count, first, last = 0, None, None
            for at in times.iterator(chunk_size=READ_AT_ONCE):
                count, first, last = count + 1, first or at, at
                yield {"table": act.model._meta.label_lower, "act": act.who, "at": at}
            total += count
            if count:
                listed.append(_counted(act.what, count, first, last))

    about = _(
        "Each time that you recorded, changed or decided something, and when. What it was about is about"
        " others, and does not stand here."
    )
    labels = {"table": _("Table"), "act": _("What"), "at": _("When")}
    _write_json(zipped, "acts", title, about, labels, rows())
    _write_section(body, "acts", title, about, rows=listed, count=total)
    return Section("acts", title, total)


def _write_history(zipped: ZipFile, body: IO[str], whose: Whose) -> Section:
    """When the rows that are about them were written and changed."""
    title, listed, total = _("History of your records"), [], 0
    kept = histories()

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal total
        for holding in HOLDINGS.values():
            history = kept.get(holding.model)
            if history is None:
                continue
            found = _history_of(history, holding, whose)
            for label, some in groupby(found.iterator(chunk_size=READ_AT_ONCE), key=lambda row: row[0]):
                count, first, last = 0, None, None
                for _label, at in some:
                    count, first, last = count + 1, first or at, at
                    yield {"table": holding.name, "what": label, "at": at}
                total += count
                listed.append(_counted(f"{holding.title}: {CHANGES[label]}", count, first, last))

    about = _(
        "Of some records we keep every state that they had, so that it can be found out what was so when: the"
        " numbers of the records and of whoever acted, the state and the time, and no name, address or text."
        " Here stands when each was written and changed."
    )
    labels = {"table": _("Table"), "what": _("What"), "at": _("When")}
    _write_json(zipped, "history", title, about, labels, rows())
    _write_section(body, "history", title, about, rows=listed, count=total)
    return Section("history", title, total)


def _history_of(history: type[Model], holding: Holding, whose: Whose) -> QuerySet[Any]:
    found = history._base_manager.filter(pgh_obj__in=holding.find(whose).order_by().values("pk"))
    return found.order_by("pgh_label", "pgh_created_at", "pgh_id").values_list("pgh_label", "pgh_created_at")


def _counted(what: str, count: int, first: Any, last: Any) -> dict[str, Any]:
    values = [(_("What"), what), (_("How often"), str(count)), (_("First"), said(first))]
    return {"values": [*values, (_("Last"), said(last))] if count > 1 else values, "files": []}


def _labels(holding: Holding) -> dict[str, str]:
    return {column.key: str(column.label) for column in holding.columns}


def _write_json(
    zipped: ZipFile,
    name: str,
    title: str | Promise,
    about: str | Promise,
    labels: dict[str, str],
    rows: Iterator[dict[str, Any]],
) -> None:
    with zipped.open(f"data/{name}.json", "w", force_zip64=True) as file:
        head = {"format": FORMAT, "table": name, "title": str(title), "about": str(about), "labels": labels}
        file.write(_as_json(head)[:-1].encode() + b', "rows": [')
        for number, row in enumerate(rows):
            file.write((",\n" if number else "\n").encode() + _as_json(row).encode())
        file.write(b"\n]}\n")


def _write_section(
    body: IO[str],
    name: str,
    title: str | Promise,
    about: str | Promise,
    *,
    rows: list[dict[str, Any]],
    count: int,
    lost: frozenset[str] = frozenset(),
    without: list[str] | None = None,
) -> None:
    if count:
        section: dict[str, Any] = {"name": name, "title": title, "about": about, "rows": rows, "count": count}
        section |= {"file": f"data/{name}.json", "lost": lost, "without": without or []}
        body.write(render_to_string("documents/export_section.html", section))


def _as_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)
