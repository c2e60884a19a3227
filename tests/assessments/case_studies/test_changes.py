"""What changed between two texts: which passage is which, and which words differ, in bounded work."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.changes import Changes, Part, changes_between
from assessments.case_studies.changes.words import LARGEST_BLOCK, Budget, rows_of
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import versions as make
from tests.courses.pages import signed_in, text


def section(title: str, body: str, figure: Any = None) -> dict[str, Any]:
    return {"title": title, "body": body, "figure": figure}


def sections(*bodies: str) -> dict[str, dict[str, Any]]:
    return {f"section:{n}": section(f"Title {n}", body) for n, body in enumerate(bodies)}


def told(changes: Changes) -> list[tuple[str, str, bool]]:
    return [(change.title, change.how, change.was_moved) for change in changes.passages]


def marked(part: Part) -> tuple[str, str]:
    """Both sides of a part, with what stands on one side alone in brackets."""
    sides = []
    for side in ("before", "after"):
        sides.append(
            "|".join(
                "".join(f"[{piece.text}]" if piece.is_alone else piece.text for piece in getattr(row, side))
                for row in part.rows
            )
        )
    return sides[0], sides[1]


# --- Which passage is which -------------------------------------------------------------------------

A = "Robin lives with his mother and his older sister in a small town."
B = "The school has known him since he was five and speaks well of him."
C = "Last week a teacher found a note that worried everybody who read it."


def test_the_same_text_has_no_changes() -> None:
    changes = changes_between(sections(A, B), sections(A, B))
    assert (changes.passages, changes.same) == ([], 2)


def test_added_removed_and_changed_are_told_in_the_order_of_the_newer_text() -> None:
    old = sections(A, B, C)
    new = {"section:x": section("Quite new", "Nothing of this was there."), **old}
    new["section:0"] = section("Title 0", A.replace("town", "city"))
    del new["section:2"]
    assert told(changes_between(old, new)) == [
        ("Quite new", "added", False),
        ("Title 0", "changed", False),
        ("Title 2", "removed", False),
    ]


def test_a_passage_that_stands_elsewhere_is_moved_and_the_others_are_not() -> None:
    old = sections(A, B, C)
    new = {name: old[name] for name in ("section:2", "section:0", "section:1")}
    assert told(changes_between(old, new)) == [("Title 2", "moved", True)]
    new["section:2"] = section("Title 2", C + " Then they met.")
    assert told(changes_between(old, new)) == [("Title 2", "changed", True)]


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("what it says", section("One", A), section("One", A)),
        ("its title", section("The family", A), section("The Family ", B)),
        ("its place and words", section("The family", A), section("At home", A.replace("town", "city"))),
    ],
)
def test_versions_whose_passages_have_other_names_are_matched_by(
    what: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    first, last = section("First", B), section("Last", C)
    before = {"section:a": first, "section:b": old, "section:c": last}
    after = {"section:d": first, "section:e": new, "section:f": last}
    assert [how for _title, how, _moved in told(changes_between(before, after))] in ([], ["changed"])


def test_what_has_neither_name_nor_title_nor_words_in_common_is_another_passage() -> None:
    before = {"section:a": section("The family", A)}
    after = {"section:b": section("At school", B)}
    assert [change.how for change in changes_between(before, after).passages] == ["added", "removed"]


def test_a_section_is_never_taken_for_a_question() -> None:
    question = {"title": "The family", "text": A, "criteria": []}
    changes = changes_between({"section:a": section("The family", A)}, {"question:b": question})
    assert [change.how for change in changes.passages] == ["added", "removed"]


def test_each_field_that_differs_is_told_by_its_own_name() -> None:
    criterion = {"text": "Names it.", "essential": True, "met": "Does.", "constructs": ["one", "two"]}
    old = {"question:a": {"title": "Q", "text": "What?", "guide_words": None, "criteria": [criterion]}}
    other = {**criterion, "essential": False, "constructs": ["one"]}
    new = {"question:a": {"title": "Q", "text": "What?", "guide_words": 200, "criteria": [other]}}
    (change,) = changes_between(old, new).passages
    assert [part.label for part in change.parts] == ["Guide length in words", "Criteria"]
    before, after = marked(change.parts[1])
    assert before == "Criterion: Names it.|Essential:[ yes]|Met: Does.|Constructs:[ one, two]"
    assert after == "Criterion: Names it.|Essential:[ no]|Met: Does.|Constructs:[ one]"


def test_a_figure_is_compared_line_by_line() -> None:
    old, new = (
        {
            "section:a": section(
                "S", A, {"kind": "timeline", "data": {"events": [{"when": when, "what": "Moves"}]}}
            )
        }
        for when in ("2020", "2021")
    )
    ((part,),) = [change.parts for change in changes_between(old, new).passages]
    assert part.label == "Figure"
    assert marked(part) == ("Timeline|[2020] | Moves", "Timeline|[2021] | Moves")


def test_a_figure_that_stayed_is_no_change_in_whatever_order_its_data_is() -> None:
    """PostgreSQL keeps a wording's keys in its own order, and a section's figure is put together anew."""
    person = {"name": "Robin", "sex": "male", "note": "13", "died": False}
    figure = {"kind": "genogram", "data": {"people": [person], "couples": []}}
    other = {"data": {"couples": [], "people": [dict(reversed(person.items()))]}, "kind": "genogram"}
    old, new = {"section:a": section("S", A, figure)}, {"section:a": section("S", B, other)}
    (change,) = changes_between(old, new).passages
    assert [part.label for part in change.parts] == ["Text"]


# --- Which words differ -----------------------------------------------------------------------------


def body_of(old: str, new: str) -> tuple[str, str]:
    (change,) = changes_between({"section:a": section("S", old)}, {"section:a": section("S", new)}).passages
    (part,) = change.parts
    return marked(part)


def test_words_are_compared_within_a_paragraph() -> None:
    assert body_of("He was seen by his mother.", "He was heard by his own mother.") == (
        "He was[ seen] by his mother.",
        "He was[ heard] by his[ own] mother.",
    )


def test_a_new_paragraph_leaves_the_others_beside_their_like() -> None:
    assert body_of(f"{A}\n\n{C}", f"{B}\n\n{A.replace('small', 'large')}\n\n{C}") == (
        f"|{A.replace(' small', '[ small]')}|{C}",
        f"[{B}]|{A.replace(' small', '[ large]')}|{C}",
    )


def test_paragraphs_with_hardly_a_word_in_common_are_shown_whole() -> None:
    assert body_of(A, B) == (f"[{A}]", f"[{B}]")


WORDS = st.lists(st.sampled_from(["a", "b", "the", "boy,", "x\ny"]), max_size=12).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
def test_both_sides_say_all_that_was_there_and_only_that(old: list[str], new: list[str]) -> None:
    rows = list(rows_of(old, new, Budget()))
    for side, given_ in (("before", old), ("after", new)):
        found = ["".join(piece.text for piece in getattr(row, side)) for row in rows if getattr(row, side)]
        assert found == [text for text in given_ if text] or found == given_
    for row in rows:
        same = [
            "".join(piece.text for piece in getattr(row, side) if not piece.is_alone)
            for side in ("before", "after")
        ]
        assert same[0] == same[1]


class Counting(Budget):
    """Counts the pairs that difflib is given at most."""

    def __init__(self) -> None:
        super().__init__()
        self.largest = 0

    def opcodes(self, old: Any, new: Any) -> Any:
        before = self.left
        yield from super().opcodes(old, new)
        self.largest = max(self.largest, before - self.left)


@pytest.mark.parametrize("between", [" ", "\n\n"])
def test_the_worst_text_costs_no_more_than_its_budget(between: str) -> None:
    """Two words in any order are difflib's worst case: thousands of them, forty thousand signs."""
    chance = random.Random(1)  # noqa: S311
    old, new = (between.join(chance.choice("ab") for _ in range(13_000)).split("\n\n") for _ in range(2))
    budget = Counting()
    rows = list(rows_of(old, new, budget))
    assert budget.largest <= LARGEST_BLOCK
    assert budget.left >= 0
    assert len(rows) < 100


