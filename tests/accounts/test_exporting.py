"""Asking for everything that is held about oneself, or for somebody: one file, theirs alone, for its time."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import exports
from accounts.actions import (
    AskedTooOften,
    NobodyToGiveItTo,
    delete_expired_exports,
    make_export,
    request_export,
    request_export_for,
)
from accounts.actions.exporting.making import MAKING
from accounts.models import DataExport, OutgoingEmail, Person
from accounts.periodic import sweep_exports
from aimcert.foundation.files import open_stored
from certification.actions import redact
from certification.redactions import fingerprint_of_texts, texts_with
from tests import factories
from tests.accounts.holdings import exported, texts_of
from tests.accounts.steps import stale
from tests.sessions import at_once
from tests.statements import statements

PAGE, ASK = "account_data", "account_data_ask"
KEY = "7c2b2d2e-5a52-4c4c-9d1c-6d4f6b0f0a11"
database = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> Person:
    made: Person = factories.PersonFactory.create(name="Zoë O’Neill & <Sons>", email="zoe@people.example")
    client.force_login(made)
    return made


def pressed(client: Client, key: str = KEY) -> Any:
    return client.post(reverse(ASK), {"idempotency_key": key})


def downloaded(client: Client, export: DataExport) -> Any:
    return client.get(reverse("account_data_download", args=[export.uuid]))


def letters(template_word: str = "waits") -> int:
    return OutgoingEmail.objects.filter(subject__contains=template_word).count()


@database
def test_page_ask_second_press_made_and_downloaded(client: Client, person: Person) -> None:
    assert "Everything that we hold about you" in client.get(reverse("account")).text
    page = client.get(reverse(PAGE)).text
    assert "Ask for your copy" in page
    assert "None yet." in page
    assert pressed(client).url == reverse(PAGE)
    assert pressed(client).url == reverse(PAGE)
    # From another page that stood open.
    assert pressed(client, "7c2b2d2e-5a52-4c4c-9d1c-6d4f6b0f0a12").url == reverse(PAGE)
    export = DataExport.objects.get()
    page = client.get(reverse(PAGE)).text
    assert "Your copy is being made" in page
    assert "Ask for" not in page
    assert downloaded(client, export).status_code == 409
    assert sweep_exports() == 1
    assert sweep_exports() == 0
    export.refresh_from_db()
    page = client.get(reverse(PAGE)).text
    assert "Your copy is ready" in page
    assert export.sha256 in page
    answer = downloaded(client, export)
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith('attachment; filename="aimcert-')
    assert "no-store" in answer["Cache-Control"]
    assert len(content) == export.size
    with ZipFile(BytesIO(content)) as zipped:
        assert zipped.testzip() is None
        assert "Zoë O’Neill &amp; &lt;Sons&gt;" in zipped.read("index.html").decode()


@database
def test_letter_says_that_something_waits_and_nothing_of_it(person: Person) -> None:
    export = request_export(person=person, by=person)
    assert OutgoingEmail.objects.count() == 0
    assert make_export(export_id=export.pk)
    letter = OutgoingEmail.objects.get()
    assert letter.to_address == person.email
    assert letter.subject == "What you asked for waits for you on AIMcert"
    assert reverse(PAGE) in letter.text
    # The foot of every letter is the same, and tells nothing of this one.
    own, _line, foot = letter.text.partition("\n--\n")
    assert foot
    assert not re.search(r"hold|export|copy|personal", letter.subject + own, re.IGNORECASE)


@pytest.mark.django_db(transaction=True)
def test_two_sessions_at_one_moment_ask_for_one(person: Person) -> None:
    made = at_once(*[lambda: request_export(person=person, by=person).pk] * 2)
    assert len(set(made)) == 1
    assert DataExport.objects.count() == 1


@database
def test_it_is_asked_anew_who_they_are(client: Client, person: Person) -> None:
    export = exported(person)
    stale(client)
    assert "Show that it is still you" in pressed(client).text
    assert DataExport.objects.count() == 1
    assert "Show that it is still you" in downloaded(client, export).text


@database
def test_it_is_theirs_alone(person: Person) -> None:
    export = exported(person)
    for other in (factories.PersonFactory.create(), factories.admin()):
        client = Client()
        client.force_login(other)
        assert downloaded(client, export).status_code == 404
        assert export.sha256 not in client.get(reverse(PAGE)).text
    assert Client().get(reverse("account_data_download", args=[export.uuid])).status_code == 302


@database
def test_what_was_asked_before_accounts_were_joined_is_theirs_afterwards(client: Client) -> None:
    earlier, person = (factories.PersonFactory.create() for _ in range(2))
    export = exported(earlier)
    Person.objects.filter(pk=earlier.pk).update(is_active=False, merged_into=person)
    client.force_login(person)
    assert downloaded(client, export).status_code == 200
    assert export.sha256 in client.get(reverse(PAGE)).text


@database
def test_file_goes_after_its_time_and_the_row_stays(client: Client, person: Person) -> None:
    export = exported(person)
    kept = settings.AIM["EXPORT_DAYS"]
    assert export.expires_at == export.made_at + timedelta(days=kept)
    assert delete_expired_exports(now=export.expires_at - timedelta(seconds=1)) == 0
    DataExport.objects.update(expires_at=timezone.now())
    # Nobody has swept yet, and it cannot be had any more all the same.
    assert downloaded(client, export).status_code == 409
    file = export.file
    assert default_storage.exists(file)
    assert delete_expired_exports(now=timezone.now()) == 1
    assert delete_expired_exports(now=timezone.now()) == 0
    assert not default_storage.exists(file)
    export.refresh_from_db()
    assert (export.file, export.asked_by, len(export.sha256)) == ("", person, 64)
    answer = downloaded(client, export)
    assert answer.status_code == 409
    assert "deleted after its time" in answer.text
    page = client.get(reverse(PAGE)).text
    assert ">Deleted<" in page
    assert "Ask for your copy" in page


@database
def test_a_file_that_is_gone_is_made_again_and_no_letter_is_written_twice(
    client: Client, person: Person
) -> None:
    export = exported(person)
    default_storage.delete(export.file)
    answer = downloaded(client, export)
    assert answer.status_code == 409
    assert "being made again" in answer.text
    assert sweep_exports() == 1
    assert downloaded(client, export).status_code == 200
    was = export.expires_at
    export.refresh_from_db()
    assert export.expires_at == was
    assert letters() == 1


@database
def test_what_a_dead_worker_stored_goes_with_the_next_attempt(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = request_export(person=person, by=person)
    store = exports_making().store_file

    def dies_after(*given: Any, **named: Any) -> Any:
        store(*given, **named)
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(exports_making(), "store_file", dies_after)
        with pytest.raises(SystemExit):
            make_export(export_id=export.pk)
    left = DataExport.objects.get().storing
    assert default_storage.exists(left)
    DataExport.objects.update(next_attempt_at=timezone.now())
    assert sweep_exports() == 1
    export.refresh_from_db()
    assert (export.storing, export.file == left) == ("", False)
    assert not default_storage.exists(left)
    assert default_storage.exists(export.file)


def exports_making() -> Any:
    from accounts.actions.exporting import making

    return making


@database
def test_one_that_cannot_be_made_says_so_and_can_be_asked_for_again(
    client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed(client)
    with monkeypatch.context() as broken:
        broken.setattr(exports_making(), "write_export", broken_writing)
        for _attempt in range(MAKING.most or 0):
            DataExport.objects.update(next_attempt_at=timezone.now())
            assert sweep_exports() == 0
    page = client.get(reverse(PAGE)).text
    assert "Your copy could not be made" in page
    assert "Ask for your copy" in page
    assert pressed(client, "7c2b2d2e-5a52-4c4c-9d1c-6d4f6b0f0a13").status_code == 302
    assert sweep_exports() == 1
    assert "Your copy is ready" in client.get(reverse(PAGE)).text


def broken_writing(*_given: Any, **_named: Any) -> None:
    raise OSError("a name that no log may hold")


@database
def test_a_fourth_within_a_day_is_refused_in_words(client: Client, person: Person) -> None:
    for number in range(3):
        assert pressed(client, f"7c2b2d2e-5a52-4c4c-9d1c-6d4f6b0f0a2{number}").status_code == 302
        assert sweep_exports() == 1
    answer = pressed(client, "7c2b2d2e-5a52-4c4c-9d1c-6d4f6b0f0a29")
    assert answer.status_code == 429
    assert "three times within a day" in answer.text
    assert DataExport.objects.count() == 3
    with pytest.raises(AskedTooOften):
        request_export(person=person, by=person)


# --- For somebody who wrote --------------------------------------------------------------------------------


@database
def test_an_admin_asks_for_somebody_with_a_reason_and_reads_nothing_of_it(
    client: Client, person: Person
) -> None:
    admin = factories.admin()
    client.force_login(admin)
    at = reverse("ask_for_somebodys_data", args=[person.uuid])
    assert at in client.get(reverse("person", args=[person.uuid])).text
    assert client.post(at, {"idempotency_key": KEY}).status_code == 422
    for _press in range(2):
        answer = client.post(at, {"idempotency_key": KEY, "reason": "By post, 3 May."})
        assert answer.url == reverse("person", args=[person.uuid])
    page = client.get(reverse("person", args=[person.uuid])).text
    assert "Everything held about them was asked for by The AIM Project" in page
    assert "By post, 3 May." in page
    assert letters("asked for something") == 1
    assert sweep_exports() == 1
    assert letters("waits") == 1
    export = DataExport.objects.get()
    assert (export.person, export.asked_by) == (person, admin)
    assert downloaded(client, export).status_code == 404
    theirs = Client()
    theirs.force_login(person)
    assert "Asked for by The AIM Project" in theirs.get(reverse(PAGE)).text
    assert downloaded(theirs, export).status_code == 200


@database
def test_for_a_joined_account_it_is_of_the_account_that_they_use() -> None:
    person = factories.PersonFactory.create()
    earlier = factories.PersonFactory.create(is_active=False, merged_into=person)
    export = request_export_for(person=earlier, reason="By post.", by=factories.admin())
    assert export.person == person


@database
def test_for_a_closed_account_it_is_refused(client: Client) -> None:
    closed = factories.PersonFactory.create(is_active=False)
    with pytest.raises(NobodyToGiveItTo):
        request_export_for(person=closed, reason="By post.", by=factories.admin())
    client.force_login(factories.admin())
    assert "Ask for everything" not in client.get(reverse("person", args=[closed.uuid])).text
    answer = client.post(
        reverse("ask_for_somebodys_data", args=[closed.uuid]), {"idempotency_key": KEY, "reason": "By post."}
    )
    assert answer.status_code == 409
    assert not DataExport.objects.exists()


# --- What is taken out of texts ----------------------------------------------------------------------------


@pytest.fixture
def written() -> Any:
    course = factories.course()
    enrolment = factories.enrolment(course, attended=True)
    factories.submission(enrolment, answers=["Robin Smith of Leeds.", "Nothing."])
    return enrolment


def _take_out(enrolment: Any) -> None:
    texts = texts_with(enrolment, "Robin Smith")
    redact(
        enrolment=enrolment,
        passage="Robin Smith",
        keys={occurrence.key for text in texts for occurrence in text.occurrences},
        scans=set(),
        shown=fingerprint_of_texts(texts),
        reason="A child was named.",
        by=factories.admin(),
    )


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_out_of_a_text_goes_out_of_what_was_exported(written: Any) -> None:
    older, export = exported(written.person), exported(written.person)
    assert "Robin Smith" in texts_of(export)
    files = [older.file, export.file]
    _take_out(written)
    assert not any(default_storage.exists(file) for file in files)
    assert sweep_exports() == 1
    export.refresh_from_db()
    older.refresh_from_db()
    assert "Robin Smith" not in texts_of(export)
    assert (older.file, older.deleted_at is not None) == ("", True)


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_read_before_it_was_taken_out_does_not_count(
    written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = request_export(person=written.person, by=written.person)
    write = exports.write_export

    def taken_out_meanwhile(*given: Any, **named: Any) -> None:
        write(*given, **named)
        at_once(lambda: _take_out(written))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(exports_making(), "write_export", taken_out_meanwhile)
        assert make_export(export_id=export.pk) is False
    assert sweep_exports() == 1
    export.refresh_from_db()
    assert "Robin Smith" not in texts_of(export)


# --- How much it takes ------------------------------------------------------------------------------------


@database
def test_page_takes_as_many_statements_whatever_its_length(client: Client, person: Person) -> None:
    def taken(copies: int) -> int:
        DataExport.objects.bulk_create(
            DataExport(person=person, asked_by=person, given_up_at=timezone.now()) for _ in range(copies)
        )
        return len(statements(lambda: client.get(reverse(PAGE))))

    taken(1)
    assert taken(1) == taken(3) == taken(300)


@database
def test_a_file_is_stored_whole_under_its_hash(person: Person) -> None:
    export = exported(person)
    assert export.file == f"{export.sha256[:2]}/{export.sha256}.zip"
    with open_stored(export.file) as file:
        assert len(file.read()) == export.size
