"""An admin and whoever runs AIMcert are told what waits, since when and why, and can have it tried again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import deliver_email, retry_letters
from accounts.models import OutgoingEmail
from aimcert.foundation.backlog import LATE, backlogs
from aimcert.foundation.health import PROCESSES
from aimcert.foundation.models import Heartbeat
from certification import actions
from certification.models import CertificateDocument, Report
from certification.states import ReportState
from certification.views.backlog import NAMES
from courses.models import Course
from tests import factories
from tests.stack import Stack

pytestmark = pytest.mark.django_db


def admin_browser() -> Client:
    client = Client()
    client.force_login(factories.admin())
    return client


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def page(browser: Client) -> str:
    return browser.get(reverse("certification:backlog")).text


def alive() -> None:
    for name in PROCESSES:
        Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


@pytest.fixture
def no_folder() -> Iterator[Path]:
    """The folder of files is a file, so that nobody can write into it, root neither; then it is again."""
    folder = Path(settings.FILES_DIR)
    aside = folder.with_name("files-aside")
    folder.mkdir(parents=True, exist_ok=True)
    folder.rename(aside)
    folder.touch()
    yield folder
    if folder.is_file():
        folder.unlink()
        aside.rename(folder)


@pytest.mark.django_db(transaction=True)
def test_folder_that_refuses_writing_is_told_to_everybody_whom_it_concerns(
    no_folder: Path, live_stack: Stack
) -> None:
    start = live_stack.worker.log.stat().st_size
    actions.approve(enrolment=factories.recommended(factories.course()), by=factories.admin())
    document = CertificateDocument.objects.get()

    def refused() -> bool:
        document.refresh_from_db()
        return bool(document.last_error)

    wait_until(refused)
    # The log: when, how grave, which document, which error; no name.
    lines = [
        json.loads(line)
        for line in live_stack.worker.log.read_bytes()[start:].decode().splitlines()
        if line.startswith("{")
    ]
    [line] = [each for each in lines if each["event"] == "document not built"][:1]
    assert (line["document"], line["level"]) == (document.pk, "warning")
    assert line["error"] in ("NotADirectoryError ENOTDIR", "FileExistsError EEXIST")
    assert line["timestamp"]
    assert line["task_id"]
    assert document.certificate.name not in live_stack.worker.log.read_text()
    # The page.
    browser = admin_browser()
    shown = page(browser)
    assert "Certificates to be written" in shown
    assert "The folder of files cannot be written." in shown
    # Monitors, once it has waited for too long; the web is not taken out for it.
    client = Client()
    with time_machine.travel(timezone.now() + LATE + timedelta(minutes=1), tick=False):
        assert client.get("/healthz/backlog").json()["certificates"] is False
        assert client.get("/healthz/web").status_code == 200
    # Mended, and tried again without waiting for the next time.
    no_folder.unlink()
    no_folder.with_name("files-aside").rename(no_folder)
    CertificateDocument.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))
    answer = browser.post(reverse("certification:try_again", args=["certificates"]), follow=True)
    assert "1 is tried again now." in answer.text
    wait_until(lambda: CertificateDocument.objects.filter(built_at__isnull=False).exists())
    again = browser.post(reverse("certification:try_again", args=["certificates"]), follow=True)
    assert "Nothing was waiting for another try." in again.text


def test_every_kind_has_a_name() -> None:
    assert {one.kind for one in backlogs()} == set(NAMES)


NOT_DONE = "Certificates, reports and scans of paper wait at the moment"
LATE_CODES, NO_CODES = "Codes to sign in with are sent late", "Codes to sign in with are not sent"
NO_CLOCK = "What goes by the clock does not happen"


@pytest.mark.parametrize(
    ("silent", "said"),
    [
        ((), set()),
        (("worker",), {NOT_DONE}),
        (("urgent",), {LATE_CODES}),
        (("worker", "urgent"), {NOT_DONE, NO_CODES}),
        # Beat asks the workers for their signs, so that these end with its own.
        (("worker", "urgent", "beat"), {NO_CLOCK}),
    ],
)
def test_page_says_which_work_waits_for_a_process_that_is_silent(
    silent: tuple[str, ...], said: set[str]
) -> None:
    alive()
    Heartbeat.objects.filter(name__in=silent).update(beat_at=timezone.now() - timedelta(hours=1))
    shown = page(admin_browser())
    assert {words for words in (NOT_DONE, LATE_CODES, NO_CODES, NO_CLOCK) if words in shown} == said
    assert shown.count("No sign of life since") == len(said)
    assert ("so do all emails but codes" in shown) is (NOT_DONE in said)


def test_worker_that_was_silent_before_the_clock_is_said_to_be() -> None:
    alive()
    for name, minutes in (("worker", 70), ("urgent", 60), ("beat", 60)):
        Heartbeat.objects.filter(name=name).update(beat_at=timezone.now() - timedelta(minutes=minutes))
    shown = page(admin_browser())
    assert NOT_DONE in shown
    assert NO_CLOCK in shown
    assert "Codes to sign in with are" not in shown


def test_page_accuses_no_worker_that_nothing_asked_yet() -> None:
    shown = page(admin_browser())
    assert shown.count("No sign of life yet") == 1
    assert NO_CLOCK in shown


@pytest.mark.django_db(transaction=True)
def test_worker_that_dies_is_told_from_the_one_for_codes(live_stack: Stack, settings: Any) -> None:
    browser = admin_browser()
    # Twice as often as the test's beat asks, so that a slow machine shows nobody as silent.
    settings.SWEEP_SECONDS = 2
    live_stack.worker.kill()

    def worker_alone_is_said_to_be_silent() -> bool:
        shown = page(browser)
        return NOT_DONE in shown and "Codes to sign in with are" not in shown and NO_CLOCK not in shown

    wait_until(worker_alone_is_said_to_be_silent)
    # As it says, codes go on.
    code = letter(is_urgent=True)
    wait_until(lambda: OutgoingEmail.objects.filter(pk=code.pk, sent_at__isnull=False).exists())
    live_stack.worker.start()


def test_page_says_that_nothing_waits() -> None:
    alive()
    assert "Nothing waits." in page(admin_browser())


def letter(**facts: Any) -> OutgoingEmail:
    return OutgoingEmail.objects.create(to_address="x@people.example", subject="x", text="x", **facts)


def test_page_counts_what_was_tried_in_vain_and_says_why() -> None:
    in_an_hour = timezone.now() + timedelta(hours=1)
    letter(attempts=3, last_error="ConnectionRefusedError ECONNREFUSED", next_attempt_at=in_an_hour)
    letter(attempts=16, last_error="SMTPRecipientsRefused 550")
    letter(attempts=2, last_error="KeyError", next_attempt_at=in_an_hour)
    letter()
    browser = admin_browser()
    shown = page(browser)
    assert "The mail server does not answer." in shown
    assert "refuses the address" in shown
    assert "look up: KeyError" in shown
    [letters] = [one for one in backlogs() if one.kind == "letters"]
    assert (letters.waiting, letters.failing, letters.given_up) == (3, 2, 1)
    answer = browser.post(reverse("certification:try_again", args=["letters"]), follow=True)
    assert "3 are tried again now." in answer.text
    assert OutgoingEmail.objects.waiting(timezone.now()).count() == 4


def test_codes_stand_apart_from_other_letters_and_are_tried_again_apart() -> None:
    in_an_hour = timezone.now() + timedelta(hours=1)
    letter(attempts=3, last_error="KeyError", next_attempt_at=in_an_hour)
    letter(attempts=16, last_error="KeyError", is_urgent=True)
    browser = admin_browser()
    assert reverse("unsent_emails") in page(browser)
    answer = browser.post(reverse("certification:try_again", args=["urgent_letters"]), follow=True)
    assert "1 is tried again now." in answer.text
    [tried] = OutgoingEmail.objects.waiting(timezone.now())
    assert tried.is_urgent
    # And from the given-up letters back to all that waits.
    assert reverse("certification:backlog") in browser.get(reverse("unsent_emails")).text


def test_letter_that_is_being_sent_is_not_sent_twice(mail_server: Any) -> None:
    one = letter()
    OutgoingEmail.objects.update(attempts=1, next_attempt_at=timezone.now() + timedelta(minutes=2))
    assert retry_letters(by=factories.admin()) == 0
    assert deliver_email(letter_id=one.pk) is False
    assert mail_server.messages == []


@pytest.mark.whole_run
def test_report_that_was_given_up_is_tried_again(settings: Any) -> None:
    course: Course = factories.recommended(factories.course()).course
    by = factories.admin()
    report = factories.asked_report(course, by)
    report.give_up()
    report.attempts, report.last_error = 5, "OSError ENOSPC"
    report.save()
    browser = admin_browser()
    assert "The disk is full." in page(browser)
    assert (
        "1 is tried again now."
        in browser.post(reverse("certification:try_again", args=["reports"]), follow=True).text
    )
    report = Report.objects.get(pk=report.pk)
    assert (report.state, report.attempts) == (ReportState.WAITING, 0)
    assert actions.build_report(report_id=report.pk) is True
    assert actions.retry_reports(by=by) == 0


def test_page_asks_as_much_whatever_waits(django_assert_num_queries: Any) -> None:
    browser = admin_browser()
    letter(attempts=3, last_error="KeyError")
    with django_assert_num_queries(11):
        page(browser)
    for number in range(30):
        letter(attempts=3, last_error=f"Error{number}")
    with django_assert_num_queries(11):
        page(browser)


def test_kind_that_is_none_is_not_there() -> None:
    assert admin_browser().post(reverse("certification:try_again", args=["none"])).status_code == 404
