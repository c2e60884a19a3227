"""Somebody else saved meanwhile: by keyboard alone nobody overwrites it without choosing to."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from courses.models import Course
from tests import factories
from tests.journeys.people import press, sign_in
from tests.letters import MailServer

OpenPage = Callable[..., Page]


def test_enter_overwrites_nothing(new_page: OpenPage, mail_server: MailServer) -> None:
    page = new_page()
    course = factories.course()
    sign_in(page, factories.admin().email, mail_server)
    page.goto(f"/courses/{course.uuid}/edit/")
    Course.objects.filter(pk=course.pk).update(title="AIM3, York")
    page.get_by_label("Title").fill("AIM3, Leeds")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This was changed while you had it open")

    # A form that is sent and refused again would look the same.
    page.evaluate("() => { window.sent = 0; addEventListener('submit', () => { window.sent += 1; }, true); }")
    page.get_by_label("Title").press("Enter")
    assert page.evaluate("window.sent") == 0
    expect(page.get_by_label("Title")).to_have_value("AIM3, Leeds")
    assert Course.objects.get(pk=course.pk).title == "AIM3, York"

    press(page, "Save mine instead")
    expect(page.get_by_role("heading", level=1)).to_contain_text("AIM3, Leeds")
    assert Course.objects.get(pk=course.pk).title == "AIM3, Leeds"
    watch = page.watch  # type: ignore[attr-defined]
    watch.wrong = [each for each in watch.wrong if "status of 409" not in each]
