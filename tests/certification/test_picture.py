"""The picture on a certificate's page: made of its PDF, made again where it is gone, none where revoked."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Person
from aimcert.foundation.files import is_stored
from certification import actions
from certification.documents import PICTURE_WIDTH, picture_name, verification_url
from certification.models import Certificate, CertificateDocument
from certification.tasks import build_document, draw_picture
from tests import factories
from tests.certification import outcomes
from tests.pages import words_in
from tests.stack import wait_until
from tests.statements import statements

pytestmark = pytest.mark.django_db

NAME = "Zoë O’Neill & <Sons>"


@pytest.fixture
def kept_apart(tmp_path: Any, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


@pytest.fixture
def asked(kept_apart: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The documents whose pictures a worker is asked for."""
    found: list[int] = []

    def enqueue(name: str, pk: int) -> None:
        if name == "certification.draw_picture":
            found.append(pk)

    monkeypatch.setattr("certification.actions.issuing.enqueue", enqueue)
    return found


@pytest.fixture
def certificate(asked: list[int]) -> Certificate:
    enrolment = factories.recommended(factories.course(), certificate_name=NAME)
    certificate = actions.approve(enrolment=enrolment, by=factories.admin())
    assert build_document(certificate.document.pk) is True
    certificate.document.refresh_from_db()
    return certificate


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(certificate: Certificate, by: Person | None = None, **headers: str) -> HttpResponse:
    client = browser(by or certificate.enrolment.person)
    return client.get(reverse("certification:certificate", args=[certificate.uuid]), headers=headers)


def picture(certificate: Certificate, by: Person | None = None) -> Any:
    client = browser(by or certificate.enrolment.person)
    return client.get(reverse("certification:picture", args=[certificate.uuid]))


def lose_picture(certificate: Certificate) -> None:
    default_storage.delete(picture_name(certificate.document))


def test_page_shows_what_the_pdf_looks_like(certificate: Certificate) -> None:
    shown = page(certificate).content.decode()
    assert f'src="{reverse("certification:picture", args=[certificate.uuid])}"' in shown
    assert (
        'alt="The certificate: Zoë O’Neill &amp; &lt;Sons&gt; is certified as competent and'
        f" approved by The AIM Project to use the {certificate.programme_name} assessment model." in shown
    )
    answer = picture(certificate)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "no-store" in answer["Cache-Control"]
    drawn = Image.open(BytesIO(b"".join(answer.streaming_content)))
    assert (drawn.format, drawn.size) == ("PNG", (PICTURE_WIDTH, 906))
    assert [one.text for one in zxingcpp.read_barcodes(drawn)] == [verification_url(certificate.code)]


def test_code_stands_in_groups(certificate: Certificate) -> None:
    code = certificate.code
    shown = page(certificate).content.decode()
    for start in range(0, len(code), 4):
        assert f"<span>{code[start : start + 4]}</span>" in shown


def test_picture_that_is_not_there_is_made_and_the_page_waits_for_it(
    certificate: Certificate, asked: list[int]
) -> None:
    lose_picture(certificate)
    assert picture(certificate).status_code == 409
    shown = page(certificate)
    assert "Its picture is being made" in words_in(shown.content.decode())
    assert "Download the certificate" in words_in(shown.content.decode())
    assert "certification:picture" not in shown.content.decode()
    # Looking again by itself asks no worker again.
    page(certificate, **{"HX-Request": "true"})
    assert asked == [certificate.document.pk]
    assert [draw_picture(certificate.document.pk), draw_picture(certificate.document.pk)] == [True, False]
    assert 'hx-trigger="every' not in page(certificate).content.decode()
    assert picture(certificate).status_code == 200


def test_picture_is_made_where_the_pdf_is_gone_too(certificate: Certificate) -> None:
    lose_picture(certificate)
    default_storage.delete(certificate.document.file)
    assert draw_picture(certificate.document.pk) is True
    assert is_stored(certificate.document.file)


