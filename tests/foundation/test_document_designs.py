"""The documents hold what they must hold, whatever names and texts come: read back from real files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from pypdf import PdfReader

from aimcert.foundation.pdf import render_pdf
from tests.foundation.test_pdf import fonts_in, text_of

ADDRESS = "https://aimcert.example/verify/7H2KQ9XW4M3NTB5RJ6PVZC8D1E"
QR = mark_safe(  # noqa: S308  segno writes it, of an address of ours
    segno.make(ADDRESS, error="m").svg_inline(omitsize=True, border=0, title="QR code")
)
NAME = "Zoë O’Neill & <Sons>"
LONGEST_NAMES = [
    "W" * 150,
    ("Maximiliana-Bartholomea de la Concepción y Fernández-Llewellyn " * 3)[:150].strip(),
]


EACH_DESIGN = pytest.mark.parametrize("design", ["certificate", "certificate_2"])


def certificate(design: str = "certificate_2", **changed: Any) -> bytes:
    facts = {
        "language": "en-gb",
        "title": f"Certificate AIM-000042: {NAME}",
        "name": NAME,
        "programme_name": "AIM3",
        "course_title": "AIM3 for youth justice & social work",
        "course_reference": "C00017",
        "course_ended_on": date(2026, 11, 18),
        "associates": ["Ifeoma Adeyemi-Clarke", "Gwenllian Pryce"],
        "issued_on": date(2026, 11, 22),
        "reference": "AIM-000042",
        "qr": QR,
        "verify_address": "aimcert.example/verify",
        "code_groups": ["7H2K", "Q9XW", "4M3N", "TB5R", "J6PV", "ZC8D", "1E"],
    } | changed
    return render_pdf(
        render_to_string(f"documents/{design}.html", facts),
        stylesheet=f"documents/{design}.css",
        title=facts["title"],
        language=facts["language"],
        created=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )


def person(**changed: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "job_role": "Senior social worker",
        "outcome": "not_yet_competent",
        "outcome_words": "Not yet competent",
        "certificate": "",
        "reasons": ["Full attendance", "Experience"],
        "told": "She missed the second afternoon.\n\nWe suggest <b>Sheffield</b>.",
        "comment": "I was called to a conference.",
        "steps": [{"done_on": date(2026, 12, 9), "done": "Went to Sheffield."}],
        "follow_up": "Open",
    } | changed


def report(people: list[dict[str, Any]], **changed: Any) -> bytes:
    facts = {
        "language": "en-gb",
        "title": "Follow-up report: Northmoor Council, C00017",
        "organisation": "Northmoor Council & Partners",
        "programme_name": "AIM3",
        "course_title": "AIM3 for youth justice & social work",
        "course_reference": "C00017",
        "course_started_on": date(2026, 11, 17),
        "course_ended_on": date(2026, 11, 18),
        "associates": ["Ifeoma Adeyemi-Clarke"],
        "generated_at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        "generated_for": "Margaret Holt (m.holt@northmoor.example)",
        "people": people,
    } | changed
    return render_pdf(
        render_to_string("documents/follow_up_report.html", facts),
        stylesheet="documents/follow_up_report.css",
        title=facts["title"],
        language=facts["language"],
        created=facts["generated_at"],
    )


def flowing(pdf: bytes) -> str:
    """The file's text with line breaks taken for spaces."""
    return " ".join(text_of(pdf).split())


def heights(pdf: bytes, *words: str) -> list[float]:
    """How high above the paper's foot each of `words` is written on the first page."""
    found: dict[str, float] = {}
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    for word in words:
        index, _ = page.search(word, match_case=True).get_next()
        found[word] = page.get_charbox(index)[1]
    return [found[word] for word in words]


# --- The certificate --------------------------------------------------------------------------


@EACH_DESIGN
@pytest.mark.whole_run
def test_certificate_says_who_what_and_how_to_check(design: str) -> None:
    text = flowing(certificate(design))
    assert (
        f"This is to certify that {NAME} is certified as competent and approved by The AIM Project to use"
        in text
    )
    assert "the AIM3 assessment model" in text
    for fact in (
        "Course AIM3 for youth justice & social work (C00017)",
        "Course ended on 18 November 2026",
        "Associates Ifeoma Adeyemi-Clarke, Gwenllian Pryce",
        "Issued on 22 November 2026",
        "Certificate AIM-000042",
        "aimcert.example/verify 7H2K Q9XW 4M3N TB5R J6PV ZC8D 1E",
    ):
        assert fact in text


def test_each_design_says_what_the_certificate_is_not() -> None:
    first, second = flowing(certificate("certificate")), flowing(certificate())
    assert "What it does not say It speaks of AIM3 alone, not of any other model" in first
    assert "What this certificate covers This certificate is for the AIM3 assessment model" in second
    assert "training others needs a licence" in second
    assert "It does not" not in second


@EACH_DESIGN
# At a hundred dots to an inch, as a page shows it, and as an office prints it.
@pytest.mark.parametrize("scale", [100 / 72, 2, 300 / 72])
def test_certificates_qr_code_names_its_verification_page(design: str, scale: float) -> None:
    image = pypdfium2.PdfDocument(certificate(design))[0].render(scale=scale).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [ADDRESS]


@pytest.mark.parametrize(
    ("design", "codes"),
    [("certificate", "Atkinson-Hyperlegible-Bold"), ("certificate_2", "Atkinson-Hyperlegible-Mono-Bold")],
)
def test_certificate_is_written_in_bundled_fonts_alone(design: str, codes: str) -> None:
    assert fonts_in(certificate(design, name="Żaneta Dvořáková-Ștefănescu")) == {
        "Source-Serif-Latin",
        "Source-Serif-Latin-Italic",
        "Source-Serif-Latin-Semi-Bold",
        "Source-Serif-Latin-Ext-Semi-Bold",
        codes,
    }


