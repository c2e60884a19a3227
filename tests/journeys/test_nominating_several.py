"""A commissioner nominates several people from a spreadsheet, on a phone without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Course, Nomination
from tests import factories
from tests.courses.lists_of_people import people, rows_of, xlsx_of
from tests.journeys.people import heading, link_in, press, sign_in
from tests.letters import MailServer

OpenPage = Callable[..., Page]


def when_the_example_is_downloaded(page: Page) -> None:
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download a spreadsheet to fill in").click()
    assert downloading.value.suggested_filename == "people-to-nominate.xlsx"


def when_a_list_with_two_mistakes_is_read(page: Page) -> None:
    listed = people(5)
    listed[1]["email"] = "person.two at people.example"
    listed[3]["years_experience"] = ""
    listed[4] |= {"name": "Zoë O’Neill", "email": "zoe@people.example"}
    workbook = {"name": "staff.xlsx", "mimeType": "application/zip", "buffer": xlsx_of(rows_of(listed))}
    page.get_by_label("The spreadsheet").set_input_files(workbook)  # type: ignore[arg-type]
    press(page, "Read the list")
    heading(page, "Check the list")
    expect(
        page.get_by_text("5 people were read from staff.xlsx: 3 are ready, 2 need putting right.")
    ).to_be_visible()


def when_they_are_put_right(page: Page) -> None:
    row = page.get_by_role("group", name="Row 3: Person 2")
    row.get_by_label("Their email address").fill("two@people.example")
    # The Enter key checks the list, and sends nothing.
    row.get_by_label("Their email address").press("Enter")
    expect(page.get_by_text("4 are ready, 1 needs putting right.")).to_be_visible()
    page.get_by_label("Leave this person out").check()
    press(page, "Check the list again")
    expect(page.get_by_text("4 are ready, 1 is left out by you.")).to_be_visible()
    assert not Nomination.objects.exists()


def then_each_has_a_letter_and_can_answer(page: Page, course: Course, mail_server: MailServer) -> None:
    assert sorted(Nomination.objects.values_list("name", flat=True)) == [
        "Person 1",
        "Person 2",
        "Person 3",
        "Zoë O’Neill",
    ]
    page.goto(link_in(mail_server, "zoe@people.example", "invitations"))
    heading(page, re.compile(course.title))


def test_commissioner_nominates_several_people_on_a_phone(
    new_page: OpenPage, mail_server: MailServer
) -> None:
    organisation = factories.OrganisationFactory.create()
    course = factories.course(organisation=organisation, starts=timezone.now() + timedelta(days=30))
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    sign_in(page, factories.commissioner(organisation).email, mail_server)
    page.goto(f"/courses/{course.uuid}/nominations/")
    page.get_by_role("link", name="Nominate several people").click()
    when_the_example_is_downloaded(page)
    when_a_list_with_two_mistakes_is_read(page)
    when_they_are_put_right(page)
    press(page, "Nominate 4 people, and send each a link")
    expect(page.get_by_text("4 people were nominated.")).to_be_visible()
    then_each_has_a_letter_and_can_answer(new_page(), course, mail_server)
