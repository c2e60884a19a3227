"""What is sent as a scan is taken as it came, and read by a worker: kept anew, or said why it is not."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Person
from assessments.answering import actions
from assessments.answering.scans import ScanRefused
from assessments.models import Scan, ScanUpload, Transcription
from assessments.periodic import sweep_scans
from courses.models import Enrolment
from tests import factories
from tests.paper import scan_of_paper
from tests.stack import StackProcess, wait_until

pytestmark = pytest.mark.django_db

BOMB = b"\x89PNG\r\n\x1a\n" + bytes(60)


@pytest.fixture
def trainer(enrolment: Enrolment) -> Person:
    return factories.trainer_of(enrolment.course)


@pytest.fixture
def enrolment() -> Enrolment:
    return factories.enrolment(factories.course())


@pytest.fixture
def row(enrolment: Enrolment, trainer: Person) -> Transcription:
    row = actions.begin_transcription(enrolment=enrolment, reason="No network.", by=trainer)
    for number in (1, 2):
        actions.type_answer(
            transcription=row,
            number=number,
            values={"text": "On paper."},
            is_blank=False,
            base_revision=0,
            by=trainer,
        )
    return row


def receive(row: Transcription, *contents: bytes) -> list[ScanUpload]:
    sheets = [actions.Sheet(content, f"sheet-{n}.pdf") for n, content in enumerate(contents, start=1)]
    return actions.receive_scans(transcription=row, sheets=sheets, by=row.begun_by)


def read(upload: ScanUpload) -> ScanUpload:
    assert actions.read_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def again(upload: ScanUpload) -> None:
    """Its next attempt is due."""
    ScanUpload.objects.filter(pk=upload.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def file(content: bytes, name: str = "sheet.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_nothing_is_decoded_before_a_worker_reads_it(
    row: Transcription, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page takes what would decode into gigabytes without opening it."""
    monkeypatch.setattr(Image, "open", None)
    monkeypatch.setattr("assessments.answering.actions.scanning.read_scan", None)
    [upload] = receive(row, BOMB)
    with default_storage.open(upload.file) as kept:
        assert kept.read() == BOMB
    assert not Scan.objects.exists()


def test_what_was_read_is_a_scan_and_what_came_is_deleted(row: Transcription) -> None:
    [upload] = receive(row, scan_of_paper("SECRET-SUBJECT", pages=2))
    came = upload.file
    assert default_storage.exists(came)
    read(upload)
    assert upload.scan is not None
    assert (upload.scan.pages, upload.scan.added_by, upload.file) == (2, row.begun_by, "")
    assert not default_storage.exists(came)
    with default_storage.open(upload.scan.file) as kept:
        assert b"SECRET-SUBJECT" not in kept.read()
    # Run twice, one effect.
    assert not actions.read_upload(upload_id=upload.pk)
    assert Scan.objects.count() == 1


def test_what_cannot_be_kept_says_why_until_it_is_removed(
    row: Transcription, enrolment: Enrolment, trainer: Person
) -> None:
    [upload] = receive(row, BOMB)
    came = upload.file
    read(upload)
    assert (upload.refused, upload.scan) == ("damaged picture", None)
    assert not default_storage.exists(came)
    client = browser(trainer)
    page = client.get(reverse("assessments:transcription", args=[enrolment.uuid])).text
    assert "sheet-1.pdf: This picture is damaged and cannot be read. Take it again." in page
    with pytest.raises(actions.CannotTranscribe, match="could not be kept"):
        actions.hand_over(transcription=row, by=trainer)
    done = client.post(reverse("assessments:transcription_done", args=[enrolment.uuid]), follow=True)
    assert "could not be kept" in done.text
    remove = reverse("assessments:transcription_scan_remove", args=[enrolment.uuid, upload.uuid])
    assert client.post(remove).status_code == 302
    assert client.post(remove).status_code == 404
    assert "damaged" not in client.get(reverse("assessments:transcription", args=[enrolment.uuid])).text


def test_nothing_is_handed_over_while_a_scan_is_being_read(row: Transcription, trainer: Person) -> None:
    [upload] = receive(row, scan_of_paper())
    with pytest.raises(actions.CannotTranscribe, match="still being read"):
        actions.hand_over(transcription=row, by=trainer)
    read(upload)
    assert actions.hand_over(transcription=row, by=trainer).typed_at


def test_ninety_files_at_once_are_refused_before_any_is_read(
    row: Transcription, enrolment: Enrolment, trainer: Person
) -> None:
    url = reverse("assessments:transcription_scans", args=[enrolment.uuid])
    page = browser(trainer).post(url, {"sheets": [file(scan_of_paper(str(n))) for n in range(90)]})
    assert "more than 20 files at once" in page.text
    assert not ScanUpload.objects.exists()


