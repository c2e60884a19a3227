"""What authors, Associates and an AIM admin do on pages until a version of a case study is in force."""

from __future__ import annotations

import re

from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.kinds import kind_of
from assessments.case_studies.references import reference_of
from assessments.models import Version
from tests.assessments.case_studies import writing
from tests.journeys.people import heading, press
from tests.kinds import TYPED

TITLE = "Robin, aged 13"
STORY = "Robin stayed **with Nan**.\n\nThe school is Elm Park, Leeds."
STORY_WITHOUT_THE_SCHOOL = "Robin stayed **with Nan**.\n\nThe school asked for advice."


# --- Writing it ---------------------------------------------------------------------------------------


@transaction.atomic
def given_a_draft_that_asks_two_kinds(admin: Person) -> Version:
    """What was written so far: two sections, a written question and a domain profile."""
    version = writing.draft(writing.aim3(), admin)
    kind = kind_of("domain-profile")
    settings = kind.settings_from(TYPED[kind.code], reference_of(version.edition))
    profile = writing.question(title="What do you see in each domain?", kind=kind.code, settings=settings)
    actions.add_question(version=version, content=profile, by=admin)
    return version


def when_the_admin_invites(page: Page, version: Version, associate: Person) -> None:
    page.goto(f"/versions/{version.uuid}/authors/")
    page.get_by_label("Associate", exact=True).select_option(associate.name)
    press(page, "Invite")
    expect(page.get_by_text(f"{associate.name} can write this version now")).to_be_visible()


def open_first_section(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/write/")
    page.get_by_role("link", name="1. Section 1").click()
    heading(page, re.compile("Section 1"))


def when_both_save_the_same_section(first: Page, second: Page, version: Version) -> None:
    for page in (first, second):
        open_first_section(page, version)
    first.get_by_label("Text", exact=True).fill("Robin stayed with Nan.")
    press(first, "Save")
    heading(first, re.compile(TITLE))
    second.get_by_label("Text", exact=True).fill("The school is Elm Park, Leeds.")
    press(second, "Save")


def then_the_second_sees_both_texts_and_keeps_both(page: Page) -> None:
    heading(page, "There are two texts of this passage")
    expect(page.get_by_text("Robin stayed with Nan.")).to_be_visible()
    typed = page.get_by_label("Text", exact=True)
    expect(typed).to_have_value("The school is Elm Park, Leeds.")
    typed.fill(STORY)
    page.get_by_role("button", name="Save this one instead").last.click()
    heading(page, re.compile(TITLE))
    page.get_by_role("link", name=re.compile(r"History\s*: Section 1")).click()
    for words in ("Set aside: typed by Ada Quill", "2: saved by Grace Adeyemi", "3: saved by Ada Quill"):
        expect(page.get_by_text(words)).to_be_visible()


def when_a_question_is_added(page: Page, version: Version, kind: str, title: str, **settings: str) -> None:
    """One with a desirable criterion; `settings` are what its kind asks of its author, by field name."""
    page.goto(f"/versions/{version.uuid}/write/questions/new/")
    page.get_by_label(re.compile(f"^{kind}")).check()
    press(page, "Continue")
    page.get_by_label("Title").fill(title)
    page.get_by_label("What is asked", exact=True).fill("What would you do, and why?")
    for name, typed in settings.items():
        page.locator(f'textarea[name="setting_{name}"]').fill(typed)
    page.get_by_label("Model answer", exact=True).fill("Reasons that begin from need.")
    page.get_by_label("What the marker looks for").fill(f"Reasons from need: {title}")
    page.get_by_label("Desirable").check()
    for level in ("Met", "Partly met", "Not met"):
        page.get_by_label(f"{level} looks like this", exact=True).fill(f"{level}, such as this.")
    page.get_by_role("group", name="Constructs").get_by_label("Developmental").check()
    press(page, "Save")
    heading(page, re.compile(TITLE))


def when_the_admin_proposes(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/write/")
    expect(page.get_by_text("Nothing is missing: it can be proposed.")).to_be_visible()
    press(page, "Propose this version")
    expect(page.get_by_text("This version is proposed")).to_be_visible()


# --- Agreeing to it -----------------------------------------------------------------------------------


def when_they_agree(page: Page, asked: str) -> None:
    """They find it on their home page, where `asked` is what stands."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(asked)).click()
    page.get_by_role("link", name="Agree to this version").click()
    page.get_by_label(re.compile("I agree to train and to mark with it as it stands")).check()
    press(page, "I agree")
    expect(page.get_by_text("You agreed to this text")).to_be_visible()


def when_they_object_to_the_first_section(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/agreement/")
    page.get_by_role("link", name="Object to a passage").click()
    page.get_by_label("Which passage do you object to?").select_option(label="Section 1: Section 1")
    page.get_by_label("What should change, and why?").fill("It names a school. No place should be real.")
    press(page, "Send this objection")
    expect(page.get_by_text("Your objection stands until you withdraw it.")).to_be_visible()


def when_an_author_answers_and_changes_the_passage(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/agreement/")
    page.get_by_role("article").get_by_role("link", name="Section 1").click()
    page.get_by_label("Your answer").fill("You are right: the school has no name now.")
    press(page, "Send this answer")
    expect(page.get_by_text("Your answer is kept")).to_be_visible()
    open_first_section(page, version)
    page.get_by_label("Text", exact=True).fill(STORY_WITHOUT_THE_SCHOOL)
    press(page, "Save")
    heading(page, re.compile(TITLE))


def then_everyone_says(page: Page, version: Version, said: dict[str, str], *, agreed: int) -> None:
    page.goto(f"/versions/{version.uuid}/agreement/")
    expect(page.get_by_text(f"{agreed} of 3 licensed Associates have agreed.")).to_be_visible()
    for name, words in said.items():
        expect(page.get_by_role("row", name=re.compile(name))).to_contain_text(words)


def then_it_cannot_be_frozen(page: Page) -> None:
    page.get_by_role("link", name="What is missing before it can be frozen").click()
    heading(page, re.compile("Freeze this version"))
    expect(page.get_by_text("Ruth Calder agreed to an earlier text.")).to_be_visible()
    expect(page.get_by_role("button", name="Freeze this version")).to_have_count(0)


def when_the_objector_withdraws(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/agreement/")
    page.get_by_role("article").get_by_role("link", name="Section 1").click()
    expect(page.get_by_text("You are right: the school has no name now.")).to_be_visible()
    expect(page.locator("del", has_text="Elm Park")).to_be_visible()
    press(page, "Withdraw my objection")
    expect(page.get_by_text("Your objection is withdrawn.")).to_be_visible()


def when_the_admin_freezes_it(page: Page, version: Version) -> str:
    """Returns the fingerprint that stands on the version's page from then on."""
    page.goto(f"/versions/{version.uuid}/agreement/")
    expect(page.get_by_text("Everybody has agreed, and no objection stands.")).to_be_visible()
    page.get_by_role("link", name="Freeze this version").click()
    press(page, "Freeze this version")
    expect(page.get_by_text("Nothing in it can change.")).to_be_visible()
    page.get_by_role("link", name="Read", exact=True).click()
    return page.locator("code.fingerprint").text_content() or ""
