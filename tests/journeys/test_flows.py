"""What people do most, counted in a browser; docs/flows.md says what each takes, and is held to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Frame, Locator, Page, expect

from certification.actions import approve
from courses.models import Enrolment, Nomination, RegisterEntry
from tests import factories
from tests.certification import outcomes
from tests.courses.lists_of_people import people, rows_of, xlsx_of
from tests.journeys.people import heading, sign_in
from tests.letters import MailServer

OpenPage = Callable[..., Page]
FLOWS = settings.BASE_DIR / "docs/flows.md"
ROW = re.compile(r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


@dataclass
class Count:
    """What one flow took.

    Args:
        presses: of links, buttons, choices and the Enter key.
        fields: that something was typed into.
        pages: that the browser loaded.
    """

    presses: int = 0
    fields: int = 0
    pages: int = 0


class Hand:
    """Presses and types for somebody, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = Count()

    def press(self, what: Locator) -> None:
        what.click()
        self.count.presses += 1

    def choose(self, where: Locator, name: str, content: bytes) -> None:
        """Choose a file: one field, like anything that is typed."""
        where.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        self.count.fields += 1

    def type(self, where: Locator, words: str, *, enter: bool = False) -> None:
        where.fill(words)
        self.count.fields += 1
        if enter:
            where.press("Enter")
            self.count.presses += 1


def said(flow: str) -> Count:
    """What docs/flows.md says that `flow` takes."""
    rows = {name: Count(*map(int, numbers)) for name, *numbers in ROW.findall(FLOWS.read_text())}
    return rows[flow]


@contextmanager
def counted(page: Page) -> Iterator[Hand]:
    """Counts what is done by the hand, and the pages that are loaded meanwhile."""
    hand = Hand(page)

    def loaded(frame: Frame) -> None:
        if frame == page.main_frame:
            hand.count.pages += 1

    page.on("framenavigated", loaded)
    yield hand
    page.remove_listener("framenavigated", loaded)


def test_person_course_and_certificate_are_found_from_anywhere(
    new_page: OpenPage, mail_server: MailServer
) -> None:
    admin = factories.admin()
    course = factories.course(title="AIM3 in Otley")
    factories.enrolment(course, factories.PersonFactory.create(name="Zoë O’Neill"))
    enrolment = factories.recommended(course)
    approve(enrolment=enrolment, by=admin)
    certificate = enrolment.certificates.get()
    page = new_page(viewport={"width": 1280, "height": 800})
    sign_in(page, admin.email, mail_server)
    sought = {
        "Find a person": ("oneill", "/people/"),
        "Find a course": ("otley", "/courses/"),
        "Find a certificate": (certificate.reference, "/certificates/"),
    }
    for flow, (typed, address) in sought.items():
        # From a page that has nothing to do with any of them.
        page.goto("/courses/licences/")
        with counted(page) as hand:
            hand.type(page.get_by_role("searchbox", name="Search everything"), typed, enter=True)
            page.wait_for_url(re.compile(address))
        assert hand.count == said(flow), flow


def test_who_waits_for_what_is_there_after_signing_in(new_page: OpenPage, mail_server: MailServer) -> None:
    factories.recommended(factories.course(title="AIM3 in Otley"))
    page = new_page()
    sign_in(page, factories.admin().email, mail_server)
    with counted(page) as hand:
        expect(page.get_by_role("main")).to_contain_text("AIM3 in Otley")
    assert hand.count == said("See who waits for what")


def test_register_of_ten_is_taken_on_a_phone(new_page: OpenPage, mail_server: MailServer) -> None:
    course = factories.course(sessions=1)
    for _ in range(10):
        factories.enrolment(course)
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, factories.trainer_of(course).email, mail_server)
    with counted(page) as hand:
        hand.press(page.get_by_role("main").get_by_role("link", name=re.compile("^Take the register")))
        hand.press(page.get_by_role("button", name="Mark the rest present"))
        hand.press(page.get_by_role("button", name="Save the register"))
        expect(page.get_by_text("The register of session 1 was saved.")).to_be_visible()
    assert RegisterEntry.objects.count() == 10
    assert hand.count == said("Take the register of ten, who are all there, on a phone")


