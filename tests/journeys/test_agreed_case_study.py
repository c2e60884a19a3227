"""From two authors' draft to a version that all agreed, which is answered, marked, certified and printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import Person
from assessments.models import Version
from certification.models import Certificate
from courses.models import Course, Enrolment
from tests import factories
from tests.journeys.agreeing import (
    given_a_draft_that_asks_two_kinds,
    then_everyone_says,
    then_it_cannot_be_frozen,
    then_the_second_sees_both_texts_and_keeps_both,
    when_a_question_is_added,
    when_an_author_answers_and_changes_the_passage,
    when_both_save_the_same_section,
    when_the_admin_freezes_it,
    when_the_admin_invites,
    when_the_admin_proposes,
    when_the_objector_withdraws,
    when_they_agree,
    when_they_object_to_the_first_section,
)
from tests.journeys.people import heading, press, sign_in, text_of_pdf
from tests.letters import MailServer

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]
WIDTHS = (1280, 320)
DOMAINS = (
    "Sexual behaviour",
    "Non-sexual behaviour",
    "Developmental",
    "Family and environment",
    "Self-regulation",
)


def then_axe_finds_nothing(page: Page, axe: Axe) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        axe(page)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def downloaded(page: Page, link: Locator) -> bytes:
    """What the link leads to, saved without opening it: a PDF would open in the browser's own viewer."""
    link.evaluate("link => link.setAttribute('download', '')")
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


# --- Using it -----------------------------------------------------------------------------------------


def given_a_complete_draft_of_a_course(version: Version, trainer: Person) -> Course:
    return factories.course(
        programme=version.case_study.programme,
        trainers=[trainer],
        starts=timezone.now() + timedelta(days=1),
        published=False,
    )


def when_the_admin_publishes(page: Page, course: Course, fingerprint: str) -> None:
    page.goto(f"/courses/{course.uuid}/publish/")
    page.get_by_text("Its fingerprint").click()
    expect(page.get_by_text(fingerprint)).to_be_visible()
    press(page, "Publish this course")
    page.goto(f"/courses/{course.uuid}/publish/")
    expect(page.get_by_text(re.compile("Pinned on .* by Grace Adeyemi"))).to_be_visible()


def when_the_day_comes(course: Course, participant: Person) -> Enrolment:
    course.refresh_from_db()
    return factories.enrolment(course, participant, attended=True)


def when_the_trainer_opens_the_questions(page: Page, course: Course) -> None:
    page.goto(f"/courses/{course.uuid}/case-study/")
    press(page, "Release the case study")
    press(page, "Open the questions")
    expect(page.get_by_text("The questions are open")).to_be_visible()


def answer_written(page: Page) -> None:
    page.get_by_label("Your answer").fill("A worried school, and a young person without a plan.")


def answer_domain_profile(page: Page) -> None:
    for domain in DOMAINS:
        group = page.get_by_role("group", name=domain, exact=True)
        group.get_by_label("Concerns").fill(f"A concern: {domain}.")
        group.get_by_label("Strengths").fill(f"A strength: {domain}.")
        group.get_by_label("Some").check()
        group.get_by_label("Why this level").fill(f"Reason both: {domain}.")


def answer_choice(page: Page) -> None:
    page.get_by_label("Ask again").check()
    page.get_by_label("Your reasons").fill("Too little is known to wait.")


def answer_plan(page: Page) -> None:
    for person, stage in (("Robin", "Stage 2"), ("Nan", "Stage 1")):
        group = page.get_by_role("group", name=person, exact=True)
        group.get_by_role("radio", name=re.compile(f"^{stage}")).check()
        group.get_by_label("Safety plan").check()
        group.get_by_label("Why this stage").fill(f"What {person} needs first.")
        group.get_by_label("Goals").fill(f"“I know whom to call”, says {person}.")


# In the order of the version's questions.
ANSWERS = (answer_written, answer_domain_profile, answer_choice, answer_plan)


def when_the_participant_answers(page: Page, enrolment: Enrolment, axe: Axe) -> None:
    page.goto(f"/my/{enrolment.uuid}/questions/1/")
    for number, answer in enumerate(ANSWERS, start=1):
        expect(page.get_by_text(f"Question {number} of 4")).to_be_visible()
        answer(page)
        if answer is answer_plan:
            then_axe_finds_nothing(page, axe)
        press(page, "Save and continue")
    heading(page, re.compile("Check your answers"))
    press(page, "Continue to the declaration")
    page.get_by_role("checkbox").check()
    press(page, "Submit my answers")
    heading(page, "Your answers are submitted")


def when_the_trainer_marks(page: Page, course: Course, enrolment: Enrolment, axe: Axe) -> None:
    page.goto(f"/courses/{course.uuid}/marking/{enrolment.uuid}/")
    for words in (
        "A worried school",
        "Reason both: Self-regulation.",
        "Too little is known",
        "says Robin",
    ):
        expect(page.get_by_text(words)).to_be_visible()
    then_axe_finds_nothing(page, axe)
    for met in page.locator('input[type=radio][name^="judged_"][value="met"]').all():
        met.check(force=True)
    press(page, "Save, outcome")
    heading(page, re.compile("Outcome"))


