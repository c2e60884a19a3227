"""The pages of paper: codes, booklets, typing in, scans and comparing."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Person
from assessments.answering import actions
from assessments.answering.codes import said_code
from assessments.models import Booklet, Scan, Submission, Transcription
from assessments.periodic import sweep_scans
from courses.models import Course, Enrolment
from tests import factories
from tests.paper import attach, scan_of_paper, typed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"assessments:{name}", args=args)


@pytest.fixture
def course() -> Course:
    made = factories.course()
    factories.sitting(made)
    return made


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return factories.enrolment(course)


def file(content: bytes, name: str = "scan.pdf", kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def test_codes_are_given_booklets_printed_and_found_again(course: Course, enrolment: Enrolment) -> None:
    trainer = browser(factories.trainer_of(course))
    page = at("paper", course.uuid)
    assert "1 person has no code yet." in trainer.get(page).text
    trainer.post(at("paper_codes", course.uuid))
    code = said_code(Booklet.objects.get().code)
    text = trainer.get(page).text
    assert code in text
    assert "Everyone’s booklets (PDF)" in text
    for url in (at("paper_booklets", course.uuid), at("paper_booklet", course.uuid, enrolment.uuid)):
        response = trainer.get(url)
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF-")
    for part in ("0", "2", "x", "-1", "9999999"):
        assert trainer.get(at("paper_booklets", course.uuid), {"part": part}).status_code == 404
    found = trainer.get(page, {"code": code.lower()})
    assert found["Location"] == at("transcription", enrolment.uuid)
    assert "one letter may be wrong" in trainer.get(page, {"code": "ABCD"}).text
    other = factories.enrolment(factories.course())
    Booklet.objects.create(enrolment=other, code="AAAAAAAA", made_by=other.person)
    assert "Nobody on this course" in trainer.get(page, {"code": "AAAAAAAA"}).text


def test_no_code_is_offered_to_who_submitted_online(course: Course, enrolment: Enrolment) -> None:
    factories.submission(enrolment)
    trainer = browser(factories.trainer_of(course))
    text = trainer.get(at("paper", course.uuid)).text
    assert "Submitted online" in text
    assert "no code yet" not in text
    assert "Give everyone a code" not in text
    # A press on a page that stood open before: nobody gets one.
    trainer.post(at("paper_codes", course.uuid))
    assert not Booklet.objects.exists()


def test_booklet_of_who_submitted_online_is_printed_no_more(course: Course, enrolment: Enrolment) -> None:
    trainer = browser(factories.trainer_of(course))
    trainer.post(at("paper_codes", course.uuid))
    printed = at("paper_booklet", course.uuid, enrolment.uuid)
    assert printed in trainer.get(at("paper", course.uuid)).text
    factories.submission(enrolment)
    page = trainer.get(at("paper", course.uuid)).text
    assert said_code(Booklet.objects.get().code) in page
    assert printed not in page
    assert "Everyone’s booklets" not in page
    for url in (printed, at("paper_booklets", course.uuid)):
        assert trainer.get(url).status_code == 404


@pytest.mark.whole_run
def test_paper_is_typed_in_scanned_compared_and_marked(course: Course, enrolment: Enrolment) -> None:
    trainer, person = browser(factories.trainer_of(course)), browser(enrolment.person)
    page = at("transcription", enrolment.uuid)
    assert "Say why" in trainer.post(page).content.decode()
    trainer.post(page, {"reason": "No network."})
    answer = at("transcription_question", enrolment.uuid, 1)
    first = trainer.post(answer, {"text": "From the paper.", "base_revision": "0", "then": "next"})
    assert first["Location"] == at("transcription_question", enrolment.uuid, 2)
    stale = trainer.post(answer, {"text": "Another tab.", "base_revision": "0"})
    assert stale.status_code == 409
    assert "Another tab." in stale.content.decode()
    trainer.post(at("transcription_question", enrolment.uuid, 2), {"is_blank": "on", "base_revision": "0"})
    assert trainer.post(at("transcription_done", enrolment.uuid)).status_code == 409
    scans = at("transcription_scans", enrolment.uuid)
    trainer.post(scans, {"sheets": [file(scan_of_paper("a")), file(scan_of_paper("b"))]})
    assert sweep_scans() == Scan.objects.count() == 2
    trainer.post(at("transcription_done", enrolment.uuid))
    assert "Compare answers that were typed in" in person.get(reverse("home")).text
    assert "Compare answers that were typed in" not in trainer.get(reverse("home")).text
    listed = person.get(at("papers_to_check")).text
    check = at("transcription_check", enrolment.uuid)
    assert check in listed
    assert "From the paper." in person.get(check).text
    assert (
        "You typed this yourself"
        in trainer.post(check, {"do": "submit", "same": "on", "signed": "on"}).content.decode()
    )
    assert not Submission.objects.exists()
    person.post(check, {"do": "submit", "same": "on", "signed": "on"})
    receipt = person.get(at("receipt", enrolment.uuid)).text
    assert "to the letter, what you submitted" in receipt
    assert f"Typed in by {factories.trainer_of(course).name}" in receipt
    marked = trainer.get(at("mark", course.uuid, enrolment.uuid)).text
    assert "From the paper." in marked
    assert f"compared with the paper by {enrolment.person.name}" in marked
    text = person.get(at("answers_text", enrolment.uuid))
    assert text.content.startswith(b"AIMcert submission, form 2\n")


def test_what_is_no_scan_is_refused_in_words_and_leaves_nothing(
    course: Course, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Whoever wrote a temporary file would find no folder for it.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    trainer = browser(factories.trainer_of(course))
    row = actions.begin_transcription(
        enrolment=enrolment, reason="No network.", by=factories.trainer_of(course)
    )
    url = at("transcription_scans", enrolment.uuid)
    page = trainer.post(url, {"sheets": [file(b"<html><script>alert(1)</script>", "scan.pdf")]})
    assert "neither a PDF, nor a JPEG or PNG" in page.content.decode()
    assert "Choose a file." in trainer.post(url).content.decode()
    assert "empty" in trainer.post(url, {"sheets": [file(b"")]}).content.decode()
    too_large = trainer.post(url, {"sheets": [file(b"%PDF-" + bytes(16 * 1024 * 1024))]})
    assert too_large.status_code == 413
    together = [file(b"%PDF-" + bytes(9 * 1024 * 1024)) for _ in range(2)]
    assert trainer.post(url, {"sheets": together}).status_code == 413
    assert not row.scans.exists()


def test_a_scan_is_only_ever_saved_to_a_disk(course: Course, enrolment: Enrolment) -> None:
    trainer = browser(factories.trainer_of(course))
    by = factories.trainer_of(course)
    row = actions.begin_transcription(enrolment=enrolment, reason="No network.", by=by)
    written = BytesIO()
    Image.new("RGB", (9, 9)).save(written, "PNG")
    [scan] = attach(row, written.getvalue(), by=by)
    response = trainer.get(at("transcription_scan", enrolment.uuid, scan.uuid))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response)  # type: ignore[arg-type]


def test_a_scan_is_read_by_who_may_read_that_submission_alone(course: Course, enrolment: Enrolment) -> None:
    typed_in(enrolment)
    scan = Scan.objects.get()
    url = at("transcription_scan", enrolment.uuid, scan.uuid)
    other = factories.enrolment(course)
    assert course.organisation is not None
    statuses = {
        person: browser(person).get(url).status_code
        for person in (
            enrolment.person,
            factories.trainer_of(course),
            factories.admin(),
            other.person,
            factories.commissioner(course.organisation),
        )
    }
    assert list(statuses.values()) == [200, 200, 200, 404, 403]
    # By way of one's own paper neither.
    mine = at("transcription_scan", other.uuid, scan.uuid)
    assert browser(other.person).get(mine).status_code == 404


def test_giving_up_and_sending_back(course: Course, enrolment: Enrolment) -> None:
    row = typed_in(enrolment)
    person, trainer = browser(enrolment.person), browser(factories.trainer_of(course))
    check = at("transcription_check", enrolment.uuid)
    person.post(check, {"do": "return", "differs": "ONE-WORD-DIFFERS"})
    assert "ONE-WORD-DIFFERS" in trainer.get(at("transcription", enrolment.uuid)).text
    trainer.post(at("transcription_give_up", enrolment.uuid))
    row.refresh_from_db()
    assert row.ended_at
    assert "Begin to type it in" in trainer.get(at("transcription", enrolment.uuid)).text


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_paper_page_takes_the_same_statements_for_any_number(course: Course, rows: int) -> None:
    by = factories.trainer_of(course)
    for _ in range(rows):
        one = factories.enrolment(course)
        Transcription.objects.create(
            enrolment=one, version=course.pin.version, reason="No network.", begun_by=by
        )
    actions.give_codes(course=course, by=by)
    client, url = browser(by), at("paper", course.uuid)
    assert len(statements(lambda: client.get(url))) == 7
