"""Charts as pictures: bars along one scale, period below period, told apart by pattern as well as colour."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.case_studies.figures.drawing import joined, picture, written
from certification.over_time.charts import Chart, Line

# Narrow enough to be read on a phone without scrolling to the side.
WIDTH, LEFT, RIGHT, TOP = 360, 88, 60, 6
SIZE = 12
ROW, BAR = 26, 16
MOST_STEPS = 5
SWATCH = 16
TILE = 6
# What each series is filled with, by its number: the whole, stripes, dots, nothing, a grid.
PATTERNS = (
    SafeString('<rect width="6" height="6" fill="currentColor"/>'),
    SafeString('<path d="M-1 1L1 -1M-1 7L7 -1M5 7L7 5" stroke="currentColor" stroke-width="1.8"/>'),
    SafeString('<circle cx="3" cy="3" r="1.5" fill="currentColor"/>'),
    SafeString(""),
    SafeString('<path d="M0 3H6M3 0V6" stroke="currentColor" stroke-width="1.2"/>'),
)


def step_for(most: int) -> int:
    """Steps of a scale up to `most`: 1, 2 or 5, or ten, a hundred … times that; a handful at most."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * MOST_STEPS >= most:
                return step
        size *= 10


def drawn(chart: Chart) -> SafeString:
    """`chart` as a picture; its table stands beside it."""
    most = max((_length(chart, line) for line in chart.lines), default=0)
    step = step_for(most)
    steps = max(1, -(-most // step))
    scale = (WIDTH - LEFT - RIGHT) / (steps * step)
    bottom = TOP + ROW * len(chart.lines)
    parts = [joined(_patterns(chart)), joined(_grid(step, steps, scale, bottom))]
    parts += [joined(_bar(chart, line, TOP + ROW * number, scale)) for number, line in enumerate(chart.lines)]
    about = _("Bars, one below the other: %(series)s. The table after it says the same in numbers.") % {
        "series": ", ".join(str(words) for words in chart.series)
    }
    return picture(
        "over-time",
        width=WIDTH,
        height=bottom + 24,
        title=f"{chart.title}: {_bounds(chart)}",
        about=about,
        inside=joined(parts),
    )


def swatches(chart: Chart) -> list[tuple[SafeString, str]]:
    """What the patterns of `chart` mean: each drawn, with its words."""
    named = [(_filled(chart, number), str(words)) for number, words in enumerate(chart.series)]
    if chart.draws_untold and chart.total.untold:
        named.append((_UNTOLD, str(chart.untold)))
    box = (
        '<svg viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        '<rect x="1" y="1" width="{}" height="{}" {}/></svg>'
    )
    return [(format_html(box, SWATCH, SWATCH, SWATCH - 2, SWATCH - 2, fill), words) for fill, words in named]


_UNTOLD = SafeString(
    'class="untold" fill="none" stroke="currentColor" stroke-width="1" stroke-dasharray="3 2"'
)


def _bounds(chart: Chart) -> str:
    first, last = chart.lines[0].words, chart.lines[-1].words
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _length(chart: Chart, line: Line) -> int:
    return line.sum + (line.untold if chart.draws_untold else 0)


def _filled(chart: Chart, number: int) -> SafeString:
    return format_html(
        'class="series-{}" fill="url(#{}-{})" stroke="currentColor" stroke-width="1"',
        number + 1,
        chart.code,
        number + 1,
    )


def _patterns(chart: Chart) -> Iterator[SafeString]:
    for number, inside in enumerate(PATTERNS[: len(chart.series)], start=1):
        yield format_html(
            '<pattern id="{}-{}" class="series-{}" width="{}" height="{}" patternUnits="userSpaceOnUse">{}'
            "</pattern>",
            chart.code,
            number,
            number,
            TILE,
            TILE,
            inside,
        )


def _grid(step: int, steps: int, scale: float, bottom: int) -> Iterator[SafeString]:
    """The scale below the bars, with a line up from each of its numbers."""
    for number in range(steps + 1):
        x = round(LEFT + number * step * scale)
        yield format_html('<path class="scale" stroke-width="1" d="M{} {}V{}"/>', x, TOP, bottom + 4)
        yield _words(str(number * step), x=x, y=bottom + 4, anchor="middle")


def _bar(chart: Chart, line: Line, y: int, scale: float) -> Iterator[SafeString]:
    middle = y + (ROW - SIZE) // 2 - 2
    yield _words(line.words, x=LEFT - 6, y=middle, anchor="end")
    x = float(LEFT)
    # What is not filled shows no line of the scale.
    yield _rect(x, y, _length(chart, line) * scale, SafeString('class="ground" fill="none" stroke="none"'))
    parts = [(_filled(chart, number), value) for number, value in enumerate(line.values)]
    if chart.draws_untold:
        parts.append((_UNTOLD, line.untold))
    for fill, value in parts:
        if value:
            yield _rect(x, y, value * scale, fill)
            x += value * scale
    yield _words(_end_of(chart, line), x=round(x) + 5, y=middle, anchor="start", look="bar-end")


def _rect(x: float, y: int, width: float, fill: SafeString) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" {}/>',
        round(x, 1),
        y + (ROW - BAR) // 2,
        round(width, 1),
        BAR,
        fill,
    )


def _end_of(chart: Chart, line: Line) -> str:
    """What stands at the end of a bar."""
    if not line.is_told:
        return _("too few")
    if not line.untold:
        return str(line.sum)
    if chart.draws_untold:
        return f"{line.sum} + {line.untold}"
    return _("%(count)d or more") % {"count": line.sum}


def _words(words: str, *, x: int, y: int, anchor: str, look: str = "words") -> SafeString:
    return format_html(
        '<g class="{}" fill="currentColor" stroke="none">{}</g>',
        look,
        written([words], x=x, y=y, size=SIZE, anchor=anchor),
    )
