"""The charts' tables as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from aimcert.foundation.spreadsheets import Cell, Column, Sheet, write_xlsx
from certification.over_time.charts import Chart, Line


def over_time_xlsx(charts: Sequence[Chart], about: Iterable[tuple[str, str]], *, now: datetime) -> bytes:
    """The charts as XLSX, a sheet for each, and one that says what they are.

    Args:
        charts: what is shown.
        about: what is counted and how it is narrowed: a name and its words each.
        now: when it was counted.
    """
    sheets = [_sheet(chart) for chart in charts]
    rows: list[Sequence[Cell]] = [(_("Counted on"), timezone.localtime(now)), *about]
    rows += [(str(chart.title), str(chart.about)) for chart in charts]
    sheets.append(Sheet(_("About"), [Column(_("About these figures"), 24), Column("", 90)], rows))
    return write_xlsx(sheets, title=_("Over time"), created=now)


def _sheet(chart: Chart) -> Sheet:
    columns = [Column(_("Period"), 18), Column(str(chart.unit), 14)]
    columns += [Column(str(words), 18) for words in chart.series]
    if chart.untold:
        columns.append(Column(str(chart.untold), 18))
    if chart.has_days:
        columns.append(Column(_("Days until closed (median)"), 18))
    return Sheet(str(chart.title), columns, [_row(chart, line) for line in (*chart.lines, chart.total)])


def _row(chart: Chart, line: Line) -> Sequence[Cell]:
    told: list[Cell] = [line.sum, *line.values] if line.is_told else [_("too few")] * (1 + len(line.values))
    row: list[Cell] = [line.words, *told]
    if chart.untold:
        row.append(line.untold)
    if chart.has_days:
        row.append(line.days)
    return row
