"""Certificates' PDFs: made once whatever happens, saying what was true; and revoking."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from aimcert.foundation.files import open_stored
from certification import actions
from certification.designs import newest
from certification.documents import certificate_pdf, verification_url
from certification.models import Certificate, CertificateDocument
from certification.periodic import sweep_documents
from certification.states import CertificateState
from certification.tasks import build_document
from courses.models import Course
from tests import factories
from tests.stack import wait_until

NAME = "Zoë O’Neill & <Sons>"


@pytest.fixture(autouse=True)
def kept_apart(tmp_path: Any, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


@pytest.fixture
def admin(db: None) -> Person:
    return factories.admin()


@pytest.fixture
def certificate(admin: Person) -> Certificate:
    enrolment = factories.recommended(factories.course(), certificate_name=NAME)
    return actions.approve(enrolment=enrolment, by=admin)


def read(certificate: Certificate) -> bytes:
    document = CertificateDocument.objects.get(certificate=certificate)
    with open_stored(document.file) as file:
        return file.read()


def test_the_pdf_says_what_the_certificate_says(certificate: Certificate) -> None:
    assert build_document(certificate.document.pk) is True
    reader = pypdf.PdfReader(BytesIO(read(certificate)))
    assert len(reader.pages) == 1
    page = reader.pages[0]
    assert page.mediabox.width > page.mediabox.height
    said = " ".join(page.extract_text().split())
    for words in (
        NAME,
        "certified as competent",
        "approved by The AIM Project",
        certificate.programme_name,
        certificate.course_title,
        certificate.course_reference,
        certificate.reference,
        *certificate.associates,
    ):
        assert words in said
    assert reader.metadata is not None
    assert NAME in str(reader.metadata.title)
    assert reader.trailer["/Root"]["/Lang"] == certificate.language


def test_the_pdf_embeds_our_fonts_alone(certificate: Certificate) -> None:
    reader = pypdf.PdfReader(BytesIO(certificate_pdf(certificate, design=newest())))
    fonts = reader.pages[0]["/Resources"]["/Font"]
    names = {str(fonts[key]["/BaseFont"]) for key in fonts}
    assert names
    assert all("Source-Serif" in name or "Atkinson" in name for name in names), names


def test_the_qr_code_leads_to_its_verification_page(certificate: Certificate) -> None:
    image = pypdfium2.PdfDocument(certificate_pdf(certificate, design=newest()))[0].render(scale=3).to_pil()
    found = zxingcpp.read_barcodes(image)
    assert [one.text for one in found] == [verification_url(certificate.code)]
    assert found[0].text.startswith(settings.SITE_URL)


def test_the_qr_code_is_lighter_than_the_name(certificate: Certificate) -> None:
    page = pypdfium2.PdfDocument(certificate_pdf(certificate, design=newest()))[0]
    picture = page.render(scale=2).to_pil().convert("L")
    (found,) = zxingcpp.read_barcodes(picture)
    corners = found.position
    code = picture.crop(
        (corners.top_left.x, corners.top_left.y, corners.bottom_right.x, corners.bottom_right.y)
    )
    (darkest, _), (code_darkest, _) = picture.getextrema(), code.getextrema()
    assert code_darkest > darkest + 50
    # Still four and a half to one against the paper, as a reader of one needs.
    assert code_darkest < 118


def test_the_same_row_gives_the_same_bytes_whatever_becomes_of_profiles(certificate: Certificate) -> None:
    before = certificate_pdf(certificate, design=newest())
    Person.objects.filter(pk=certificate.enrolment.person_id).update(name="Another Name")
    Course.objects.filter(pk=certificate.enrolment.course_id).update(title="Another title")
    assert certificate_pdf(Certificate.objects.get(pk=certificate.pk), design=newest()) == before


def test_building_twice_has_one_effect(certificate: Certificate) -> None:
    document = certificate.document
    assert build_document(document.pk) is True
    document.refresh_from_db()
    first = (document.file, document.sha256, document.built_at, document.attempts)
    assert build_document(document.pk) is False
    document.refresh_from_db()
    assert (document.file, document.sha256, document.built_at, document.attempts) == first


def test_a_failure_is_counted_and_tried_again_later(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Certificate, **drawn: Any) -> bytes:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("certification.actions.issuing.certificate_pdf", fails)
        assert build_document(certificate.document.pk) is False
    document = CertificateDocument.objects.get(certificate=certificate)
    assert (document.attempts, document.last_error, document.built_at) == (1, "OSError", None)
    assert document.next_attempt_at > timezone.now()
    assert sweep_documents() == 0
    CertificateDocument.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert sweep_documents() == 1
    document.refresh_from_db()
    assert (document.attempts, document.last_error) == (2, "")


def test_the_sweep_builds_what_a_lost_message_left(certificate: Certificate) -> None:
    assert sweep_documents() == 1
    assert sweep_documents() == 0
    assert read(certificate).startswith(b"%PDF")


def test_a_document_that_does_not_exist_is_no_error(db: None) -> None:
    assert build_document(12345) is False


def test_the_real_worker_builds_what_an_approval_issued(
    celery_worker: Any, transactional_db: None, settings: Any
) -> None:
    from django.db import transaction

    with transaction.atomic():
        enrolment = factories.recommended(factories.course())
        by = factories.admin()
    certificate = actions.approve(enrolment=enrolment, by=by)
    built = CertificateDocument.objects.filter(certificate=certificate, built_at__isnull=False)
    wait_until(built.exists)


# --- Revoking --------------------------------------------------------------------------------------


def test_revoking_keeps_the_certificate_and_says_who_when_and_why(
    certificate: Certificate, admin: Person
) -> None:
    revoked = actions.revoke(certificate=certificate, reason=" Not their own work. ", by=admin)
    assert revoked.state == CertificateState.REVOKED
    assert (revoked.revoked_by, revoked.revoked_because) == (admin, "Not their own work.")
    again = actions.revoke(certificate=certificate, reason="Another reason", by=factories.admin())
    assert (again.revoked_at, again.revoked_because) == (revoked.revoked_at, "Not their own work.")


def test_revoking_needs_a_reason(certificate: Certificate, admin: Person) -> None:
    with pytest.raises(actions.CannotBeRevoked):
        actions.revoke(certificate=certificate, reason="  ", by=admin)


def test_revoking_tells_the_holder_and_the_sponsor_without_saying_what(
    certificate: Certificate, admin: Person
) -> None:
    sponsor = certificate.sponsor_organisation
    assert sponsor is not None
    commissioner = factories.commissioner(sponsor)
    OutgoingEmail.objects.exclude(to_address=commissioner.email).update(to_address="earlier@people.example")
    actions.revoke(certificate=certificate, reason="Not their own work.", by=admin)
    letters = OutgoingEmail.objects.exclude(to_address="earlier@people.example")
    assert {letter.to_address for letter in letters} == {
        commissioner.email,
        certificate.enrolment.person.email,
    }
    for letter in letters:
        said = letter.subject + letter.text + letter.html
        assert "revoked" not in said.lower()
        assert "own work" not in said
