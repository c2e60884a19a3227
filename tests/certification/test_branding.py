"""The mark and the signatory: published version by version, looked at first, kept by each certificate."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from certification import actions
from certification.actions import BrandingRefused, publish_branding
from certification.artwork import Artwork, read_artwork
from certification.models import Branding, Certificate, CertificateDocument
from certification.tasks import build_document, restore_document
from tests import factories
from tests.certification.artworks import SIGNATURE, SVG, png
from tests.pages import words_in
from tests.sessions import at_once
from tests.stale import REFUSED, both, filled_in, over
from tests.statements import statements

pytestmark = pytest.mark.django_db

MARK = read_artwork(SVG)
SIGNED = read_artwork(SIGNATURE)
WHO = "Zoë O’Neill & <Sons>"


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
    return factories.admin(name="Grace Adeyemi")


def published(by: Person, **changed: Any) -> Branding:
    said: dict[str, Any] = {"mark": MARK, "signatory": WHO, "role": "Director", "signature": SIGNED}
    return publish_branding(**said | changed, by=by)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page() -> str:
    return reverse("certification:branding")


def file(content: bytes, name: str = "mark.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def said(answer: HttpResponse) -> str:
    return words_in(answer.content.decode())


def opened(client: Client) -> dict[str, Any]:
    """The form as a browser sends it: its files anew, or none."""
    sent = filled_in(client.get(page()))
    return {name: value for name, value in sent.items() if name not in ("mark", "signature")}


def text_of(pdf: bytes) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


def issued(by: Person) -> Certificate:
    return actions.approve(enrolment=factories.recommended(factories.course()), by=by)


def built(certificate: Certificate) -> bytes:
    assert build_document(certificate.document.pk) is True
    certificate.document.refresh_from_db()
    with default_storage.open(certificate.document.file) as stored:
        return stored.read()


# --- What certificates show -------------------------------------------------------------------------


def test_certificate_shows_the_mark_and_who_signs(admin: Person) -> None:
    plain = built(issued(admin))
    published(admin)
    pdf = built(issued(admin))
    assert f"{WHO} Director" in text_of(pdf)
    assert "The AIM Project".upper() in text_of(plain)
    assert "The AIM Project".upper() not in text_of(pdf)
    assert alternatives(plain) == ["QR code of the page that checks this certificate"]
    assert alternatives(pdf) == [
        "The AIM Project",
        f"Signature of {WHO}",
        "QR code of the page that checks this certificate",
    ]


def alternatives(pdf: bytes) -> list[str]:
    """What those hear who do not see its figures, in the order of reading."""
    found: list[str] = []

    def walk(element: Any) -> None:
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for child in element:
                walk(child)
        elif hasattr(element, "get"):
            if element.get("/S") == "/Figure":
                found.append(str(element["/Alt"]))
            walk(element.get("/K", []))

    walk(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])
    return found


def test_png_is_drawn_too(admin: Person) -> None:
    published(admin, mark=read_artwork(png(600, 150)), signature=None)
    page = pypdfium2.PdfDocument(built(issued(admin)))[0]
    picture = page.render(scale=1).to_pil().convert("RGB").crop((280, 50, 560, 120))
    assert (28, 90, 84) in {colour for _count, colour in picture.getcolors(100_000)}


def test_certificate_keeps_the_version_that_it_was_issued_with(admin: Person) -> None:
    first = published(admin)
    certificate = issued(admin)
    second = published(admin, signatory="Somebody Else")
    before = built(certificate)
    assert certificate.document.branding == first
    assert issued(admin).document.branding == second
    assert WHO in text_of(before)
    default_storage.delete(certificate.document.file)
    assert restore_document(certificate.document.pk) is True
    with default_storage.open(certificate.document.file) as restored:
        assert sha256(restored.read()).hexdigest() == certificate.document.sha256


def test_built_document_takes_no_other_version(admin: Person) -> None:
    certificate = issued(admin)
    built(certificate)
    later = published(admin)
    with pytest.raises(Error, match="does not change"), transaction.atomic():
        CertificateDocument.objects.filter(pk=certificate.document.pk).update(branding=later)


# --- Publishing -------------------------------------------------------------------------------------


def test_publishing_twice_is_one_version(admin: Person) -> None:
    assert published(admin).pk == published(admin).pk
    assert published(admin, role="Chair").number == 2


def test_who_was_late_is_refused(admin: Person) -> None:
    published(admin)
    with pytest.raises(ChangedMeanwhile):
        published(admin, role="Chair", seen=0)
    assert published(admin, role="Chair", seen=1).number == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"signatory": ""}, "signatory"),
        ({"signatory": " \u200b ", "signature": None}, "signatory"),
        ({"signatory": "", "role": ""}, "signatory"),
        ({"signatory": "王小明"}, "signatory"),
        ({"role": "Director 😀"}, "role"),
        ({"mark": Artwork(b"<svg xmlns='http://www.w3.org/2000/svg'")}, "mark"),
    ],
)
def test_what_makes_no_certificate_is_refused(changed: dict[str, Any], field: str, admin: Person) -> None:
    with pytest.raises(BrandingRefused) as refused:
        published(admin, **changed)
    assert refused.value.field == field
    assert not Branding.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_one_moment_publish_one_after_the_other_or_are_told() -> None:
    admin = factories.admin()
    acts = [partial(published, admin, role=f"Role {number}", seen=0) for number in range(3)]
    came = at_once(*acts)
    assert sum(isinstance(one, Branding) for one in came) == 1
    assert sum(isinstance(one, ChangedMeanwhile) for one in came) == 2
    assert Branding.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_one_press_that_came_twice_at_one_moment_is_one_version() -> None:
    admin = factories.admin()
    came = at_once(*[partial(published, admin, seen=0)] * 3)
    assert {one.pk for one in came} == {Branding.objects.get().pk}


@pytest.mark.parametrize(
    "act", ["UPDATE certification_branding SET signatory = 'x'", "DELETE FROM certification_branding"]
)
def test_what_was_published_stays(act: str, admin: Person) -> None:
    published(admin)
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_database_refuses_a_signature_of_nobody(admin: Person) -> None:
    with pytest.raises(Error, match="branding_signed_by_somebody"), transaction.atomic():
        Branding.objects.create(number=1, signature=b"x", published_by=admin)


# --- The page ---------------------------------------------------------------------------------------


def test_staff_publish_what_they_chose(admin: Person) -> None:
    client = browser(admin)
    assert "Nothing is published yet" in said(client.get(page()))
    sent = opened(client) | {"mark": file(png(600, 150)), "signatory": WHO, "role": "Director"}
    answer = client.post(page(), sent, follow=True)
    assert "Published. Certificates that are issued from now on have it." in said(answer)
    assert "In use: PNG" in said(answer)
    version = Branding.objects.get()
    assert (version.signatory, version.role, bytes(version.signature)) == (WHO, "Director", b"")
    assert bytes(version.mark) == read_artwork(png(600, 150)).content
    again = client.post(page(), sent | {"mark": file(png(600, 150))}, follow=True)
    assert "Nothing was changed." in said(again)
    assert Branding.objects.count() == 1


def test_what_is_not_chosen_anew_stays(admin: Person) -> None:
    published(admin)
    client = browser(admin)
    client.post(page(), opened(client) | {"role": "Chair"})
    newest = Branding.objects.published()[0]
    assert (newest.number, newest.role) == (2, "Chair")
    assert (bytes(newest.mark), bytes(newest.signature)) == (MARK.content, SIGNED.content)


def test_images_are_taken_off(admin: Person) -> None:
    published(admin)
    client = browser(admin)
    client.post(page(), opened(client) | {"no_mark": "on", "no_signature": "on"})
    newest = Branding.objects.published()[0]
    assert (bytes(newest.mark), bytes(newest.signature), newest.signatory) == (b"", b"", WHO)


def test_a_file_and_the_tick_for_none_are_not_both(admin: Person) -> None:
    client = browser(admin)
    answer = client.post(page(), opened(client) | {"mark": file(SVG, "m.svg"), "no_mark": "on"})
    assert answer.status_code == 422
    assert "Choose a file, or tick that there is none; not both." in said(answer)


@pytest.mark.parametrize("wrong", [b"not an image", SVG.replace(b"<path", b"<script/><path", 1)])
def test_a_refused_file_says_why_and_the_rest_stays(wrong: bytes, admin: Person) -> None:
    client = browser(admin)
    sent = {"mark": file(SVG, "m.svg"), "signature": file(wrong), "signatory": WHO}
    answer = client.post(page(), opened(client) | sent)
    assert answer.status_code == 422
    assert any(words in said(answer) for words in ("neither a PNG nor an SVG", "holds a script"))
    # The one that was well is kept: it need not be chosen again.
    again = {key: value for key, value in filled_in(answer).items() if key not in ("mark", "signature")}
    assert client.post(page(), again).status_code == 302
    assert bytes(Branding.objects.get().mark) == MARK.content


def test_looking_publishes_nothing_and_keeps_the_choice(admin: Person) -> None:
    client = browser(admin)
    sent = opened(client) | {"mark": file(SVG, "m.svg"), "signatory": WHO, "look": "1"}
    answer = client.post(page(), sent)
    assert answer.status_code == 200
    (picture,) = re.findall(r'src="data:image/png;base64,([^"]+)"', answer.content.decode())
    assert b64decode(picture).startswith(b"\x89PNG")
    assert "Kept with this form: SVG" in said(answer)
    assert not Branding.objects.exists()
    again = {key: value for key, value in filled_in(answer).items() if key not in ("mark", "signature")}
    assert client.post(page(), again).status_code == 302
    version = Branding.objects.get()
    assert (bytes(version.mark), version.signatory) == (MARK.content, WHO)


def test_specimen_is_a_pdf_that_says_what_it_is(admin: Person) -> None:
    client = browser(admin)
    answer = client.post(page(), opened(client) | {"signatory": WHO, "specimen": "1"})
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert "This is a specimen: it certifies nobody." in text
    assert "SPECIMEN" in text
    assert WHO in text
    assert "AIM-000000" in text
    assert not Branding.objects.exists()
    assert not Certificate.objects.exists()


def test_who_was_late_sees_both_and_chooses(admin: Person) -> None:
    mine, theirs = browser(admin), browser(factories.admin(name="Martin Hale"))
    seen = opened(mine)
    theirs.post(page(), opened(theirs) | {"mark": file(SVG, "m.svg"), "signatory": "Their Choice"})
    for _ in range(2):
        refused = mine.post(page(), seen | {"mark": file(png(600, 150)), "signatory": WHO})
        assert refused.status_code == 409
        assert REFUSED in said(refused)
        assert "Martin Hale" in said(refused)
        (who, mark) = both(refused)
        assert who == ("Their Choice", "Zoë O’Neill &amp; &lt;Sons&gt;")
        assert mark[0].startswith("SVG")
        assert mark[1].startswith("PNG")
        assert refused.content.decode().count("data:image/png;base64,") == 2
        assert Branding.objects.count() == 1
    kept = {key: value for key, value in filled_in(refused).items() if key not in ("mark", "signature")}
    assert mine.post(page(), kept | over(refused)).status_code == 302
    newest = Branding.objects.published()[0]
    assert (newest.number, newest.signatory) == (2, WHO)
    assert bytes(newest.mark) == read_artwork(png(600, 150)).content


def test_an_image_that_the_page_did_not_carry_stays_when_saved_over(admin: Person) -> None:
    published(admin)
    mine = browser(admin)
    seen = opened(mine)
    published(admin, mark=None)
    refused = mine.post(page(), seen | {"role": "Chair"})
    kept = {key: value for key, value in filled_in(refused).items() if key not in ("mark", "signature")}
    mine.post(page(), kept | over(refused))
    newest = Branding.objects.published()[0]
    # The mark as it was on the page that was filled in, which the refusal named.
    assert (newest.number, newest.role, bytes(newest.mark)) == (3, "Chair", MARK.content)


@pytest.mark.parametrize("kept", ["x", "PHN2Zz4=", "none ", "AAAA"])
def test_a_form_that_arrives_broken_says_so(kept: str, admin: Person) -> None:
    client = browser(admin)
    answer = client.post(page(), opened(client) | {"mark_kept": kept, "signatory": WHO})
    if kept.strip() == "none":
        assert answer.status_code == 302
    else:
        assert answer.status_code == 422
        assert "This form arrived incomplete." in said(answer)
        assert not Branding.objects.exists()


@pytest.mark.parametrize("versions", [1, 3, 300])
def test_versions_take_the_same_statements(versions: int, admin: Person) -> None:
    Branding.objects.bulk_create(
        Branding(number=number, signatory=f"Who {number}", published_by=admin)
        for number in range(1, versions + 1)
    )
    client = browser(admin)
    client.get(page())
    assert len(statements(lambda: client.get(page()))) == 5


def test_issuing_takes_the_version_that_holds(admin: Person) -> None:
    client = browser(admin)
    published(admin)
    issued(admin)
    published(admin, role="Chair")
    assert re.search(r"2 .* Grace Adeyemi .* 0 1 .* Grace Adeyemi .* 1", said(client.get(page())))
