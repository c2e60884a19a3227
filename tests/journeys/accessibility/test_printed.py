"""What is printed of lists and of one person's pages: all of it, and nothing that only a screen can do."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Person
from assessments.states import Outcome
from certification.actions import approve
from tests import factories
from tests.certification import crowds, outcomes
from tests.journeys.accessibility.asking import asked, at
from tests.journeys.accessibility.looking import PAGES_TO, Looking

pytestmark = pytest.mark.django_db

# Navigation, what narrows a list, buttons, and what leads to other pages of it.
OF_THE_SCREEN = (
    "Skip to",
    "Sign out",
    "Search",
    "Show all",
    "Sort by",
    "Overview",
    "Previous page",
    "Next page",
    "Accessibility statement",
    "What you can do",
    "Send a new link",
    "Withdraw",
    "Try again",
    "Record it",
    "Approve 2",
    "Save the register",
    "Make it as a PDF",
    "Download as a spreadsheet",
    "Print this page",
    "safeguarding leads",
)


def printed(looking: Looking, person: Person, path: str, width: int = 1280) -> list[str]:
    """The text of each sheet, its white space folded."""
    client = Client()
    client.force_login(person)
    pdf = looking.printed(path, asked(client, path), width)
    if PAGES_TO:
        name = re.sub(r"[^a-z]+", "-", path.partition("?")[0]).strip("-")
        (Path(PAGES_TO) / f"printed-{name}-{width}.pdf").write_bytes(pdf)
    # Black on white, whatever the screen's colours are.
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=0.5).to_pil().convert("L")
    colours = picture.getcolors() or []
    assert max(colours)[1] == 255
    assert picture.getpixel((2, 2)) == 255
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("width", [390, 1280])
def test_long_list_prints_its_headings_on_each_sheet_and_says_how_it_is_narrowed(
    looking: Looking, width: int
) -> None:
    admin = factories.admin()
    for enrolment in crowds.recommended(factories.course(title="AIM3, Leeds"), 52):
        approve(enrolment=enrolment, by=admin)
    path = f"{at('certification:certificates')}?q=person&state=valid&sort=-name"
    sheets = printed(looking, admin, path, width)
    whole = " ".join(sheets)
    assert len(sheets) > 1
    for sheet in sheets:
        # Also from a phone it is a table, whose headings stand above each sheet and nowhere else.
        assert sheet.count("Issued on") == 1
    assert "Name, number, code or course reference: person; State: Valid" in whole
    assert "Sorted by: Name, the other way round" in whole
    assert f"As it stood on {timezone.localdate().day} " in sheets[0]
    assert "Certificates" in sheets[0]
    assert "52 certificates" in whole
    assert "Page 1 of 2" in whole
    assert len(re.findall(r"AIM-\d+", whole)) == 50
    assert [words for words in OF_THE_SCREEN if words in whole] == []


def test_what_is_printed_has_all_its_columns_and_nothing_of_the_screen(looking: Looking) -> None:
    course = factories.course(title="AIM3, Leeds")
    admin, trainer = factories.admin(), factories.trainer_of(course)
    commissioner = factories.commissioner(course.organisation)
    for name in ("Zoë O’Neill", "Oluwaseun Featherstonehaugh-Cholmondeley"):
        factories.recommended(course, person=factories.PersonFactory.create(name=name))
    followed = outcomes.released(course)
    approved = factories.recommended(course)
    certificate = approve(enrolment=approved, by=admin)
    coming = factories.course(organisation=course.organisation, starts=timezone.now() + timedelta(days=9))
    factories.nomination(coming, email="oluwaseun.featherstonehaugh@northamptonshire-services.example")
    pages = {
        at("assessments:marking", course): (
            trainer,
            ["Marking", "Attendance", "Outcome", "With The AIM Project"],
        ),
        at("certification:queue"): (admin, ["Waiting for a decision", "Ready to approve", "What is missing"]),
        at("certification:course_queue", course): (admin, ["Decisions", "Zoë O’Neill", "Whether eligible"]),
        at("certification:results", course): (commissioner, ["Results", "Certificate or follow-up"]),
        at("certification:follow_ups"): (commissioner, ["Follow-ups", "Recorded so far"]),
        at("certification:follow_up", followed): (commissioner, ["TOLD-COMMISSIONER", "Done so far"]),
        at("certification:over_time"): (
            commissioner,
            ["Over time", "By: Quarter", "Not told: too few", "Days until closed (median)", "Together"],
        ),
        at("courses:nominations", coming): (commissioner, ["Nominations", "services.example", "How far"]),
        at("courses:register", course): (trainer, ["Register", "Full attendance"]),
        at("courses:register_session", course, 1): (trainer, ["Register, session 1", "Absent"]),
        at("certification:person", approved.person): (admin, ["Places on courses", "Certificates"]),
        at("certification:certificate", certificate): (admin, [certificate.reference, "Issued on"]),
        at("courses:list"): (admin, ["Courses", "Stage"]),
    }
    for path, (person, words) in pages.items():
        whole = " ".join(printed(looking, person, path))
        assert "As it stood on" in whole, path
        assert [one for one in words if one not in whole] == [], path
        assert [one for one in OF_THE_SCREEN if one in whole] == [], path


def test_conversation_prints_as_a_sheet_to_hold(looking: Looking) -> None:
    course = factories.course(title="AIM3, Leeds")
    made = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(made), judged="not_met")
    factories.recommendation(made, outcome=Outcome.NOT_YET, marking=marking, finalised=False)
    later = outcomes.unspoken(course)
    for path in (at("assessments:conversation", course, made), at("certification:tell_later", course, later)):
        sheets = printed(looking, factories.trainer_of(course), path)
        assert len(sheets) <= 2, path
        whole = " ".join(sheets)
        words = (
            "Say it",
            "CRITERION-1-1",
            "Listen",
            "What would help next",
            "Whom they can ask",
            "How they are",
        )
        assert [one for one in words if one not in whole] == [], path
        assert [one for one in (*OF_THE_SCREEN, "What was said", "Held by") if one in whole] == [], path
