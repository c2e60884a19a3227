"""The case study on paper: what stands in it, what never does, and what it says at the foot of a page."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.booklets import booklet_pdf
from assessments.case_studies.kinds import KINDS
from assessments.case_studies.references import reference_of
from assessments.models import Version
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return writing.aim3()


@pytest.fixture
def admin() -> Person:
    return factories.admin()


@pytest.fixture
def version(programme: Programme, admin: Person) -> Version:
    """A draft with a question of each kind."""
    version = writing.draft(programme, admin)
    actions.add_section(
        version=version,
        title="Zoë O’Neill & <Sons>",
        body="# At school\n\n- one\n- two\n\n| When | What |\n| --- | --- |\n| 2019 | Moves |",
        figure=None,
        by=admin,
    )
    reference = reference_of(version.edition)
    settings = {
        "choice": {"options": "At home\nIn care", "several": True},
        "domain-profile": {"levels": "Low\nHigh"},
        "intervention-plan": {"people": "Dylan | young person\nCarys | adults"},
    }
    for code, typed in settings.items():
        kept = KINDS[code].settings_from(typed, reference)
        criteria = [writing.criterion(essential=False)]
        content = writing.question(kind=code, settings=kept, title=code, criteria=criteria)
        actions.add_question(version=version, content=content, by=admin)
    return version


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_participants_booklet_has_everything_but_what_markers_read(version: Version) -> None:
    text = text_of(read(booklet_pdf(version, for_marker=False)))
    for words in (
        "Robin, aged 13",
        "It describes harm.",
        "Everyone in it is made up.",
        "Zoë O’Neill & <Sons>",
        "Question 1: What brought this referral?",
        "About 100 words is a guide, not a limit.",
        "In care",
        "Level of concern",
        "Dylan",
        "The stage they are in now",
    ):
        assert words in text
    for words in ("MODEL-ANSWER", "Names the concern.", "Half.", "Essential"):
        assert words not in text


def test_markers_booklet_has_model_answers_and_criteria(version: Version) -> None:
    text = text_of(read(booklet_pdf(version, for_marker=True)))
    for words in (
        "MODEL-ANSWER",
        "Names the concern.",
        "Half.",
        "Essential",
        "never give it to a participant",
    ):
        assert words in text


def test_draft_says_so_at_the_foot_of_each_page(version: Version) -> None:
    reader = read(booklet_pdf(version, for_marker=False))
    assert len(reader.pages) > 4
    for page in reader.pages:
        assert "version 1. Draft, not agreed" in " ".join(page.extract_text().split())


def test_version_in_force_has_its_fingerprint_at_the_foot_of_each_page(
    version: Version, programme: Programme, admin: Person
) -> None:
    actions.propose_version(version=version, by=admin)
    actions.agree(version=version, by=factories.associate(programme))
    version = actions.freeze_version(version=version, by=admin)
    for for_marker in (False, True):
        for page in read(booklet_pdf(version, for_marker=for_marker)).pages:
            said = page.extract_text()
            assert version.fingerprint in said.replace("\n", "")
            assert "version 1. In force" in " ".join(said.split())


def test_booklet_is_tagged_titled_and_has_its_own_fonts(version: Version) -> None:
    reader = read(booklet_pdf(version, for_marker=False))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].lower().startswith("en")
    assert reader.metadata
    assert reader.metadata.title == "Booklet: Robin, aged 13"
    fonts = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            fonts.add(re.sub(r"^/[A-Z]+\+", "", font.get_object()["/BaseFont"]).split("-")[0])
    assert fonts
    assert all(font.startswith(("Atkinson", "Source")) for font in fonts), fonts
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_same_version_makes_the_same_bytes(version: Version) -> None:
    assert booklet_pdf(version, for_marker=False) == booklet_pdf(version, for_marker=False)


def test_booklets_are_for_who_may_read_model_answers(
    version: Version, programme: Programme, admin: Person
) -> None:
    for name in ("version_booklet", "version_booklet_marker"):
        address = reverse(f"assessments:{name}", args=[version.uuid])
        client = Client()
        client.force_login(admin)
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        client.force_login(factories.associate(programme))
        assert client.get(address).status_code == 404


def ruled(pdf: bytes) -> list[int]:
    """How many lines to write on each page has, of those that have any."""
    counted = []
    for page in pypdfium2.PdfDocument(pdf):
        paths = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
        bounds = [path.get_bounds() for path in paths]
        # As wide as the page's text, in points, and as high as what is written on it.
        counted.append(sum(right - left > 480 and 25 < top - low < 27 for left, low, right, top in bounds))
    return [count for count in counted if count]


@pytest.mark.parametrize("words", [175, 200, 425])
def test_what_is_ruled_leaves_no_page_with_a_line_or_two(
    programme: Programme, admin: Person, words: int
) -> None:
    version = writing.draft(programme, admin)
    actions.add_question(version=version, content=writing.question(guide_words=words), by=admin)
    pages = ruled(booklet_pdf(version, for_marker=False))
    assert sum(pages) > 20
    assert min(pages) >= 4
