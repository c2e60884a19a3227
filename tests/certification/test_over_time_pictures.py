"""Charts as pictures: whole steps, bars by one scale, told apart by pattern, named for who sees none."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from certification.over_time import Chart, Line, drawn, swatches
from certification.over_time.drawing import MOST_STEPS, PATTERNS, step_for

SVG = "{http://www.w3.org/2000/svg}"


def chart(*lines: Line, **fields: Any) -> Chart:
    columns = len(lines[0].values)
    made: dict[str, Any] = {
        "code": "outcomes",
        "title": "Outcomes & more",
        "about": "What it is.",
        "unit": "People",
        "series": [f"Series {number}" for number in range(columns)],
        "lines": lines,
        "total": Line("Together", (1,) * columns, sum(one.untold for one in lines)),
        **fields,
    }
    return Chart(**made)


def picture(of: Chart) -> Any:
    return ElementTree.fromstring(str(drawn(of)))  # noqa: S314 - our own


def bars(of: Chart) -> list[tuple[str, float]]:
    """Each bar's pattern and length, without what lies under it."""
    found = [one for one in picture(of).findall(f"{SVG}rect") if one.get("class") != "ground"]
    return [(one.get("class"), float(one.get("width"))) for one in found]


def words(of: Chart) -> list[str]:
    return [one.text for one in picture(of).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("most", "step"),
    [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 5), (25, 5), (26, 10), (51, 20), (101, 50), (4001, 1000)],
)
def test_scale_has_whole_steps_of_one_two_or_five(most: int, step: int) -> None:
    assert step_for(most) == step
    assert step * MOST_STEPS >= most


def test_bars_are_as_long_as_what_they_count_by_one_scale() -> None:
    found = bars(chart(Line("2024", (10, 5)), Line("2025", (20, 0))))
    assert [name for name, _ in found] == ["series-1", "series-2", "series-1"]
    ten, five, twenty = (length for _, length in found)
    assert ten == pytest.approx(2 * five, abs=0.2)
    assert twenty == pytest.approx(2 * ten, abs=0.2)


def test_empty_period_stands_there_as_empty() -> None:
    made = chart(Line("2024", (0, 0)), Line("2025", (3, 4)))
    assert words(made)[-4:] == ["2024", "0", "2025", "7"]


def test_those_not_told_of_are_drawn_beside_where_they_are_as_many() -> None:
    made = chart(Line("2024", (10, 2), untold=3), draws_untold=True, untold="Not told")
    assert [name for name, _ in bars(made)] == ["series-1", "series-2", "untold"]
    assert words(made)[-1] == "12 + 3"
    assert [words for _, words in swatches(made)] == ["Series 0", "Series 1", "Not told"]
    few = chart(Line("2024", (0, 0), untold=3, is_told=False), draws_untold=True)
    assert words(few)[-1] == "too few"


def test_no_bar_says_how_many_follow_ups_are_not_told_of() -> None:
    made = chart(Line("2024", (10, 2), untold=3))
    assert [name for name, _ in bars(made)] == ["series-1", "series-2"]
    assert words(made)[-1] == "12 or more"
    assert words(chart(Line("2024", (0, 0), untold=3, is_told=False)))[-1] == "too few"


def test_each_series_has_a_pattern_of_its_own() -> None:
    made = chart(Line("2024", (1,) * len(PATTERNS)))
    patterns = picture(made).findall(f"{SVG}pattern")
    drawn_alike = {"".join(ElementTree.tostring(child, "unicode") for child in one) for one in patterns}
    assert len(drawn_alike) == len(PATTERNS)
    used = re.findall(r"url\(#([\w-]+)\)", str(drawn(made)))
    assert used == [one.get("id") for one in patterns]


def test_picture_is_named_and_holds_no_style_or_script() -> None:
    made = chart(Line("Jan–Mar 2024", (1,)), Line("Apr–Jun 2024", (2,)))
    root = picture(made)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Outcomes & more: Jan–Mar 2024 to Apr–Jun 2024"
    assert "Series 0" in root.find(f"{SVG}desc").text
    assert not any("style" in one.attrib or one.tag.endswith(("style", "script")) for one in root.iter())
