"""A trainer marks: each judgement is saved as it is made, and none is lost or written over unseen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.models import Person
from assessments.marking.actions import Mark, mark
from assessments.models import CriterionMark, KeptMark
from courses.models import Course, Enrolment
from tests import factories
from tests.journeys.people import sign_in
from tests.letters import MailServer

SAVED = re.compile(r"^\s*Saved")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    trainers = [factories.associate(programme, name=name) for name in ("Ada Quill", "Ben Rook")]
    return factories.course(programme=programme, trainers=trainers)


@pytest.fixture
def script(course: Course) -> Enrolment:
    person = factories.PersonFactory.create(name="Ann Able")
    made = factories.enrolment(course, person, attended=True)
    factories.submission(made)
    return made


@pytest.fixture
def other(course: Course) -> Person:
    return course.associates.order_by("pk").last().associate  # type: ignore[union-attr]


def open_script(page: Page, script: Enrolment, mail: MailServer, by: Person | None = None) -> Page:
    sign_in(page, (by or factories.trainer_of(script.course)).email, mail)
    page.goto(f"/courses/{script.course.uuid}/marking/{script.uuid}/")
    return page


def criterion(page: Page, name: str) -> Locator:
    return page.locator(f"[data-criterion='{name}']")


def said(page: Page, name: str, words: str | re.Pattern[str], patience: float = 5_000) -> None:
    expect(criterion(page, name).locator("[data-said]")).to_have_text(words, timeout=patience)


def stands(name: str) -> tuple[str, str] | None:
    question, number = name.split("_")
    found = CriterionMark.objects.filter(criterion__question__number=question, criterion__number=number)
    return found.values_list("judged", "note").first()


def not_wrong(page: Page, *texts: str) -> None:
    """Forget what the browser's console said of refusals that were expected."""
    watch: Any = page.watch  # type: ignore[attr-defined]
    watch.wrong = [one for one in watch.wrong if not any(text in one for text in texts)]


