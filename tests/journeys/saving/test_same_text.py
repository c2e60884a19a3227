"""Browser and server keep the same text of an answer, byte for byte, of every kind and however awkward."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from assessments.case_studies.actions.texts import kept, kept_of
from assessments.case_studies.kinds import KINDS, Kind
from assessments.models import Question
from courses.models import Enrolment
from tests import factories
from tests.environment import ROOT

pytestmark = pytest.mark.django_db
# As a module, and with what it exports within reach of a test.
SCRIPT = (ROOT / "static" / "js" / "answering" / "text.js").read_text()
SCRIPT += "globalThis.AIMcert = { Fields, canonical, sha256 };"
AWKWARD = [
    "Two\r\nlines\rand\nthree",
    "  spaces around  \n",
    "👍🏽 emoji 👩‍👩‍👧 and Zoë",
    "line\u2028and\u2029paragraph\vtab\fpage\x85end",
    "nul\x00bell\x07escape\x1b",
    "\"quotes\" 'single' “curly” \\ back / slash",
    "a tab\there, and <b>&amp;</b>",
    "\ufeff",
    "\u3000\u2003\u00a0\n",
    "\u180e\u200b",
    "\u3164\u2800 \u0301",
    "\U000e0041\ufe0f\U0001d173",
    "",
    "אבג العربية\u202e",
    "e\u0301 and é",
]


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page of a secure origin, with nothing on it but what a test puts there."""
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page = context.new_page()
    page.goto("http://127.0.0.1/")
    page.add_script_tag(content=SCRIPT, type="module")
    page.wait_for_function("globalThis.AIMcert")
    yield page
    context.close()


@pytest.fixture
def enrolment(kind: Kind) -> Enrolment:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, kinds=[kind.code])
    course = factories.course(programme=programme)
    factories.sitting(course)
    return factories.enrolment(course, attended=True)


def show_fields(page: Page, enrolment: Enrolment) -> None:
    """Show the real question page, as the server writes it."""
    client = Client()
    client.force_login(enrolment.person)
    html = client.get(f"/my/{enrolment.uuid}/questions/1/").content.decode()
    page.evaluate(
        """html => {
            const read = new DOMParser().parseFromString(html, "text/html");
            document.body.replaceChildren(read.querySelector("[data-answering]"));
            globalThis.fields = new AIMcert.Fields(document.querySelector("[data-answering]"));
        }""",
        html,
    )


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_browser_keeps_what_the_server_keeps(page: Page, enrolment: Enrolment, kind: Kind) -> None:
    show_fields(page, enrolment)
    question = Question.objects.get()
    fields = kind.fields(question.settings)
    for number, text in enumerate(AWKWARD):
        # Another choice and other texts each time; some fields stay empty.
        values = {
            field.name: (
                ("" if (number + place) % 3 == 2 else text)
                if field.is_text
                else " ".join(reversed([option.value for option in field.options][: 1 + number % 3]))
                if field.shape.value == "several"
                else field.options[number % len(field.options)].value
            )
            for place, field in enumerate(fields)
        }
        held, ours, digest = page.evaluate(
            """async values => {
                fields.put(values);
                const text = fields.text();
                return [fields.values(), text, await AIMcert.sha256(text)];
            }""",
            values,
        )
        kept = kept_of(question, held)
        assert ours == kept
        assert digest == sha256(kept.encode()).hexdigest()
        # And of what never went through a field: an entry of the journal.
        assert page.evaluate(
            "([values, isPlain]) => AIMcert.canonical(values, isPlain)", [held, kind.code == "written"]
        ) == kept_of(question, held)


# Everything that can be pasted and is no letter, beside what makes pairs of it.
ODD = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA1), 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xD83D, 0xDC4D]))
PASTED = st.text(st.one_of(st.sampled_from(ODD + "ab é"), st.characters()), max_size=12)


def _units(text: str) -> list[int]:
    """As a browser holds it: halves of a pair that stand together are one character."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


def _text(units: list[int]) -> str:
    raw = b"".join(unit.to_bytes(2, "little") for unit in units)
    return raw.decode("utf-16-le", "surrogatepass")


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@example([f"a{sign}b" for sign in ODD] + [one + other for one in "\r\n\x00\v" for other in "\r\n\x00\v"])
@given(st.lists(PASTED, max_size=60))
def test_browser_and_server_lay_out_the_same_text(page: Page, texts: list[str]) -> None:
    found = page.evaluate(
        """texts => texts.map(units => {
            const text = AIMcert.canonical({ text: String.fromCharCode(...units) }, true);
            return [...Array(text.length).keys()].map(at => text.charCodeAt(at));
        })""",
        [_units(text) for text in texts],
    )
    for text, units in zip(texts, found, strict=True):
        ours = kept(_text(_units(text)))
        assert _text(units) == ours
        # What is kept is kept as it is, by UTF-8 and PostgreSQL too.
        assert kept(ours) == ours
        assert "\0" not in ours.encode().decode()


def test_text_pasted_out_of_word_stands_on_the_page_as_it_is_kept(page: Page) -> None:
    shown = page.evaluate(
        """() => {
            document.body.innerHTML = "<form><textarea name=text></textarea></form>";
            const fields = new AIMcert.Fields(document.querySelector("form"));
            const [area] = fields.all;
            area.value = "one\v\x00two\u2028three";
            area.setSelectionRange(5, 8);
            fields.layOut(area);
            return [area.value, area.selectionStart, area.selectionEnd, fields.values().text];
        }"""
    )
    assert shown == ["one\ntwo\nthree", 4, 7, "one\ntwo\nthree"]
