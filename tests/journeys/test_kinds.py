"""Every kind of question by keyboard alone, without JavaScript, on a narrow phone; axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from assessments.answering import actions
from assessments.case_studies.kinds import KINDS, Kind
from assessments.models import Answer, CriterionMark
from courses.models import Enrolment
from tests import factories
from tests.kinds import filled, settings_of

OpenPage = Callable[..., Page]
KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
PHONE = {"width": 320, "height": 640}
MOST_TABS = 120


@pytest.fixture
def asked(kind: Kind, live_stack: object) -> Enrolment:
    """Somebody whose course asks one question of this kind, now."""
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, kinds=[kind.code])
    course = factories.course(programme=programme)
    factories.sitting(course)
    return factories.enrolment(course, attended=True)


def enter(page: Page, person: object) -> None:
    """Be signed in as `person`, without the letter: how one signs in is another journey."""
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.goto("/robots.txt")
    host = str(urlsplit(page.url).hostname)
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])


def tab_to(page: Page, name: str, value: str | None = None) -> None:
    """Press Tab until what is called `name` (and has `value`) has the focus."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.get_attribute("name") == name:
            if value is None or focused.get_attribute("value") == value:
                return
            if focused.get_attribute("type") == "radio":
                # Tab goes from one group to the next; the arrows go within it.
                for _down in range(MOST_TABS):
                    page.keyboard.press("ArrowDown")
                    if page.locator(":focus").get_attribute("value") == value:
                        return
    raise AssertionError(f"the keyboard does not reach {name} {value or ''}")


def tab_to_button(page: Page, words: str) -> None:
    """Press Tab until the button with these words has the focus."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.locator("button:focus")
        if focused.count() and focused.inner_text().strip() == words:
            return
    raise AssertionError(f"the keyboard does not reach {words}")


def answer_by_keyboard(page: Page, kind: Kind) -> None:
    values = filled(kind)
    for field in kind.fields(settings_of(kind)):
        name = "text" if kind.code == "written" else f"answer-{field.name}"
        if field.is_text:
            tab_to(page, name)
            page.keyboard.insert_text(values[field.name])
        else:
            tab_to(page, name, values[field.name])
            if not page.locator(":focus").is_checked():
                page.keyboard.press("Space")
    tab_to(page, "then")
    page.keyboard.press("Enter")


@KIND
def test_a_kind_is_answered_and_marked_by_keyboard_alone_without_javascript(
    new_page: OpenPage, asked: Enrolment, kind: Kind
) -> None:
    page = new_page(java_script_enabled=False, viewport=PHONE)
    enter(page, asked.person)
    page.goto(f"/my/{asked.uuid}/questions/1/")
    answer_by_keyboard(page, kind)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    answer = Answer.objects.get(submission__enrolment=asked)
    assert kind.values_of(answer.text.replace("\r\n", "\n")) == filled(kind)
    tab_to_button(page, "Continue to the declaration")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Submit my answers")).to_be_visible()
    tab_to(page, "declared")
    page.keyboard.press("Space")
    tab_to_button(page, "Submit my answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("submitted")

    marker = new_page(java_script_enabled=False, viewport=PHONE)
    enter(marker, factories.trainer_of(asked.course))
    marker.goto(f"/courses/{asked.course.uuid}/marking/{asked.uuid}/")
    for criterion in ("1_1", "1_2"):
        tab_to(marker, f"judged_{criterion}", "met")
        if not marker.locator(":focus").is_checked():
            marker.keyboard.press("Space")
    tab_to(marker, "then")
    marker.keyboard.press("Enter")
    expect(marker.get_by_text("all 2 criteria are marked")).to_be_visible()
    assert CriterionMark.objects.filter(marking__submission__enrolment=asked, judged="met").count() == 2


@KIND
def test_axe_finds_nothing_on_the_pages_of_a_kind(
    new_page: OpenPage, axe: Callable[[Page], None], asked: Enrolment, kind: Kind
) -> None:
    page = new_page()
    enter(page, asked.person)

    def check(url: str) -> None:
        page.goto(url)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            # The rules of a width hold once a frame was drawn.
            page.evaluate(
                "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    question = f"/my/{asked.uuid}/questions/1/"
    check(question)
    submission = actions.start_submission(enrolment=asked, by=asked.person)
    actions.save_answer(enrolment=asked, number=1, values=filled(kind), base_revision=0, by=asked.person)
    check(question)
    check(f"/my/{asked.uuid}/check/")
    actions.submit(enrolment=asked, declared=True, by=asked.person, submission=submission.uuid)
    check(f"/my/{asked.uuid}/receipt/")
    enter(page, factories.trainer_of(asked.course))
    check(f"/courses/{asked.course.uuid}/marking/{asked.uuid}/")