def test_script_is_marked_with_the_keyboard_alone(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment, axe: Callable[..., None]
) -> None:
    page = open_script(new_page(), script, mail_server)
    page.get_by_role("link", name="First unmarked criterion").focus()
    page.keyboard.press("Enter")
    for key in "123":
        page.keyboard.press(key)
    said(page, "1_1", SAVED)
    said(page, "2_1", SAVED)
    expect(page.locator("[data-marked]").first).to_have_text("3")
    assert [stands(name) for name in ("1_1", "1_2", "2_1")] == [
        ("met", ""),
        ("partly_met", ""),
        ("not_met", ""),
    ]
    page.keyboard.press("n")
    page.keyboard.type("It names 1 strength, no more.")
    # A note without a judgement is kept, and a key within it judges nothing.
    said(page, "2_2", SAVED)
    assert stands("2_2") == ("", "It names 1 strength, no more.")
    axe(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("1")
    # The last judgement leads on to the next script, which is not there: back to the list.
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marking")
    assert stands("2_2") == ("met", "It names 1 strength, no more.")


def test_judgement_is_undone(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment
) -> None:
    page = open_script(new_page(**PHONE), script, mail_server)
    one = criterion(page, "1_1")
    one.locator(".judgements").get_by_text("Met", exact=True).tap()
    said(page, "1_1", SAVED)
    one.locator(".judgements").get_by_text("Not met", exact=True).tap()
    said(page, "1_1", "Saved Undo")
    assert stands("1_1") == ("not_met", "")
    one.get_by_role("button", name="Undo").tap()
    said(page, "1_1", "Undone and saved")
    expect(one.locator(".judgements").get_by_label("Met", exact=True)).to_be_checked()
    assert stands("1_1") == ("met", "")
    # What was undone stays on record.
    assert list(KeptMark.objects.values_list("judged", flat=True)) == ["met", "not_met"]


def test_two_markers_are_shown_both_and_decide(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment, other: Person, axe: Any
) -> None:
    hers = open_script(new_page(), script, mail_server)
    his = open_script(new_page(**PHONE), script, mail_server, by=other)
    criterion(hers, "1_1").locator(".judgements").get_by_text("Met", exact=True).click()
    said(hers, "1_1", SAVED)
    one = criterion(his, "1_1")
    one.locator(".criterion-note summary").tap()
    one.get_by_label("Note, which the person can read").fill("Not there at all.")
    one.locator(".judgements").get_by_text("Not met", exact=True).tap()
    expect(one.get_by_role("heading", name="Ada Quill judged this")).to_be_visible()
    expect(one.locator(".criterion-both")).to_contain_text("Ada Quill")
    expect(one.locator(".criterion-both")).to_contain_text("Not there at all.")
    assert stands("1_1") == ("met", "")
    axe(his)
    # Nothing goes on before he has decided, and then with a reason.
    his.get_by_role("button", name="Save, back to the list").tap()
    expect(his.locator("[data-marks-said]")).to_have_text("Not everything is saved yet. What is not says so.")
    one.get_by_label("Mine").check()
    one.get_by_role("button", name="Save this choice").tap()
    expect(one.get_by_label(re.compile("why do you change what Ada Quill judged"))).to_be_focused()
    one.get_by_label(re.compile("why do you change")).fill("It names no strength.")
    one.get_by_role("button", name="Save this choice").tap()
    said(his, "1_1", SAVED)
    assert stands("1_1") == ("not_met", "Not there at all.")
    # She changes her mind on her open page, sees what he did, and keeps it.
    criterion(hers, "1_1").locator(".judgements").get_by_text("Partly met", exact=True).click()
    expect(criterion(hers, "1_1").locator(".criterion-both")).to_contain_text("Ben Rook")
    criterion(hers, "1_1").get_by_label("What is saved now").check()
    criterion(hers, "1_1").get_by_role("button", name="Save this choice").click()
    expect(criterion(hers, "1_1").locator(".judgements").get_by_label("Not met", exact=True)).to_be_checked()
    assert stands("1_1") == ("not_met", "Not there at all.")
    for page in (hers, his):
        not_wrong(page, "409")


def test_nothing_is_left_before_it_is_acknowledged(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment
) -> None:
    page = open_script(new_page(), script, mail_server)
    page.context.set_offline(True)
    criterion(page, "1_1").locator(".judgements").get_by_text("Met", exact=True).click()
    said(page, "1_1", re.compile("Not saved yet: the server cannot be reached"))
    address = page.url
    page.get_by_role("button", name="Save, outcome").click()
    page.wait_for_timeout(1500)
    assert page.url == address
    assert stands("1_1") is None
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/outcome/"), timeout=30_000)
    assert stands("1_1") == ("met", "")
    not_wrong(page, "ERR_INTERNET_DISCONNECTED", "409")


def test_what_the_page_called_saved_is_there_after_the_browser_died(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment
) -> None:
    page = open_script(new_page(), script, mail_server)
    for name, note in (("1_1", "One."), ("1_2", "Two."), ("2_1", "Three.")):
        one = criterion(page, name)
        one.locator(".judgements").get_by_text("Partly met", exact=True).click()
        one.locator(".criterion-note summary").click()
        one.get_by_label("Note, which the person can read").press_sequentially(note)
        said(page, name, SAVED)
    context: BrowserContext = page.context
    state = context.storage_state()
    page.goto("about:blank")
    again = new_page(storage_state=state)
    again.goto(f"/courses/{script.course.uuid}/marking/{script.uuid}/")
    for name, note in (("1_1", "One."), ("1_2", "Two."), ("2_1", "Three.")):
        expect(
            criterion(again, name).locator(".judgements").get_by_label("Partly met", exact=True)
        ).to_be_checked()
        expect(criterion(again, name).get_by_label("Note, which the person can read")).to_have_value(note)


def test_who_is_signed_out_signs_in_elsewhere_and_it_is_saved(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment
) -> None:
    page = open_script(new_page(), script, mail_server)
    page.context.clear_cookies(name="sessionid")
    criterion(page, "1_1").locator(".judgements").get_by_text("Met", exact=True).click()
    said(page, "1_1", re.compile("you are signed out"))
    elsewhere = page.context.new_page()
    sign_in(elsewhere, factories.trainer_of(script.course).email, mail_server)
    said(page, "1_1", SAVED, patience=30_000)
    assert stands("1_1") == ("met", "")
    not_wrong(page, "401", "403")


def test_half_an_oral_question_is_kept_while_it_is_asked(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment
) -> None:
    page = open_script(new_page(), script, mail_server)
    one = criterion(page, "1_1")
    one.locator(".judgements").get_by_text("Partly met", exact=True).click()
    one.locator(".criterion-oral summary").click()
    one.get_by_label("What you asked, word for word").fill("And why?")
    said(page, "1_1", SAVED)
    assert CriterionMark.objects.get().oral_question == "And why?"
    one.get_by_label("Met", exact=True).last.check()
    said(page, "1_1", "Write what was answered, word for word.")
    one.get_by_label("What was answered, word for word").fill("So that it holds.")
    said(page, "1_1", SAVED)
    assert CriterionMark.objects.get().settled == "met"
    not_wrong(page, "422")


def test_finalised_meanwhile_is_said_and_nothing_typed_goes(
    new_page: Callable[..., Page], mail_server: MailServer, script: Enrolment, other: Person
) -> None:
    page = open_script(new_page(), script, mail_server)
    mark(enrolment=script, marks=[Mark("1_1", "met")], by=other)
    marking = script.submissions.get().markings.get()
    marking.finalised_at, marking.finalised_by = marking.started_at, other
    marking.save()
    one = criterion(page, "1_2")
    one.locator(".criterion-note summary").click()
    one.get_by_label("Note, which the person can read").fill("Too late.")
    said(page, "1_2", re.compile("does not change any more"))
    expect(one.get_by_label("Note, which the person can read")).to_have_value("Too late.")
    not_wrong(page, "409")


# --- By question --------------------------------------------------------------------------------------

PEOPLE = 30


@pytest.fixture
def crowd(course: Course) -> list[Enrolment]:
    people = [factories.enrolment(course) for _number in range(PEOPLE)]
    for one in people:
        factories.submission(one)
    return people


def open_question(page: Page, course: Course, mail: MailServer, by: Person, number: int = 1) -> Page:
    """The first answer to a question, with the focus where its first judgement is missing."""
    sign_in(page, by.email, mail)
    page.goto(f"/courses/{course.uuid}/marking/questions/")
    page.get_by_role("button", name=f"Mark question {number}").click()
    expect(criterion(page, f"{number}_1").locator(".judgements input").first).to_be_focused()
    return page


def judged(number: int) -> int:
    return CriterionMark.objects.judged().filter(criterion__question__number=number).count()


@pytest.mark.whole_run
def test_course_of_thirty_is_marked_by_question_with_the_keyboard_alone(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course, crowd: list[Enrolment]
) -> None:
    """One key for each criterion, and one for each answer: nothing else is pressed."""
    page = open_question(new_page(), course, mail_server, factories.trainer_of(course))
    keys = 0
    for turn in range(PEOPLE):
        address = page.url
        for key in ("1", "123"[turn % 3], "Enter"):
            page.keyboard.press(key)
            keys += 1
        if turn < PEOPLE - 1:
            page.wait_for_url(lambda url, was=address: url != was and "/questions/1/" in url)
            expect(criterion(page, "1_1").locator(".judgements input").first).to_be_focused()
    expect(page.get_by_text("Every answer to question 1 is marked.")).to_be_visible()
    assert keys == PEOPLE * (2 + 1)
    assert (judged(1), judged(2)) == (PEOPLE * 2, 0)


@pytest.mark.whole_run
def test_course_of_thirty_is_marked_by_question_by_touch(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course, crowd: list[Enrolment]
) -> None:
    page = open_question(new_page(**PHONE), course, mail_server, factories.trainer_of(course), number=2)
    taps = 0
    for turn in range(PEOPLE):
        address = page.url
        for name, words in (("2_1", "Met"), ("2_2", ("Met", "Partly met", "Not met")[turn % 3])):
            criterion(page, name).locator(".judgements").get_by_text(words, exact=True).tap()
            taps += 1
        page.get_by_role("button", name="Save, next answer").tap()
        taps += 1
        page.wait_for_url(lambda url, was=address: url != was)
    expect(page.get_by_text("Every answer to question 2 is marked.")).to_be_visible()
    assert taps == PEOPLE * (2 + 1)
    assert (judged(1), judged(2)) == (0, PEOPLE * 2)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.whole_run
def test_fifty_collisions_of_two_markers_lose_no_word(
    new_page: Callable[..., Page],
    mail_server: MailServer,
    course: Course,
    crowd: list[Enrolment],
    other: Person,
) -> None:
    """Both have the same script open, and judge each criterion of it at the same moment, again and again."""
    trainer = factories.trainer_of(course)
    hers, his = new_page(), new_page()
    sign_in(hers, trainer.email, mail_server)
    sign_in(his, other.email, mail_server)
    written: set[str] = set()
    clashes = 0
    for turn, script in enumerate(crowd[:13]):
        for page in (hers, his):
            page.goto(f"/courses/{course.uuid}/marking/{script.uuid}/")
        for name in ("1_1", "1_2", "2_1", "2_2"):
            for page, who, words in ((hers, "hers", "Met"), (his, "his", "Not met")):
                note = f"{who} {turn} {name}"
                written.add(note)
                one = criterion(page, name)
                one.locator(".criterion-note summary").click()
                one.get_by_label("Note, which the person can read").fill(note)
                one.locator(".judgements").get_by_text(words, exact=True).click()
            said(hers, name, re.compile("Saved|Not saved: choose"))
            said(his, name, re.compile("Saved|Not saved: choose"))
            states = [
                "choose" in (criterion(page, name).locator("[data-said]").text_content() or "")
                for page in (hers, his)
            ]
            # One of the two is told, never none and never both.
            assert sorted(states) == [False, True], (turn, name)
            clashes += 1
        for page in (hers, his):
            boxes = page.locator(".criterion-clash")
            for left in range(boxes.count(), 0, -1):
                boxes.first.get_by_label("What is saved now").check()
                boxes.first.get_by_role("button", name="Save this choice").click()
                expect(boxes).to_have_count(left - 1)
            not_wrong(page, "409")
    assert clashes >= 50
    kept = {
        *CriterionMark.objects.values_list("note", flat=True),
        *KeptMark.objects.values_list("note", flat=True),
    }
    assert written <= kept