def test_picture_drawn_again_is_the_same(certificate: Certificate) -> None:
    before = b"".join(picture(certificate).streaming_content)
    lose_picture(certificate)
    draw_picture(certificate.document.pk)
    assert b"".join(picture(certificate).streaming_content) == before


def test_what_is_not_built_has_no_picture(asked: list[int]) -> None:
    enrolment = factories.recommended(factories.course())
    certificate = actions.approve(enrolment=enrolment, by=factories.admin())
    assert draw_picture(certificate.document.pk) is False
    assert draw_picture(123456) is False
    assert picture(certificate).status_code == 409
    assert "The PDF is being made" in words_in(page(certificate).content.decode())
    assert asked == []


def test_certificate_is_built_though_its_picture_cannot_be_drawn(
    monkeypatch: pytest.MonkeyPatch, asked: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    def fails(pdf: bytes) -> bytes:
        raise MemoryError

    monkeypatch.setattr("certification.actions.issuing.certificate_picture", fails)
    enrolment = factories.recommended(factories.course())
    certificate = actions.approve(enrolment=enrolment, by=factories.admin())
    assert build_document(certificate.document.pk) is True
    assert "picture not drawn" in caplog.text
    assert "Download the certificate" in words_in(page(certificate).content.decode())


@pytest.mark.parametrize("by_admin", [False, True])
def test_revoked_certificate_is_not_pictured_at_once(
    certificate: Certificate, asked: list[int], by_admin: bool
) -> None:
    by = factories.admin() if by_admin else certificate.enrolment.person
    assert picture(certificate, by).status_code == 200
    outcomes.revoked(certificate.enrolment)
    answer = picture(certificate, by)
    assert answer.status_code == 409
    assert "This certificate was revoked, so it is not shown any more." in words_in(answer.content.decode())
    shown = page(certificate, by).content.decode()
    assert "certificate-picture" not in shown
    assert "It no longer shows competence" in words_in(shown)
    lose_picture(certificate)
    assert "being made" not in page(certificate, by).content.decode()
    assert asked == []


def test_page_with_its_picture_takes_no_statement_more(certificate: Certificate) -> None:
    with_one = len(statements(lambda: page(certificate)))
    lose_picture(certificate)
    assert len(statements(lambda: page(certificate))) == with_one


def test_worker_makes_it_for_whoever_opens_the_page(celery_worker: Any, transactional_db: None) -> None:
    enrolment = factories.recommended(factories.course())
    certificate = actions.approve(enrolment=enrolment, by=factories.admin())

    def built() -> bool:
        certificate.document.refresh_from_db()
        return bool(certificate.document.file)

    wait_until(built)
    wait_until(lambda: is_stored(picture_name(certificate.document)))
    lose_picture(certificate)
    page(certificate)
    wait_until(lambda: is_stored(picture_name(certificate.document)))


def test_approval_of_all_says_how_many_of_its_pdfs_are_made_until_all_are(asked: list[int]) -> None:
    course, admin = factories.course(), factories.admin()
    people = [factories.recommended(course) for _number in range(2)]
    client = Client()
    client.force_login(admin)
    form = {
        "idempotency_key": str(uuid4()),
        "shown": [str(person.recommendations.get().uuid) for person in people],
        "named": [person.certificate_name for person in people],
    }
    result = client.post(reverse("certification:approve_all", args=[course.uuid]), form)
    documents = CertificateDocument.objects.order_by("pk")
    told = []
    for document in (None, *documents):
        if document is not None:
            assert build_document(document.pk) is True
        shown = client.get(result.url).content.decode()  # type: ignore[attr-defined]
        said = re.search(r"\d of \d made|All \d PDFs are made", words_in(shown))
        told.append((said and said[0], 'hx-trigger="every 2s"' in shown))
    assert told == [("0 of 2 made", True), ("1 of 2 made", True), ("All 2 PDFs are made", False)]
