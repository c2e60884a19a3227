"""Figures of a case study: drawn from data, told as a table, and typed as plain text."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.case_studies.figures import FIGURES, FigureRefused, figure_problems, figure_shown
from assessments.case_studies.figures.drawing import width_of
from assessments.case_studies.figures.genogram.drawing import NAME, WIDTH, laid
from assessments.case_studies.figures.genogram.people import BONDS, SEXES
from assessments.case_studies.spelling import one_way
from tests import factories

FAMILY: dict[str, Any] = {
    "people": [
        {"name": "Dylan", "sex": "male", "note": "14, the young person", "died": False},
        {"name": "Carys", "sex": "female", "note": "36, his mother", "died": False},
        {"name": "Lee", "sex": "male", "note": "his father", "died": False},
        {"name": "Neil", "sex": "male", "note": "", "died": False},
        {"name": "Pip", "sex": "female", "note": "5", "died": False},
        {"name": "Emlyn", "sex": "male", "note": "Grandad", "died": True},
        {"name": "Sam <x> & “y”", "sex": "unsaid", "note": "", "died": False},
    ],
    "couples": [
        {"partners": ["Emlyn"], "bond": "together", "children": ["Carys"]},
        {"partners": ["Carys", "Lee"], "bond": "apart", "children": ["Dylan"]},
        {"partners": ["Carys", "Neil"], "bond": "together", "children": ["Pip", "Sam <x> & “y”"]},
    ],
}
EVENTS = {
    "events": [{"when": "2019", "what": "Moves to Saltmere"}, {"when": "At 7", "what": "A | b \\ <c>" * 9}]
}
DATA = {"genogram": FAMILY, "timeline": EVENTS}

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40
).filter(lambda text: text == one_way(text) != "")


@st.composite
def families(draw: st.DrawFn) -> dict[str, Any]:
    """A family of up to 40 whose children come after their parents, so that nobody is their own ancestor."""
    names = draw(st.lists(words, min_size=1, max_size=40, unique=True))
    people = [
        {
            "name": name,
            "sex": draw(st.sampled_from([*SEXES])),
            "note": draw(st.just("") | words),
            "died": draw(st.booleans()),
        }
        for name in names
    ]
    couples: list[dict[str, Any]] = []
    born: set[int] = set()
    for _ in range(draw(st.integers(0, min(len(names), 12)))):
        first = draw(st.integers(0, len(names) - 1))
        second = draw(st.integers(0, len(names) - 1))
        free = [at for at in range(max(first, second) + 1, len(names)) if at not in born]
        children = draw(st.lists(st.sampled_from(free), max_size=5, unique=True)) if free else []
        born |= set(children)
        couples.append(
            {
                "partners": [names[at] for at in dict.fromkeys([first, second])],
                "bond": draw(st.sampled_from(BONDS)),
                "children": [names[at] for at in children],
            }
        )
    return {"people": people, "couples": couples}


timelines = st.fixed_dictionaries(
    {"events": st.lists(st.fixed_dictionaries({"when": words, "what": words}), min_size=1, max_size=40)}
)


# --- Drawn --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FIGURES)
def test_figure_is_one_named_picture_without_a_style_of_its_own(kind: str) -> None:
    drawn = FIGURES[kind].drawn(DATA[kind], title="A & B")
    svg = ElementTree.fromstring(drawn)  # noqa: S314  our own
    space = "{http://www.w3.org/2000/svg}"
    title, about = svg.find(f"{space}title"), svg.find(f"{space}desc")
    assert svg.get("role") == "img"
    assert title is not None
    assert title.text == "A & B"
    assert svg.get("aria-labelledby") == title.get("id")
    assert about is not None
    assert about.text
    assert svg.get("aria-describedby") == about.get("id")
    assert not re.search(r"style=|<style|<script|href", drawn)
    assert drawn == FIGURES[kind].drawn(DATA[kind], title="A & B"), "the same each time"


def test_genogram_shows_shapes_crosses_cuts_and_the_young_person() -> None:
    drawn = FIGURES["genogram"].drawn(FAMILY, title="The family")
    # Dylan twice, Lee, Neil, Emlyn; Carys, Pip.
    assert drawn.count("<rect") == 5
    assert drawn.count("<circle") == 2
    assert drawn.count('class="figure-cut"') == 1
    assert "Sam &lt;x&gt;" in drawn


def test_genogram_puts_children_below_their_parents_and_partners_in_a_row() -> None:
    boxes = laid(FAMILY).boxes
    assert boxes["Emlyn"].y < boxes["Carys"].y == boxes["Lee"].y == boxes["Neil"].y < boxes["Dylan"].y
    assert boxes["Lee"].x < boxes["Neil"].x or boxes["Neil"].x < boxes["Lee"].x
    assert boxes["Dylan"].y == boxes["Pip"].y


@settings(max_examples=150, deadline=None)
@given(families())
def test_nobody_in_a_genogram_stands_over_anybody(family: dict[str, Any]) -> None:
    assert not figure_problems({"kind": "genogram", "data": family})
    found = laid(family)
    boxes = [*found.boxes.values()]
    assert len(boxes) == len(family["people"])
    for at, one in enumerate(boxes):
        assert one.x >= 0
        assert one.x + one.width <= found.width
        assert one.y + one.height <= found.height
        for other in boxes[at + 1 :]:
            assert (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
    ElementTree.fromstring(FIGURES["genogram"].drawn(family, title="A family"))  # noqa: S314


def test_genogram_of_somebody_whose_partner_is_their_child_is_drawn_all_the_same() -> None:
    data = {
        "people": [{"name": name, "sex": "unsaid", "note": "", "died": False} for name in "AB"],
        "couples": [
            {"partners": ["A"], "bond": "together", "children": ["B"]},
            {"partners": ["A", "B"], "bond": "together", "children": []},
        ],
    }
    assert not figure_problems({"kind": "genogram", "data": data})
    assert len({(box.x, box.y) for box in laid(data).boxes.values()}) == 2


def test_long_words_are_broken_to_the_width_they_have() -> None:
    name = "W" * 60
    data = {"people": [{"name": name, "sex": "male", "note": name, "died": False}], "couples": []}
    drawn = FIGURES["genogram"].drawn(data, title="One")
    lines = re.findall(r'font-size="(\d+)"[^>]*>(W+)<', drawn)
    assert "".join(line for size, line in lines if int(size) == NAME) == name
    assert all(width_of(line, int(size)) <= WIDTH for size, line in lines)


# --- As a table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FIGURES)
def test_table_says_what_the_picture_shows(kind: str) -> None:
    rows = FIGURES[kind].rows(DATA[kind])
    assert all(len(row) == len(FIGURES[kind].COLUMNS) for row in rows)
    shown = figure_shown(kind, DATA[kind], title="The section")
    assert shown.count("<tr>") == len(rows) + 1
    assert "<summary>Read it as a table</summary>" in shown
    assert "<details" not in figure_shown(kind, DATA[kind], title="The section", for_paper=True)


def test_table_of_a_genogram_names_partners_and_parents() -> None:
    rows = {row[0]: row[1:] for row in FIGURES["genogram"].rows(FAMILY)}
    assert rows["Dylan"] == ("Male; 14, the young person", "", "Carys, Lee")
    assert rows["Carys"] == ("Female; 36, his mother", "Lee (apart), Neil", "Emlyn")
    assert rows["Emlyn"][0] == "Male; Grandad; has died"


def test_section_without_a_figure_shows_none() -> None:
    assert figure_shown("", None, title="The section") == ""


# --- Typed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FIGURES)
def test_typed_figure_comes_back_as_it_was(kind: str) -> None:
    module = FIGURES[kind]
    assert module.data_from(module.typed_of(DATA[kind])) == DATA[kind]


@settings(max_examples=150, deadline=None)
@given(families())
def test_every_genogram_can_be_typed(family: dict[str, Any]) -> None:
    module = FIGURES["genogram"]
    assert module.data_from(module.typed_of(family)) == family


@settings(max_examples=150, deadline=None)
@given(timelines)
def test_every_timeline_can_be_typed(data: dict[str, Any]) -> None:
    module = FIGURES["timeline"]
    assert not module.problems_of(data)
    assert module.data_from(module.typed_of(data)) == data


def test_genogram_is_typed_one_thing_on_each_line() -> None:
    typed = FIGURES["genogram"].typed_of(FAMILY).splitlines()
    assert typed[0] == "Dylan | male | 14, the young person"
    assert typed[3] == "Neil | male"
    assert typed[5] == "Emlyn | male | Grandad | died"
    assert typed[7:9] == ["Emlyn | together | Carys", "Carys + Lee | apart | Dylan"]


WRONG = [
    ("timeline", "", ["Write from 1 to 40 events, one on each line."]),
    ("timeline", "2019 | Moves\n\nAt 7, alone\n| Nothing", ["line 3"]),
    ("timeline", "2019 | Moves\n\n| Nothing", ["line 3", "when it happened is missing."]),
    ("genogram", "", ["Write from 1 to 40 people, one on each line."]),
    ("genogram", "Dylan | boy", ["line 1", "write a person as"]),
    ("genogram", "Dylan | male\nCarys + Lee | apart | Dylan", ["line 2", "the couple names “Carys”"]),
    ("genogram", "Dylan | male\nDylan | male", ["line 2", "the name is there twice."]),
    ("genogram", "A | male\nA | together | A", ["The couples make somebody their own ancestor."]),
]


@pytest.mark.parametrize(("kind", "typed", "said"), WRONG)
def test_what_cannot_be_drawn_is_refused_line_by_line(kind: str, typed: str, said: list[str]) -> None:
    with pytest.raises(FigureRefused) as refused:
        FIGURES[kind].data_from(typed)
    told = "; ".join(f"{one.path}: {one.words}" for one in refused.value.problems)
    for words in said:
        assert words in told


# --- On the participant's pages ---------------------------------------------------------------------


@pytest.mark.django_db
def test_participant_sees_the_figure_below_its_section_while_reading_and_answering() -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme, frozen=False)
    version.sections.update(figure_kind="genogram", figure=FAMILY)
    version.frozen_at, version.frozen_by = version.proposed_at, version.proposed_by
    version.save()
    course = factories.course(programme=programme)
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    client = Client()
    client.force_login(enrolment.person)
    for url in (
        reverse("assessments:case_study", args=[course.uuid]),
        reverse("assessments:question", args=[enrolment.uuid, 1]),
    ):
        page = client.get(url).content.decode()
        assert "Genogram: Referral" in page
        assert page.index("Robin was referred.") < page.index('<svg class="figure-drawn figure-genogram')
        assert "Read it as a table" in page
