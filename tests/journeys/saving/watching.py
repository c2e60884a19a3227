"""What a page claimed at each moment, and whether it was true."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256

from playwright.sync_api import BrowserContext, Page, expect

from assessments.models import AcknowledgedSave, Answer
from courses.models import Enrolment

# Tells every sentence of the status line, and what the page held at that moment, also after each key.
_WATCH = """
(() => {
  const tell = () => {
    const line = document.querySelector("[data-save-words]");
    const held = document.querySelector("#answer");
    if (line && held && line.textContent) window.claimed(line.textContent, held.value);
  };
  document.addEventListener("DOMContentLoaded", () => {
    const line = document.querySelector("[data-save-words]");
    if (line) new MutationObserver(tell).observe(line, { childList: true, characterData: true });
  });
  document.addEventListener("input", () => setTimeout(tell));
})();
"""


@dataclass
class Claims:
    """Every claim of one person's pages, in order: the words, and the text that they were about."""

    enrolment: Enrolment
    made: list[tuple[str, str]] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.expose_function("claimed", lambda words, held: self.made.append((words, held)))
        context.add_init_script(_WATCH)

    def must_be_true(self) -> None:
        """Whatever was called saved was acknowledged, to the letter: its SHA-256 stands in the database."""
        known = {
            save.sha256 for save in AcknowledgedSave.objects.filter(submission__enrolment=self.enrolment)
        }
        known |= {
            sha256(answer.text.encode()).hexdigest()
            for answer in Answer.objects.filter(submission__enrolment=self.enrolment)
        }
        assert self.made, "nothing was claimed"
        for words, held in self.made:
            if re.match(r"Saved \d|What you see here is saved", words):
                assert sha256(held.encode()).hexdigest() in known, (words, held)

    def said(self, words: str) -> bool:
        return any(words in each for each, _held in self.made)


def line(page: Page) -> str:
    """What the status line says."""
    return page.locator("[data-save-words]").inner_text()


def then_it_says(page: Page, words: str | re.Pattern[str], *, timeout: float = 15_000) -> None:
    expect(page.locator("[data-save-words]")).to_have_text(
        words if isinstance(words, re.Pattern) else re.compile(re.escape(words)), timeout=timeout
    )


def then_it_is_saved(page: Page, *, timeout: float = 20_000) -> None:
    saved = r"^(Saved \d\d:\d\d( \(\w+\stime\))?|What you see here is saved\..*)$"
    then_it_says(page, re.compile(saved), timeout=timeout)


def saved_text(enrolment: Enrolment, number: int = 1) -> str:
    """What the server holds as the answer."""
    answer = Answer.objects.filter(submission__enrolment=enrolment, question__number=number).first()
    return answer.text if answer else ""
