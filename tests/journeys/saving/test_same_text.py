"""Browser and server keep the same text of an answer, byte for byte, of every kind and however awkward."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from assessments.actions.texts import TextRefused, kept_of
from assessments.kinds import KINDS, Kind
from assessments.models import Question
from courses.models import Enrolment
from tests import factories
from tests.environment import ROOT

pytestmark = pytest.mark.django_db
SCRIPT = (ROOT / "static" / "js" / "answering" / "text.js").read_text()
AWKWARD = [
    "Two\r\nlines\rand\nthree",
    "  spaces around  \n",
    "👍🏽 emoji 👩‍👩‍👧 and Zoë",
    "line\u2028and\u2029paragraph",
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
REFUSED = ["one\x00two", "one\ud83dtwo", "\udc4d", "bell\x07", "next\x85line"]


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page of a secure origin, with nothing on it but what a test puts there."""
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page = context.new_page()
    page.goto("http://127.0.0.1/")
    page.add_script_tag(content=SCRIPT)
    yield page
    context.close()


@pytest.fixture
def enrolment(kind: Kind) -> Enrolment:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, kinds=[kind.code])
    course = factories.course(programme=programme)
    factories.sitting(course)
    return factories.enrolment(course, attended=True)


def shown(page: Page, enrolment: Enrolment) -> None:
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
    shown(page, enrolment)
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


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_what_cannot_be_kept_is_refused_and_never_looks_saved(
    page: Page, enrolment: Enrolment, kind: Kind
) -> None:
    shown(page, enrolment)
    question = Question.objects.get()
    name = next(field.name for field in kind.fields(question.settings) if field.is_text)
    for text in REFUSED:
        with pytest.raises(TextRefused):
            kept_of(question, {name: text})
