"""A file that the storage lost: who asks for it is told so, and it is made again."""

from __future__ import annotations

import re
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Person
from aimcert.foundation.files import is_stored, open_stored
from certification import actions
from certification.designs import DESIGNS, Design, newest
from certification.documents import certificate_pdf
from certification.models import Certificate, CertificateDocument, Report
from certification.states import ReportFormat, ReportState
from certification.tasks import build_document, build_report, restore_document
from tests import factories
from tests.stack import wait_until

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def kept_apart(tmp_path: Any, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def issued_unbuilt() -> Certificate:
    return actions.approve(enrolment=factories.recommended(factories.course()), by=factories.admin())


def issued() -> Certificate:
    """A certificate whose file is written, and gone again."""
    with transaction.atomic():
        enrolment = factories.recommended(factories.course(), certificate_name="Zoë O’Neill & <Sons>")
        by = factories.admin()
    certificate = actions.approve(enrolment=enrolment, by=by)
    # Here, or by a worker that was quicker.
    deadline = time.monotonic() + 30
    while not certificate.document.file and time.monotonic() < deadline:
        build_document(certificate.document.pk)
        certificate.document.refresh_from_db()
    default_storage.delete(certificate.document.file)
    return certificate


def download(certificate: Certificate) -> Any:
    holder = signed_in(certificate.enrolment.person)
    return holder.get(reverse("certification:download", args=[certificate.uuid]))


def read(name: str) -> bytes:
    with open_stored(name) as file:
        return file.read()


# --- Certificates -------------------------------------------------------------------------------


def test_download_of_a_missing_certificate_says_that_it_is_made_again(kept_apart: None) -> None:
    certificate = issued()
    answer = download(certificate)
    assert answer.status_code == 409
    assert "being made again, exactly as it was" in answer.content.decode()
    assert restore_document(certificate.document.pk) is True
    answer = download(certificate)
    assert answer.status_code == 200
    assert sha256(b"".join(answer.streaming_content)).hexdigest() == certificate.document.sha256


def test_restoring_twice_has_one_effect_and_the_row_never_changes(kept_apart: None) -> None:
    document = issued().document
    before = CertificateDocument.objects.filter(pk=document.pk).values().get()
    assert [restore_document(document.pk), restore_document(document.pk)] == [True, False]
    assert CertificateDocument.objects.filter(pk=document.pk).values().get() == before
    assert sha256(read(document.file)).hexdigest() == document.sha256


def test_another_file_than_the_one_that_was_issued_is_not_kept(
    kept_apart: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = issued()
    monkeypatch.setattr(
        "certification.actions.issuing.certificate_pdf",
        lambda row, **drawn: certificate_pdf(row, **drawn) + b"\n",
    )
    assert restore_document(certificate.document.pk) is False
    assert not is_stored(certificate.document.file)
    assert "cannot be made again as it was" in caplog.text
    assert download(certificate).status_code == 409


@pytest.mark.whole_run
def test_each_is_made_again_by_the_design_that_it_was_made_by(
    kept_apart: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    first = issued()
    made = Path(settings.BASE_DIR) / "templates" / "documents"
    (tmp_path / "anew.html").write_text(
        (made / "certificate.html").read_text().replace("<body>", "<body><p>Drawn anew.</p>")
    )
    (tmp_path / "anew.css").write_text((made / "certificate.css").read_text())
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    monkeypatch.setitem(DESIGNS, newest() + 1, Design("anew.html", "anew.css"))
    second = issued()
    assert [first.document.design, second.document.design] == [newest() - 1, newest()]
    assert [restore_document(one.document.pk) for one in (first, second)] == [True, True]
    words = []
    for certificate in (first, second):
        content = read(certificate.document.file)
        assert sha256(content).hexdigest() == certificate.document.sha256
        words.append(PdfReader(BytesIO(content)).pages[0].extract_text())
    assert ["Drawn anew." in text for text in words] == [False, True]


# Of each design that certificates were drawn by: what it looks like is its own for good. A new layout has
# new files (docs/contributing.md).
AS_THEY_WERE = {
    1: "5fbce9cafd9c347662d41c696a6590eecc3b99d70486e2cb3f193f59dffc62b9",
    2: "d35055f4480cdea168ac599b16304fa246b11a206cf4cc46b091438fa7a18a72",
}


@pytest.mark.parametrize("version", AS_THEY_WERE)
def test_design_stands_as_it_was(version: int) -> None:
    """Word for word; how its source is laid out may change, and is left out."""
    design = DESIGNS[version]
    sources = [get_template(name).template.source for name in (design.template, design.stylesheet)]  # type: ignore[attr-defined]
    drawn = [re.sub(r"{% comment %}.*?{% endcomment %}|/\*.*?\*/|\s", "", one, flags=re.S) for one in sources]
    assert sha256("".join(drawn).encode()).hexdigest() == AS_THEY_WERE[version]


def test_database_refuses_a_document_without_a_design(kept_apart: None) -> None:
    with pytest.raises(IntegrityError, match="certificatedocument_has_design"), transaction.atomic():
        CertificateDocument.objects.filter(pk=issued_unbuilt().document.pk).update(design=0)


def test_what_is_not_built_yet_is_not_restored(kept_apart: None) -> None:
    certificate = issued_unbuilt()
    assert restore_document(certificate.document.pk) is False
    assert restore_document(123456) is False


def test_asking_for_it_wakes_the_worker(celery_worker: Any, transactional_db: None) -> None:
    certificate = issued()
    assert download(certificate).status_code == 409
    wait_until(lambda: is_stored(certificate.document.file))
    assert sha256(read(certificate.document.file)).hexdigest() == certificate.document.sha256


# --- Reports --------------------------------------------------------------------------------------


@pytest.fixture
def commissioner(db: None) -> Person:
    return factories.commissioner(factories.OrganisationFactory())


@pytest.fixture
def report(kept_apart: None, commissioner: Person) -> Report:
    """A report that is built, and whose file is gone."""
    course = factories.course(organisation=commissioner.memberships.get().organisation)
    factories.enrolment(course, factories.PersonFactory(name="Ann Swered"))
    asked = factories.asked_report(course, commissioner, format=ReportFormat.XLSX)
    build_report(asked.pk)
    asked = Report.objects.get(pk=asked.pk)
    default_storage.delete(asked.file)
    return asked


def test_download_of_a_missing_report_says_that_it_is_built_again(
    report: Report, commissioner: Person
) -> None:
    client = signed_in(commissioner)
    address = reverse("certification:report_download", args=[report.uuid])
    answer = client.get(address)
    assert answer.status_code == 409
    assert "it is being made again" in answer.content.decode()
    waiting = Report.objects.get(pk=report.pk)
    assert (waiting.state, waiting.attempts, waiting.file) == (ReportState.WAITING, 0, "")
    page = client.get(reverse("certification:report", args=[report.uuid])).content.decode()
    assert "It starts in a moment." in page
    assert build_report(report.pk) is True
    assert client.get(address).status_code == 200


def test_report_that_is_built_again_goes_when_it_was_said_to(report: Report) -> None:
    actions.rebuild_missing(report=report)
    build_report(report.pk)
    again = Report.objects.get(pk=report.pk)
    assert again.state == ReportState.BUILT
    assert again.expires_at == report.expires_at
    assert again.expires_at is not None
    assert actions.delete_expired(now=again.expires_at) == 1


def test_report_whose_file_is_there_is_left_alone(report: Report) -> None:
    actions.rebuild_missing(report=report)
    build_report(report.pk)
    built_at = Report.objects.get(pk=report.pk).built_at
    assert actions.rebuild_missing(report=report).state == ReportState.BUILT
    assert Report.objects.get(pk=report.pk).built_at == built_at


@pytest.mark.parametrize("state", [one for one in ReportState.values if one != ReportState.BUILT])
def test_only_a_built_report_is_built_again(report: Report, state: str) -> None:
    Report.objects.filter(pk=report.pk).update(state=state, built_at=None, file="", sha256="")
    assert actions.rebuild_missing(report=report).state == state


def test_a_report_whose_time_is_over_is_not_built_again(report: Report, commissioner: Person) -> None:
    Report.objects.filter(pk=report.pk).update(expires_at=timezone.now())
    address = reverse("certification:report_download", args=[report.uuid])
    assert "deleted after its time" in signed_in(commissioner).get(address).content.decode()
    assert Report.objects.get(pk=report.pk).state == ReportState.BUILT