def test_groups_of_the_code_stand_below_one_another() -> None:
    groups = ["1111", "WWWW", "IIII", "MMMM", "WWWW", "1111", "1E"]
    text = pypdfium2.PdfDocument(certificate(code_groups=groups))[0].get_textpage()
    first, second = lefts(text, groups[:4]), lefts(text, groups[4:])
    # In points, by the middle of a group's first letter: a letter is 6 wide.
    assert [abs(one - other) < 0.5 for one, other in zip(first, second, strict=False)] == [True] * 3


def lefts(text: Any, line: list[str]) -> list[float]:
    """How far from the left each group of a line of the code begins, by the middle of its first letter."""
    index, _ = text.search(" ".join(line), match_case=True).get_next()
    boxes = [text.get_charbox(index + 5 * number) for number in range(len(line))]
    return [(left + right) / 2 for left, _bottom, right, _top in boxes]


BRANDED = {"mark": "given:mark", "signatory": "Gwenllian Ŵyn ap Siôn", "role": "Director", "signature": ""}


@EACH_DESIGN
@pytest.mark.parametrize("branding", [None, BRANDED])
@pytest.mark.parametrize("name", LONGEST_NAMES)
def test_certificate_holds_the_longest_texts_on_one_page_without_overlap(
    name: str, branding: dict[str, str] | None, design: str
) -> None:
    pdf = certificate(
        design,
        name=name,
        branding=branding,
        course_title="W" * 150,
        associates=["Dr Maria-Theresia von Habsburg-Lothringen"] * 4,
    )
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert "".join(name.split()) in "".join(text_of(pdf).split())
    model, course, number, code = heights(pdf, "assessment", "Course", "AIM-000042", "7H2K")
    # In points: a line of the facts is 14 high, and the hills begin at 102; the second design's is 10, and
    # what it covers begins at 78.
    least, foot = (14, 105) if design == "certificate" else (10, 82)
    assert model > course + least
    assert min(number, code) > foot


@pytest.mark.parametrize("name", ["Li", NAME, "Maximiliana-Bartholomea de la Concepción y Fernández"])
@pytest.mark.parametrize("programme", ["AIM3", "AIM Under 12s: Assessing Children Under Twelve and Families"])
def test_what_is_awarded_stands_in_the_middle(name: str, programme: str) -> None:
    pdf = certificate(name=name, programme_name=programme)
    title, model, course = heights(pdf, "Certificate of", "assessment", "Course")
    # No hole: between the mark, which ends 485 points above the foot, and what the foot begins with.
    above, below = 485 - title, model - course
    assert max(above, below) < 90, (above, below)
    assert min(above, below) > 20, (above, below)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoe\u0308 Ann", {"Zoë Ann", "Zoe\u0308 Ann"}),
        ("ליאת כהן", {"ליאת כהן", "ןהכ תאיל"}),
        ("<script>alert(1)</script>", {"<script>alert(1)</script>"}),
        ("\u202eevil\u202c", {"evil", "live", "\u202eevil\u202c"}),
    ],
)
def test_certificate_shows_unusual_names_as_text(name: str, shown: set[str]) -> None:
    assert any(way in text_of(certificate(name=name)) for way in shown)


# --- The follow-up report -----------------------------------------------------------------------


def test_report_says_of_each_person_what_the_commissioner_is_told() -> None:
    text = flowing(
        report(
            [
                person(),
                person(
                    name="Aisha Rahman",
                    outcome="competent",
                    outcome_words="Competent",
                    certificate="AIM-000042",
                    reasons=[],
                    told="",
                    comment="",
                    steps=[],
                    follow_up="",
                ),
            ]
        )
    )
    for fact in (
        "Organisation Northmoor Council & Partners",
        "C00017, 17 November 2026 to 18 November 2026",
        "Made 22 November 2026, 09:30 (London time)",
        "Made for Margaret Holt (m.holt@northmoor.example)",
        "Confidential: about named people, for Northmoor Council & Partners alone.",
        f"{NAME} Not yet competent Follow-up: Open",
        "Aisha Rahman Competent AIM-000042",
        "Reasons Full attendance; Experience",
        "What we tell you She missed the second afternoon. We suggest <b>Sheffield</b>.",
        "The person’s own comment I was called to a conference.",
        "9 December 2026: Went to Sheffield.",
    ):
        assert fact in text
    assert text.count("Aisha Rahman") == 1


def test_report_without_anyone_says_so() -> None:
    text = flowing(report([]))
    assert "None of your people on this course has a result that can be shown yet." in text
    assert "Person by person" not in text


def test_report_numbers_its_pages_and_repeats_that_it_is_confidential() -> None:
    pages = PdfReader(
        BytesIO(report([person(told="A sentence that is told. " * 40) for _ in range(8)]))
    ).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        text = " ".join(page.extract_text().split())
        assert f"{number} / {len(pages)}" in text
        assert "Confidential: about named people" in text


def test_report_is_written_in_bundled_fonts_alone() -> None:
    fonts = fonts_in(
        report(
            [
                person(
                    name="Żaneta Dvořáková-Ștefănescu",
                    comment="Děkuji — 50 % • … “yes”",
                )
            ]
        )
    )
    assert all(font.startswith(("Source-Serif-", "Atkinson-Hyperlegible")) for font in fonts)


def test_report_holds_a_person_who_fills_more_than_a_page() -> None:
    long = "\n\n".join(f"Paragraph {number}: " + "word " * 60 for number in range(40))
    text = flowing(report([person(told=long, comment="W" * 3000)]))
    assert all(f"Paragraph {number}:" in text for number in range(40))
