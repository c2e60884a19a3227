"""The marking sheet: taken, filled in elsewhere, and brought back; nothing is overwritten or saved twice."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.models import Person
from assessments.marking import actions
from assessments.marking.actions import Mark
from assessments.marking.forms import marking_sheet
from assessments.models import CriterionMark, KeptMark
from assessments.states import Judged
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.marking import sheets
from tests.assessments.marking.scripts import signed_in, standing
from tests.assessments.marking.sheets import BECAUSE, JUDGED, NOTE, SETTLED, cells, filled, hand_in, save
from tests.pages import flat
from tests.statements import statements

AFTER = "Met, after the oral question"

pytestmark = pytest.mark.django_db


def submitted(course: Course, name: str = "Zoë O’Neill", **fields: Any) -> Enrolment:
    made = factories.enrolment(course, factories.PersonFactory.create(name=name), attended=True)
    factories.submission(made, **fields)
    return made


def test_sheet_holds_every_answer_and_nothing_of_whose_it_is(course: Course, trainer: Person) -> None:
    one = submitted(course, answers=["=HYPERLINK(1)\nA long answer.", ""])
    content = sheets.take(signed_in(trainer), course)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["How it works", "What is asked", "Question 1", "Question 2", "choices"]
    said = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    told = "\n".join(said)
    for secret in ("Zoë", one.person.email, str(one.uuid), str(one.submissions.get().uuid)):
        assert secret not in told
    first, second = cells(content)
    # A text is a text, whatever it begins with; it stands once.
    assert (first[1], second[1]) == ("=HYPERLINK(1)\nA long answer.", None)
    assert book["Question 1"]["B2"].data_type == "s"
    assert cells(content, 2)[0][1] == "Left blank: counts as not met."


def test_only_what_a_marker_fills_in_is_open_and_judgements_are_chosen(
    course: Course, trainer: Person
) -> None:
    submitted(course)
    book = load_workbook(BytesIO(sheets.take(signed_in(trainer), course)))
    sheet = book["Question 1"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert [cell.column for cell in sheet[2] if not cell.protection.locked] == [5, 6, 7, 8, 9, 10]
    choices = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    # In a worksheet of their own, for a comma would end a choice.
    assert choices == {"E2:E3": "choices!$A$1:$C$1", "I2:I3": "choices!$A$2:$B$2"}
    assert [[cell.value for cell in row if cell.value] for row in book["choices"].iter_rows()] == [
        ["Met", "Partly met", "Not met"],
        ["Met, after the oral question", "Not met, after the oral question"],
    ]
    assert book["choices"].sheet_state == "hidden"
    assert sheet.freeze_panes == "A2"


def test_what_was_filled_in_is_shown_and_then_saved_once(course: Course, trainer: Person) -> None:
    submitted(course)
    client = signed_in(trainer)
    content = filled(
        sheets.take(client, course),
        (1, 2, JUDGED, "Met"),
        (1, 2, NOTE, "Clear.\nAnd short."),
        (2, 3, JUDGED, "partly met"),
    )
    page = hand_in(client, course, content)
    assert page.status_code == 200
    text = flat(page.text)
    assert "Nothing is saved yet. 2 rows change nothing." in text
    assert "Question 1, criterion 1" in text
    assert not CriterionMark.objects.exists()
    # Pressed twice, as a double press or the back button does.
    for _press in range(2):
        done = save(client, course, page)
        assert done.status_code == 302
        assert "2 judgements of the sheet are saved." in flat(client.get(done.url).text)
    assert standing("1_1").note == "Clear.\nAnd short."
    assert (standing("1_1").judged, standing("2_2").judged) == ("met", "partly_met")
    assert {one.revision for one in CriterionMark.objects.all()} == {1}
    # Handed in again, there is nothing left to save.
    again = flat(hand_in(client, course, content).text)
    assert "Everything in this sheet stands here already" in again
    assert not KeptMark.objects.exists()


def test_row_nobody_touched_changes_nothing_whatever_was_judged_meanwhile(
    course: Course, trainer: Person, other: Person
) -> None:
    one = submitted(course)
    client = signed_in(trainer)
    content = filled(sheets.take(client, course), (1, 3, JUDGED, "Met"))
    actions.mark(enrolment=one, marks=[Mark("1_1", "not_met", "Mine.")], by=other)
    page = hand_in(client, course, content)
    assert "cannot be saved" not in page.text
    assert save(client, course, page).status_code == 302
    assert (standing("1_1").judged, standing("1_2").judged) == ("not_met", "met")


def test_stale_row_is_refused_with_both_judgements_and_the_rest_is_saved(
    course: Course, trainer: Person, other: Person
) -> None:
    one = submitted(course)
    client = signed_in(trainer)
    content = filled(sheets.take(client, course), (1, 2, JUDGED, "Met"), (1, 3, JUDGED, "Met"))
    actions.mark(enrolment=one, marks=[Mark("1_1", "not_met", "It lacks the plan.")], by=other)
    page = hand_in(client, course, content)
    text = flat(page.text)
    assert "1 row cannot be saved" in text
    assert "This was judged elsewhere since the sheet was taken." in text
    assert "It lacks the plan." in text
    assert other.name in text
    assert save(client, course, page).status_code == 302
    assert (standing("1_1").judged, standing("1_2").judged) == ("not_met", "met")


def test_what_goes_stale_while_the_page_is_looked_at_is_refused_and_told(
    course: Course, trainer: Person, other: Person
) -> None:
    one = submitted(course)
    client = signed_in(trainer)
    content = filled(sheets.take(client, course), (1, 2, JUDGED, "Met"), (1, 3, JUDGED, "Met"))
    page = hand_in(client, course, content)
    actions.mark(enrolment=one, marks=[Mark("1_1", "not_met")], by=other)
    for _press in range(2):
        refused = save(client, course, page)
        assert refused.status_code == 409
        text = flat(refused.text)
        assert "1 judgement of the sheet is saved. The rest is not, and stands below." in text
        assert "This was judged elsewhere since the sheet was taken." in text
    assert (standing("1_1").judged, standing("1_2").judged) == ("not_met", "met")


def test_co_trainers_judgement_is_changed_with_a_reason_alone(
    course: Course, trainer: Person, other: Person
) -> None:
    one = submitted(course)
    actions.mark(enrolment=one, marks=[Mark("1_1", "met"), Mark("1_2", "met")], by=other)
    client = signed_in(trainer)
    content = filled(
        sheets.take(client, course),
        (1, 2, JUDGED, "Not met"),
        (1, 3, JUDGED, "Not met"),
        (1, 3, BECAUSE, "It names no date."),
    )
    page = hand_in(client, course, content)
    assert "A co-trainer judged this. To change it, say why" in flat(page.text)
    assert save(client, course, page).status_code == 302
    assert (standing("1_1").judged, standing("1_2").judged) == ("met", "not_met")
    assert standing("1_2").because == "It names no date."


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([(JUDGED, "Perhaps")], "Choose met, partly met or not met."),
        (
            [(JUDGED, "Met"), (SETTLED, "Met, after the oral question")],
            "An oral question settles what was partly met",
        ),
        (
            [(JUDGED, "Partly met"), (SETTLED, "Met, after the oral question")],
            "Write the oral question, word for word.",
        ),
        ([(JUDGED, "Met"), (NOTE, "x" * 2001)], "Shorten this note to 2,000 characters."),
        ([(JUDGED, "Met"), (sheets.CODE, "f" * 20)], "A locked cell of this row was changed"),
        ([(JUDGED, "Met"), (sheets.CRITERION, 2)], "A locked cell of this row was changed"),
        ([(JUDGED, "Met"), (sheets.SIGN, None)], "A locked cell of this row was changed"),
        ([(JUDGED, '="Met"')], "There is a formula in this row."),
        ([(NOTE, "=1+1")], "There is a formula in this row."),
    ],
)
def test_row_that_cannot_be_saved_is_refused_by_itself(
    course: Course, trainer: Person, values: list[tuple[int, Any]], words: str
) -> None:
    submitted(course)
    client = signed_in(trainer)
    rows = [(1, 2, column, value) for column, value in values]
    content = filled(sheets.take(client, course), *rows, (2, 2, JUDGED, "Not met"))
    page = hand_in(client, course, content)
    text = flat(page.text)
    assert words in text
    assert "1 row cannot be saved" in text
    assert save(client, course, page).status_code == 302
    assert [str(one.judged) for one in CriterionMark.objects.all()] == [Judged.NOT_MET]


def test_blank_answer_counts_as_not_met(course: Course, trainer: Person) -> None:
    submitted(course, answers=["", "Something."])
    client = signed_in(trainer)
    content = filled(sheets.take(client, course), (1, 2, JUDGED, "Met"), (1, 3, JUDGED, "Not met"))
    page = hand_in(client, course, content)
    assert "An answer that was left blank counts as not met: choose not met." in flat(page.text)
    assert save(client, course, page).status_code == 302
    assert standing("1_2").judged == "not_met"


def test_row_that_was_copied_is_refused(course: Course, trainer: Person) -> None:
    submitted(course)
    submitted(course, "Sam")
    client = signed_in(trainer)
    content = sheets.take(client, course)
    first, _second, third, _fourth = cells(content)
    # The fingerprint of another answer's row; and a whole row that stands there twice.
    moved = filled(content, (1, 4, JUDGED, "Met"), (1, 4, sheets.SIGN, first[sheets.SIGN - 1]))
    assert "A locked cell of this row was changed" in flat(hand_in(client, course, moved).text)
    third[JUDGED - 1] = "Met"
    twice = filled(
        content,
        *[(1, row, column, value) for row in (4, 9) for column, value in enumerate(third, start=1)],
    )
    page = hand_in(client, course, twice)
    assert flat(page.text).count("This criterion stands in the sheet more than once.") == 2


def test_finalised_and_answered_again_are_refused(course: Course, trainer: Person) -> None:
    one = submitted(course)
    client = signed_in(trainer)
    content = filled(sheets.take(client, course), (1, 2, JUDGED, "Met"))
    page = hand_in(client, course, content)
    factories.submission(one)
    refused = save(client, course, page)
    assert refused.status_code == 409
    assert "This answer is not there any more" in flat(refused.text)
    finalised = factories.recommended(course)
    content = sheets.take(client, course)
    row = next(number for number, cell in enumerate(cells(content), start=2) if cell[JUDGED - 1] == "Met")
    page = hand_in(client, course, filled(content, (1, row, JUDGED, "Not met")))
    assert "The marking of this answer is finalised" in flat(page.text)
    assert finalised is not None


def test_judgement_comes_back_in_any_language_of_the_site(
    course: Course, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking_sheet, "_words", lambda choices: {"erfüllt": "met"})
    submitted(course)
    client = signed_in(trainer)
    content = filled(sheets.take(client, course), (1, 2, JUDGED, "ERFÜLLT"))
    assert save(client, course, hand_in(client, course, content)).status_code == 302
    assert standing("1_1").judged == "met"


@pytest.mark.parametrize("count", [1, 3, pytest.param(300, marks=pytest.mark.whole_run)])
def test_sheet_takes_the_same_number_of_statements(course: Course, trainer: Person, count: int) -> None:
    for number in range(count):
        submitted(course, f"Person {number}")
    client = signed_in(trainer)
    assert len(statements(lambda: sheets.take(client, course))) == 10


def test_carried_rows_that_no_page_wrote_are_refused(course: Course, trainer: Person) -> None:
    client = signed_in(trainer)
    for rows in ("", "[", "[1]", '[["a",1]]', "{}", '[["s",-1,"c","1","f","","","","","","",false]]'):
        assert client.post(sheets.address(course), {"rows": rows}).status_code in (302, 400)
    # What says what a row would, without its fingerprint, is refused as a row of a file is.
    submitted(course)
    code = cells(sheets.take(client, course))[0][0]
    made = f'[["s",2,"{code}","1","0..0","met","","","","","",false]]'
    refused = client.post(sheets.address(course), {"rows": made})
    assert refused.status_code == 409
    assert not CriterionMark.objects.exists()