def test_a_page_of_the_worst_texts_costs_no_more_than_its_budget() -> None:
    chance = random.Random(1)  # noqa: S311
    budget = Counting()
    for _ in range(40):
        old, new = ([" ".join(chance.choice("ab") for _ in range(390))] for _ in range(2))
        (row,) = rows_of(old, new, budget)
        assert row.is_changed
    assert budget.left >= 0


# --- The page ---------------------------------------------------------------------------------------


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create()


@pytest.fixture
def admin() -> Person:
    return factories.admin()


def page(client: Client, version: Any, **query: Any) -> str:
    response = client.get(reverse("assessments:version_changes", args=[version.uuid]), query)
    assert response.status_code == 200
    return text(response)


@pytest.mark.django_db
@pytest.mark.parametrize("sections", [3, 40])
def test_two_versions_are_compared_at_one_query_per_table(
    programme: Programme, admin: Person, sections: int
) -> None:
    associate = factories.associate(programme)
    first = make.proposed(programme, admin, sections=sections, words=3000 // sections)
    make.all_agree(first, associate)
    first = actions.freeze_version(version=first, by=admin)
    second = make.proposed(programme, admin, sections=sections, words=3000 // sections + 1, title="Again")
    client = signed_in(associate)
    page(client, second)
    with CaptureQueriesContext(connection) as queries:
        shown = page(client, second)
    read = Counter(re.findall(r'^SELECT .*? FROM "(\w+)"(?! [UV]\d)', query["sql"])[0] for query in queries)
    # Who asks, and what they are to The AIM Project.
    assert {table: number for table, number in read.items() if number > 1} == {"accounts_person": 2}
    assert len(queries) == 8
    assert shown.count("<h3 id=") == sections + 1
    assert "From version 1 to version 2" in shown


@pytest.mark.django_db
def test_since_an_associate_agreed(programme: Programme, admin: Person) -> None:
    associate, other = factories.associate(programme, name="Olga Other"), factories.associate(programme)
    version = make.proposed(programme, admin)
    make.all_agree(version, associate)
    body = version.sections.get(number=2).body
    make.change_section(version, number=2, body=body.replace("word2x3", "another"))
    make.change_section(version, number=2, body=body.replace("word2x3", "third"))
    # Without being asked, one's own.
    for client, query in ((signed_in(associate), {}), (signed_in(other), {"since": associate.uuid})):
        shown = page(client, version, **query)
        assert "Since Olga Other agreed" in shown
        assert f'<h3 id="{make.passage(version, 2)}">' in shown
        assert "<del>" in shown
        assert "word2x3" in shown
        assert "third" in shown
        assert "another" not in shown
        assert shown.count("<h3 id=") == 1


@pytest.mark.django_db
def test_a_removed_passage_is_told_since_an_associate_agreed(programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    make.all_agree(version, associate)
    gone = version.sections.get(number=3)
    gone.delete()
    make.change_section(version, number=1)
    version.refresh_from_db()
    shown = page(signed_in(associate), version)
    assert "Removed" in shown
    assert gone.title in shown


@pytest.mark.django_db
def test_two_wordings_of_one_passage(programme: Programme, admin: Person) -> None:
    version = make.proposed(programme, admin)
    for body in ("One way.", "Another way.", "A third way."):
        make.change_section(version, body=body)
    client = signed_in(admin)
    passage = make.passage(version)
    assert "From wording 3 to wording 4" in page(client, version, passage=passage)
    shown = page(client, version, passage=passage, before=2, after=4)
    assert "From wording 2 to wording 4" in shown
    assert "Another" not in shown
    url = reverse("assessments:version_changes", args=[version.uuid])
    for wrong in ({"before": 9}, {"before": "x"}, {"passage": "section:nowhere"}):
        query = {"passage": passage, **wrong}
        assert client.get(url, query).status_code == 404


@pytest.mark.django_db
def test_another_case_study_or_an_unseen_draft_is_not_compared_with(
    programme: Programme, admin: Person
) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    make.all_agree(version, associate)
    frozen = actions.freeze_version(version=version, by=admin)
    draft = make.draft(programme, admin, title="Not proposed")
    elsewhere = factories.version(factories.ProgrammeFactory.create())
    url = reverse("assessments:version_changes", args=[frozen.uuid])
    client = signed_in(associate)
    for other in (draft, elsewhere):
        assert client.get(url, {"from": other.uuid}).status_code == 404
    assert client.get(url, {"since": admin.uuid}).status_code == 404
    assert "Not proposed" not in text(client.get(url))


@pytest.mark.django_db
def test_hostile_text_is_shown_harmless(programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    make.all_agree(version, associate)
    make.change_section(version, body="<script>alert(1)</script> </ins>", title="<b>Bold</b>")
    shown = page(signed_in(associate), version)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