def test_one_paper_has_sixty_files_at_most_whatever_they_became(row: Transcription) -> None:
    for first in (0, 20, 40):
        receive(row, *(scan_of_paper(str(first + n)) for n in range(20)))
    with pytest.raises(ScanRefused, match="more than 60 files"):
        receive(row, scan_of_paper("one more"))


def test_files_are_taken_all_or_none(row: Transcription) -> None:
    with pytest.raises(ScanRefused, match="neither a PDF"):
        receive(row, scan_of_paper(), b"<html>")
    assert not ScanUpload.objects.exists()


def test_the_same_file_again_is_the_row_that_there_is(row: Transcription) -> None:
    [upload] = receive(row, scan_of_paper())
    assert receive(row, scan_of_paper()) == [upload]
    read(upload)
    assert receive(row, scan_of_paper()) == [upload]


def test_once_removed_a_file_can_be_added_again(row: Transcription) -> None:
    [upload] = receive(row, scan_of_paper())
    actions.remove_scan(scan=read(upload).scan, by=row.begun_by)
    assert not ScanUpload.objects.exists()
    assert read(*receive(row, scan_of_paper())).scan


@pytest.mark.django_db(transaction=True)
def test_what_is_given_up_or_removed_while_it_is_read_leaves_no_file(
    enrolment: Enrolment, row: Transcription, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = receive(row, scan_of_paper("a"), scan_of_paper("b"))
    stored: list[str] = []
    really_store = actions.scanning.store

    def meanwhile(content: bytes, *, suffix: str) -> Any:
        kept = really_store(content, suffix=suffix)
        stored.append(kept.name)
        ScanUpload.objects.filter(pk=uploads[0].pk).exists() and actions.remove_upload(
            upload=uploads[0], by=row.begun_by
        )
        return kept

    monkeypatch.setattr("assessments.answering.actions.scanning.store", meanwhile)
    assert not actions.read_upload(upload_id=uploads[0].pk)
    actions.give_up_transcription(transcription=row, by=row.begun_by)
    assert not actions.read_upload(upload_id=uploads[1].pk)
    assert stored
    assert not any(default_storage.exists(name) for name in (*stored, *(one.file for one in uploads)))
    assert not ScanUpload.objects.exists()


def test_a_reader_that_dies_thrice_is_not_tried_for_ever(
    row: Transcription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.answering.scans.sys.executable", "/bin/false")
    [upload] = receive(row, scan_of_paper())
    for _ in range(2):
        assert not actions.read_upload(upload_id=upload.pk)
        assert not actions.read_upload(upload_id=upload.pk)  # another worker has it for now
        again(upload)
    assert read(upload).refused == "heavy"


def test_a_file_that_is_gone_is_asked_for_again(row: Transcription) -> None:
    [upload] = receive(row, scan_of_paper())
    default_storage.delete(upload.file)
    assert read(upload).refused == "lost"


def test_the_sweep_reads_what_a_lost_message_left_and_deletes_what_a_dead_worker_left(
    row: Transcription, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = receive(row, scan_of_paper("a"), scan_of_paper("b"))
    with monkeypatch.context() as patch:
        patch.setattr("assessments.answering.actions.scanning._forget", lambda upload: None)
        read(first)
    assert default_storage.exists(first.file)
    assert sweep_scans() == 1
    assert not default_storage.exists(first.file)
    second.refresh_from_db()
    assert second.scan
    assert sweep_scans() == 0


def test_postgresql_holds_that_what_was_read_is_kept_or_refused(row: Transcription) -> None:
    [upload] = receive(row, scan_of_paper())
    for wrong in (
        {"read_at": timezone.now()},
        {"refused": "damaged"},
        {"file": ""},
        {"sha256": "x"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ScanUpload.objects.filter(pk=upload.pk).update(**wrong)


def test_the_page_loads_itself_while_a_file_is_read(
    row: Transcription, enrolment: Enrolment, trainer: Person
) -> None:
    client, url = browser(trainer), reverse("assessments:transcription", args=[enrolment.uuid])
    [upload] = receive(row, scan_of_paper())
    page = client.get(url).text
    assert "Being read" in page
    assert "every 1500ms" in page
    read(upload)
    page = client.get(url).text
    assert "PDF, 1 page" in page
    assert "every 1500ms" not in page


@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_what_a_page_was_sent(
    enrolment: Enrolment, trainer: Person, row: Transcription, celery_worker: StackProcess
) -> None:
    photograph = BytesIO()
    Image.new("RGB", (600, 800), "white").save(photograph, "JPEG")
    url = reverse("assessments:transcription_scans", args=[enrolment.uuid])
    sheets = [file(scan_of_paper()), file(photograph.getvalue(), "page 2.jpg")]
    assert browser(trainer).post(url, {"sheets": sheets}).status_code == 302
    wait_until(lambda: Scan.objects.count() == 2)
    assert set(Scan.objects.values_list("content_type", flat=True)) == {"application/pdf", "image/jpeg"}