def when_the_participant_becomes_certified(trainer: Page, admin: Page) -> None:
    press(trainer, "Recommend competent")
    press(trainer, "Finalise the outcome")
    heading(trainer, re.compile("Outcome finalised"))
    admin.goto("/approvals/")
    admin.get_by_role("link", name=re.compile("AIM3, Leeds")).first.click()
    admin.get_by_role("link", name=re.compile("Approve 1 eligible person")).click()
    admin.get_by_role("button", name=re.compile("^Approve")).click()
    expect(admin.get_by_text("Tomasz Wilk").first).to_be_visible()


# --- One fingerprint ----------------------------------------------------------------------------------


def then_the_booklet_has_it(page: Page, version: Version, fingerprint: str) -> None:
    page.goto(f"/versions/{version.uuid}/")
    expect(page.locator("code.fingerprint")).to_have_text(fingerprint)
    printed = text_of_pdf(downloaded(page, page.get_by_role("link", name="the participant’s booklet")))
    assert f"Fingerprint {fingerprint}" in printed
    assert "The school asked for advice." in printed
    assert "Elm Park" not in printed


def then_what_was_submitted_has_it(page: Page, enrolment: Enrolment, fingerprint: str) -> None:
    page.goto(f"/my/{enrolment.uuid}/receipt/")
    kept = downloaded(page, page.get_by_role("link", name="Download what I submitted"))
    assert f"version {fingerprint}" in kept.decode().splitlines()
    expect(page.get_by_text(sha256(kept).hexdigest())).to_be_visible()


def then_the_certificates_record_has_it(enrolment: Enrolment, fingerprint: str) -> None:
    assert Certificate.objects.get(enrolment=enrolment).version_fingerprint == fingerprint


def test_version_that_all_agreed_is_the_one_that_is_answered_marked_and_printed(
    new_page: OpenPage, mail_server: MailServer, axe: Axe
) -> None:
    grace = factories.admin(name="Grace Adeyemi", email="grace@aim.example")
    version = given_a_draft_that_asks_two_kinds(grace)
    programme = version.case_study.programme
    ada, ruth, sam = (
        factories.associate(
            programme, country, cleared=False, name=name, email=f"{name[:3].lower()}@people.example"
        )
        for name, country in (("Ada Quill", "GB"), ("Ruth Calder", "GB"), ("Sam Whitlock", "NZ"))
    )
    tomasz = factories.PersonFactory.create(name="Tomasz Wilk", email="tomasz@people.example")
    admin, author, trainer, objector, participant = pages = [new_page() for _ in range(5)]
    for page, person in zip(pages, (grace, ada, ruth, sam, tomasz), strict=True):
        sign_in(page, person.email, mail_server)

    when_the_admin_invites(admin, version, ada)
    when_both_save_the_same_section(admin, author, version)
    then_the_second_sees_both_texts_and_keeps_both(author)
    when_a_question_is_added(
        admin, version, "Choice with reasons", "What would you do first?", options="Wait\nAsk again"
    )
    when_a_question_is_added(
        author,
        version,
        "Intervention plan",
        "Where would you begin?",
        people="Robin | young person\nNan | adults",
    )
    when_the_admin_proposes(admin, version)

    for page in (author, trainer):
        when_they_agree(page, "Read and agree to")
    when_they_object_to_the_first_section(objector, version)
    two_agree = {"Ada Quill": "Agreed", "Ruth Calder": "Agreed", "Sam Whitlock": "Objects"}
    then_everyone_says(admin, version, two_agree, agreed=2)
    when_an_author_answers_and_changes_the_passage(author, version)
    lapsed = dict.fromkeys(("Ada Quill", "Ruth Calder"), "Agreed to an earlier text")
    then_everyone_says(admin, version, {**lapsed, "Sam Whitlock": "Objects"}, agreed=0)
    then_axe_finds_nothing(admin, axe)
    then_it_cannot_be_frozen(admin)
    when_the_objector_withdraws(objector, version)
    when_they_agree(objector, "Read and agree to")
    for page in (author, trainer):
        when_they_agree(page, "Read what changed since you agreed")
    fingerprint = when_the_admin_freezes_it(admin, version)

    course = given_a_complete_draft_of_a_course(version, ruth)
    when_the_admin_publishes(admin, course, fingerprint)
    enrolment = when_the_day_comes(course, tomasz)
    when_the_trainer_opens_the_questions(trainer, course)
    when_the_participant_answers(participant, enrolment, axe)
    when_the_trainer_marks(trainer, course, enrolment, axe)
    when_the_participant_becomes_certified(trainer, admin)

    then_the_booklet_has_it(trainer, version, fingerprint)
    then_what_was_submitted_has_it(participant, enrolment, fingerprint)
    then_the_certificates_record_has_it(enrolment, fingerprint)