def test_ten_people_are_approved_together(new_page: OpenPage, mail_server: MailServer) -> None:
    course = factories.course(title="AIM3 in Otley")
    for _ in range(10):
        factories.recommended(course)
    page = new_page()
    sign_in(page, factories.admin().email, mail_server)
    with counted(page) as hand:
        hand.press(page.get_by_role("main").get_by_role("link", name=re.compile("^Decide on")))
        hand.press(page.get_by_role("link", name=re.compile("^Approve 10")))
        hand.press(page.get_by_role("main").get_by_role("button", name=re.compile("^Approve")))
        heading(page, "10 people approved")
    assert Enrolment.objects.filter(certificates__isnull=False).count() == 10
    assert hand.count == said("Approve ten who are eligible")


def test_follow_up_is_closed(new_page: OpenPage, mail_server: MailServer) -> None:
    organisation = factories.OrganisationFactory.create()
    outcomes.released(factories.course(organisation=organisation))
    page = new_page()
    sign_in(page, factories.commissioner(organisation).email, mail_server)
    with counted(page) as hand:
        hand.press(page.get_by_role("main").get_by_role("link", name=re.compile("^Follow up")))
        hand.type(page.get_by_label("What was done"), "Shadowing is agreed.")
        hand.press(page.get_by_role("radio", name=re.compile("close", re.IGNORECASE)))
        hand.press(page.get_by_role("button", name="Record it"))
        expect(page.get_by_text(re.compile("closed it on"))).to_be_visible()
    assert hand.count == said("Close a follow-up")


def test_one_person_is_nominated(new_page: OpenPage, mail_server: MailServer) -> None:
    organisation = factories.OrganisationFactory.create()
    course = factories.course(organisation=organisation, starts=timezone.now() + timedelta(days=30))
    page = new_page(viewport={"width": 1280, "height": 800})
    sign_in(page, factories.commissioner(organisation).email, mail_server)
    fields = {
        "Their name": "Zoe ONeill",
        "Their job role": "Social worker",
        "Years of experience": "3",
        "line manager’s name": "Morgan Reeve",
        "line manager’s email": "morgan.reeve@council.example",
    }
    with counted(page) as hand:
        hand.press(page.get_by_role("main").get_by_role("link", name=f"Nominate people: {course.title}"))
        hand.type(page.get_by_label("Their email address"), "zoe@people.example")
        for label, words in fields.items():
            hand.type(page.get_by_label(label), words)
        hand.press(page.get_by_role("button", name="Nominate, and send them the link"))
        expect(page.get_by_text("zoe@people.example").first).to_be_visible()
    assert Nomination.objects.filter(course=course).count() == 1
    assert hand.count == said("Nominate one person")


def test_ten_people_are_nominated_from_a_spreadsheet(new_page: OpenPage, mail_server: MailServer) -> None:
    organisation = factories.OrganisationFactory.create()
    course = factories.course(organisation=organisation, starts=timezone.now() + timedelta(days=30))
    page = new_page(viewport={"width": 1280, "height": 800})
    sign_in(page, factories.commissioner(organisation).email, mail_server)
    with counted(page) as hand:
        hand.press(page.get_by_role("main").get_by_role("link", name=f"Nominate people: {course.title}"))
        hand.press(page.get_by_role("link", name="Nominate several people"))
        hand.choose(page.get_by_label("The spreadsheet"), "staff.xlsx", xlsx_of(rows_of(people(10))))
        hand.press(page.get_by_role("button", name="Read the list"))
        hand.press(page.get_by_role("button", name="Nominate 10 people, and send each a link"))
        expect(page.get_by_text("10 people were nominated.")).to_be_visible()
    assert Nomination.objects.filter(course=course).count() == 10
    assert hand.count == said("Nominate ten people")
