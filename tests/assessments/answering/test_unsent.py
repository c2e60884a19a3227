"""Encrypted files of unsent answers: taken in for their author, and read by nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.answering import actions
from assessments.answering.actions import Became, FileRefused
from assessments.models import Answer, JournalKey, KeptAnswer, Submission, UnsentUpload
from assessments.states import Kept
from courses.models import Enrolment
from tests import factories
from tests.paper import entry, unsent_file
from tests.permissions.asking import state_of_everything

pytestmark = pytest.mark.django_db
SECRET = "NOBODY-ELSE-READS-THIS"


@pytest.fixture
def enrolment() -> Enrolment:
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


def opened(enrolment: Enrolment) -> tuple[Submission, bytes]:
    journal = actions.open_journal(enrolment=enrolment, by=enrolment.person)
    assert journal.key is not None
    return journal.submission, journal.key


def take(enrolment: Enrolment, content: bytes, by: Person | None = None) -> dict[Became, int]:
    return actions.take_unsent(
        enrolment=enrolment, content=content, by=by or factories.trainer_of(enrolment.course)
    )


def close(enrolment: Enrolment) -> None:
    sitting = enrolment.course.sitting
    sitting.closed_at, sitting.closed_by = timezone.now() - timedelta(minutes=1), sitting.opened_by
    sitting.save()


def test_each_text_is_saved_as_its_page_would_have_done(enrolment: Enrolment) -> None:
    submission, key = opened(enrolment)
    device = uuid4()
    file = unsent_file(
        submission.uuid,
        # Out of order, and built on a save whose reply was lost.
        entry(key, submission.uuid, 1, "One, two.", device=device, sequence=2),
        entry(key, submission.uuid, 1, "One", device=device, sequence=1),
        entry(key, submission.uuid, 2, "Other.", device=device, sequence=3),
    )
    assert take(enrolment, file) == {Became.SAVED: 3}
    assert dict(Answer.objects.values_list("question__number", "text")) == {1: "One, two.", 2: "Other."}
    log = UnsentUpload.objects.get()
    assert (log.answers, log.uploaded_by) == (3, factories.trainer_of(enrolment.course))


def test_the_same_file_again_changes_nothing(enrolment: Enrolment) -> None:
    submission, key = opened(enrolment)
    file = unsent_file(submission.uuid, entry(key, submission.uuid, 1, "One."))
    take(enrolment, file)
    before = list(Answer.objects.values()), KeptAnswer.objects.count()
    assert take(enrolment, file) == {Became.THERE: 1}
    assert (list(Answer.objects.values()), KeptAnswer.objects.count()) == before


def test_what_was_saved_since_stays_and_both_texts_are_kept(enrolment: Enrolment) -> None:
    submission, key = opened(enrolment)
    file = unsent_file(submission.uuid, entry(key, submission.uuid, 1, "From the file."))
    actions.save_answer(enrolment=enrolment, number=1, text="Later.", base_revision=0, by=enrolment.person)
    assert take(enrolment, file) == {Became.CONFLICT: 1}
    assert Answer.objects.get().text == "Later."
    texts = set(KeptAnswer.objects.filter(why=Kept.CONFLICT).values_list("text", flat=True))
    assert texts == {"Later.", "From the file."}


def test_after_closing_it_is_kept_for_its_author_and_not_submitted(enrolment: Enrolment) -> None:
    submission, key = opened(enrolment)
    actions.save_answer(enrolment=enrolment, number=1, text="One.", base_revision=0, by=enrolment.person)
    close(enrolment)
    file = unsent_file(submission.uuid, entry(key, submission.uuid, 1, "One, two.", base=1))
    for _twice in range(2):
        assert take(enrolment, file) == {Became.LATE: 1}
    assert Answer.objects.get().text == "One."
    assert KeptAnswer.objects.visible_to(enrolment.person).get().why == Kept.LATE
    assert not KeptAnswer.objects.visible_to(factories.trainer_of(enrolment.course)).exists()


def test_after_submitting_it_is_kept_for_its_author(enrolment: Enrolment) -> None:
    submission, key = opened(enrolment)
    actions.save_answer(enrolment=enrolment, number=1, text="One.", base_revision=0, by=enrolment.person)
    actions.confirm_blank(enrolment=enrolment, number=2, by=enrolment.person)
    made = actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    file = unsent_file(submission.uuid, entry(key, submission.uuid, 1, "Too late.", base=1))
    assert take(enrolment, file) == {Became.LATE: 1}
    assert made.answers.get(question__number=1).text == "One."


def changed(file: bytes, **values: Any) -> bytes:
    said = json.loads(file)
    said["entries"][0].update(values)
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: b"",
        lambda file: b"\xff\xfe",
        lambda file: b"[]",
        lambda file: b"null",
        lambda file: b"[" * 100_000,
        lambda file: file[:-20],
        lambda file: file.replace(b"aimcert-unsent-1", b"aimcert-unsent-2"),
        lambda file: changed(file, question=2),
        lambda file: changed(file, question="1"),
        lambda file: changed(file, data=json.loads(file)["entries"][0]["data"][:-4] + "AAA="),
        lambda file: changed(file, data="!"),
        lambda file: changed(file, iv="AAAA"),
        lambda file: changed(file, device="nobody"),
        lambda file: changed(file, sequence=-1),
        lambda file: changed(file, base=2**40),
        lambda file: changed(file, base=True),
        lambda file: file + b" " * (5 * 1024 * 1024),
    ],
)
def test_a_damaged_or_changed_file_changes_nothing(enrolment: Enrolment, spoil: Any) -> None:
    submission, key = opened(enrolment)
    good = entry(key, submission.uuid, 1, "One.")
    file = spoil(unsent_file(submission.uuid, good, entry(key, submission.uuid, 2, "Two.")))
    before = state_of_everything()
    with pytest.raises(FileRefused) as refused:
        take(enrolment, file)
    assert refused.value.message
    assert state_of_everything() == before


def test_another_ones_file_and_another_ones_key_change_nothing(enrolment: Enrolment) -> None:
    other = factories.enrolment(enrolment.course)
    (own, _key), (theirs, their_key) = opened(enrolment), opened(other)
    before = state_of_everything()
    for file in (
        unsent_file(theirs.uuid, entry(their_key, theirs.uuid, 1, "Theirs.")),
        unsent_file(own.uuid, entry(their_key, own.uuid, 1, "With their key.")),
        unsent_file(own.uuid, entry(their_key, theirs.uuid, 1, "Moved over.")),
        unsent_file(uuid4(), entry(their_key, theirs.uuid, 1, "Nobody’s.")),
    ):
        with pytest.raises(FileRefused):
            take(enrolment, file)
    assert state_of_everything() == before


def test_a_question_that_there_is_not_changes_nothing(enrolment: Enrolment) -> None:
    submission, key = opened(enrolment)
    file = unsent_file(
        submission.uuid, entry(key, submission.uuid, 1, "One."), entry(key, submission.uuid, 9, "Nine.")
    )
    with pytest.raises(FileRefused):
        take(enrolment, file)
    assert not Answer.objects.exists()


def test_once_the_key_is_destroyed_nobody_reads_it(enrolment: Enrolment) -> None:
    submission, key = opened(enrolment)
    file = unsent_file(submission.uuid, entry(key, submission.uuid, 1, "One."))
    JournalKey.objects.update(key=None, destroyed_at=timezone.now())
    with pytest.raises(FileRefused, match="destroyed"):
        take(enrolment, file)


def test_the_uploading_trainer_reads_how_many_and_never_a_word(
    enrolment: Enrolment, caplog: pytest.LogCaptureFixture
) -> None:
    submission, key = opened(enrolment)
    file = unsent_file(submission.uuid, entry(key, submission.uuid, 1, SECRET))
    client = Client()
    client.force_login(factories.trainer_of(enrolment.course))
    url = reverse("assessments:unsent", args=[enrolment.uuid])
    sent = {"file": SimpleUploadedFile("answers.json", file)}
    text = client.post(url, sent).content.decode()
    assert "1 answer arrived" in text
    assert "Saved: 1" in text
    assert SECRET not in text
    for page in ("room", "paper", "marking"):
        seen = client.get(reverse(f"assessments:{page}", args=[enrolment.course.uuid])).content.decode()
        assert SECRET not in seen
    assert SECRET not in caplog.text
    refused = client.post(url, {"file": SimpleUploadedFile("answers.json", file[:-9])})
    assert "damaged" in refused.content.decode()
