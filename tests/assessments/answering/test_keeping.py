"""What becomes of each text that is sent: acknowledged once, never lost, never in somebody's way."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from assessments.answering import actions
from assessments.answering.actions import Keeping, Page, Verdict
from assessments.answering.participation import Stage, place_of
from assessments.models import AcknowledgedSave, Answer, JournalKey, KeptAnswer, Submission, TimeGrant
from assessments.states import Granted, Kept, Outcome
from courses.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


def save(enrolment: Enrolment, text: str, base: int, page: Page | None = None, **more: Any) -> Keeping:
    return actions.save_answer(
        enrolment=enrolment,
        number=more.pop("number", 1),
        text=text,
        base_revision=base,
        by=enrolment.person,
        page=page,
        finished=None,
        **more,
    )


def kept(why: Kept) -> list[str]:
    return [one.text for one in KeptAnswer.objects.filter(why=why).order_by("pk")]


def text() -> str:
    return Answer.objects.get(question__number=1).text


def close(enrolment: Enrolment, at: datetime) -> None:
    sitting = enrolment.course.sitting
    sitting.closed_at, sitting.closed_by = at, sitting.opened_by
    sitting.save()


def grant(enrolment: Enrolment, what: Granted, **values: Any) -> TimeGrant:
    by = factories.trainer_of(enrolment.course)
    return TimeGrant.objects.create(enrolment=enrolment, what=what, reason="Ill.", granted_by=by, **values)


def test_a_save_is_acknowledged_with_the_sha256_of_what_is_kept(enrolment: Enrolment) -> None:
    found = save(enrolment, " Zoë\r\nO’Neill ", 0, Page(uuid4(), 1))
    assert (found.verdict, found.revision) == (Verdict.WRITTEN, 1)
    assert (
        found.sha256 == sha256(text().encode()).hexdigest() == sha256(" Zoë\nO’Neill ".encode()).hexdigest()
    )


def test_the_same_save_again_has_the_first_reply_and_no_effect(enrolment: Enrolment) -> None:
    page, other = Page(uuid4(), 1), Page(uuid4(), 1)
    first = save(enrolment, "One.", 0, page)
    save(enrolment, "Two.", 1, other)
    again = save(enrolment, "One.", 0, page)
    assert again.verdict == Verdict.KNOWN
    assert (again.revision, again.saved_at, again.sha256) == (1, first.saved_at, first.sha256)
    assert text() == "Two."


def test_a_page_builds_on_its_own_save_whose_reply_was_lost(enrolment: Enrolment) -> None:
    device = uuid4()
    save(enrolment, "One", 0, Page(device, 1))
    save(enrolment, "One two", 0, Page(device, 2))
    assert save(enrolment, "One two three", 0, Page(device, 3)).revision == 3
    assert text() == "One two three"


def test_a_page_never_builds_over_another_ones_text(enrolment: Enrolment) -> None:
    mine, other = uuid4(), uuid4()
    save(enrolment, "Mine.", 0, Page(mine, 1))
    save(enrolment, "Theirs.", 1, Page(other, 1))
    with pytest.raises(actions.StaleAnswer):
        save(enrolment, "Mine, and more.", 0, Page(mine, 2))
    assert text() == "Theirs."
    assert set(kept(Kept.CONFLICT)) == {"Theirs.", "Mine, and more."}


def test_an_older_save_of_a_page_never_replaces_its_newer_one(enrolment: Enrolment) -> None:
    """One that lay in a proxy, and came after the page had long sent another."""
    device = uuid4()
    save(enrolment, "Newer.", 0, Page(device, 2))
    with pytest.raises(actions.StaleAnswer):
        save(enrolment, "Older.", 0, Page(device, 1))
    assert text() == "Newer."


def test_a_plain_form_never_builds_on_a_pages_saves(enrolment: Enrolment) -> None:
    save(enrolment, "One.", 0, Page(uuid4(), 1))
    with pytest.raises(actions.StaleAnswer):
        save(enrolment, "Another.", 0)


def test_replaced_texts_stay_one_a_minute(enrolment: Enrolment) -> None:
    start = timezone.now().replace(second=1, microsecond=0)
    for second, words in enumerate(["A", "A b", "A b c"]):
        with time_machine.travel(start + timedelta(seconds=second), tick=False):
            save(enrolment, words, second)
    with time_machine.travel(start + timedelta(seconds=70), tick=False):
        save(enrolment, "Another", 3)
        save(enrolment, "Yet another", 4)
    assert kept(Kept.REPLACED) == ["A b c", "Another"]


def test_a_side_of_a_conflict_stays_whatever_is_saved_after_it(enrolment: Enrolment) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        save(enrolment, "Theirs.", 0)
        for words in ("Mine.", "Mine.", "Mine again."):
            with pytest.raises(actions.StaleAnswer):
                save(enrolment, words, 0, Page(uuid4(), 1))
        save(enrolment, "Merged.", 1)
        save(enrolment, "Merged, and more.", 2)
    assert kept(Kept.CONFLICT) == ["Theirs.", "Mine.", "Mine again."]


def test_what_was_in_flight_at_closing_counts_and_later_text_is_kept_aside(enrolment: Enrolment) -> None:
    save(enrolment, "One.", 0)
    now = timezone.now()
    close(enrolment, now)
    with time_machine.travel(now + timedelta(seconds=29), tick=False):
        save(enrolment, "One, two.", 1, Page(uuid4(), 1))
    with time_machine.travel(now + timedelta(seconds=31), tick=False):
        for _twice in range(2):
            with pytest.raises(actions.AnsweringClosed):
                save(enrolment, "One, two, three.", 2, Page(uuid4(), 2))
    assert text() == "One, two."
    assert kept(Kept.LATE) == ["One, two, three."]


def test_a_save_acknowledged_in_time_is_acknowledged_again_after_closing_and_submitting(
    enrolment: Enrolment,
) -> None:
    page = Page(uuid4(), 1)
    first = save(enrolment, "One.", 0, page)
    actions.confirm_blank(enrolment=enrolment, number=2, by=enrolment.person)
    close(enrolment, timezone.now() - timedelta(minutes=1))
    assert save(enrolment, "One.", 0, page).sha256 == first.sha256
    actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    assert save(enrolment, "One.", 0, page).verdict == Verdict.KNOWN
    with pytest.raises(actions.AlreadySubmitted):
        save(enrolment, "Too late.", 1, Page(page.device, 2))
    assert (text(), kept(Kept.LATE)) == ("One.", ["Too late."])


def test_after_closing_its_author_may_declare_and_not_edit(enrolment: Enrolment) -> None:
    save(enrolment, "One.", 0)
    close(enrolment, timezone.now() - timedelta(minutes=1))
    actions.confirm_blank(enrolment=enrolment, number=2, by=enrolment.person)
    with pytest.raises(actions.AnsweringClosed):
        save(enrolment, "Changed.", 1)
    submission = actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    assert submission.submitted_at
    assert text() == "One."


def test_nothing_is_declared_after_closing_once_the_outcome_is_finalised(enrolment: Enrolment) -> None:
    save(enrolment, "One.", 0)
    close(enrolment, timezone.now() - timedelta(minutes=1))
    factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED)
    with pytest.raises(actions.OutcomeFinalised):
        actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)


def test_a_planned_end_closes_by_itself_and_extra_time_lasts_longer(enrolment: Enrolment) -> None:
    other = factories.enrolment(enrolment.course)
    sitting, now = enrolment.course.sitting, timezone.now()
    sitting.planned_minutes, sitting.closes_at = 40, now + timedelta(minutes=40)
    sitting.save()
    grant(enrolment, Granted.EXTRA, minutes=10)
    grant(enrolment, Granted.EXTRA, minutes=5)
    for one in (enrolment, other):
        save(one, "One.", 0)
    with time_machine.travel(now + timedelta(minutes=54), tick=False):
        save(enrolment, "Two.", 1)
        with pytest.raises(actions.AnsweringClosed):
            save(other, "Two.", 1)
        assert stage(enrolment) is Stage.ANSWERING
        assert stage(other) is Stage.CLOSED
    with time_machine.travel(now + timedelta(minutes=56), tick=False), pytest.raises(actions.AnsweringClosed):
        save(enrolment, "Three.", 2)


def stage(enrolment: Enrolment) -> Stage:
    place = place_of(enrolment.person, enrolment.uuid)
    assert place is not None
    return place.stage


def test_reopening_for_somebody_starts_a_new_attempt_and_alters_nothing(enrolment: Enrolment) -> None:
    save(enrolment, "One.", 0)
    actions.confirm_blank(enrolment=enrolment, number=2, by=enrolment.person)
    first = actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    close(enrolment, timezone.now() - timedelta(minutes=1))
    grant(enrolment, Granted.REOPENED, until=timezone.now() + timedelta(minutes=20))
    assert stage(enrolment) is Stage.ANSWERING
    with pytest.raises(actions.AlreadySubmitted):
        save(enrolment, "Typed for the first.", 1, submission=first.uuid)
    save(enrolment, "Another.", 0)
    second = Submission.objects.get(attempt=2)
    assert second.answers.get().text == "Another."
    assert [answer.text for answer in first.answers.order_by("question__number")] == ["One.", ""]
    # The page of the first attempt, sent again, is answered with the first.
    again = actions.submit(enrolment=enrolment, declared=True, by=enrolment.person, submission=first.uuid)
    assert again == first


def test_another_ones_submission_is_never_written(enrolment: Enrolment) -> None:
    other = factories.enrolment(enrolment.course)
    theirs = actions.start_submission(enrolment=other, by=other.person)
    actions.start_submission(enrolment=enrolment, by=enrolment.person)
    for uuid in (theirs.uuid, uuid4()):
        with pytest.raises(actions.NotTheirs):
            save(enrolment, "Mine.", 0, Page(uuid4(), 1), submission=uuid)
    assert not Answer.objects.exists()


def test_a_journals_key_is_its_authors_and_stays_the_same(enrolment: Enrolment) -> None:
    first = actions.open_journal(enrolment=enrolment, by=enrolment.person)
    assert first.key is not None
    assert len(first.key) == 32
    assert actions.open_journal(enrolment=enrolment.uuid, by=enrolment.person).key == first.key
    for stranger in (factories.admin(), factories.trainer_of(enrolment.course)):
        with pytest.raises(actions.NotTheirs):
            actions.open_journal(enrolment=enrolment, by=stranger)


def test_a_day_after_the_course_the_key_is_gone_for_good(enrolment: Enrolment) -> None:
    opened = actions.open_journal(enrolment=enrolment, by=enrolment.person)
    save(enrolment, "One.", 0, Page(uuid4(), 1))
    end = max(enrolment.course.sessions.values_list("ends_at", flat=True))
    assert actions.destroy_keys(now=end + timedelta(hours=23, minutes=59)) == 0
    assert actions.destroy_keys(now=end + timedelta(hours=24)) == 1
    assert actions.destroy_keys(now=end + timedelta(hours=25)) == 0
    key = JournalKey.objects.get()
    assert (key.key, AcknowledgedSave.objects.count()) == (None, 0)
    close(enrolment, timezone.now() - timedelta(minutes=1))
    assert actions.open_journal(enrolment=enrolment, by=enrolment.person).key is None
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_journalkey SET key = %s, destroyed_at = NULL WHERE id = %s",
            [opened.key, key.pk],
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_acknowledgedsave SET revision = 9",
        "DELETE FROM assessments_acknowledgedsave",
        "DELETE FROM assessments_keptanswer",
        "UPDATE assessments_keptanswer SET text = 'x' WHERE why = 'conflict'",
        "UPDATE assessments_keptanswer SET why = 'replaced'",
        "DELETE FROM assessments_journalkey",
        "UPDATE assessments_timegrant SET minutes = 99",
    ],
)
def test_postgresql_keeps_what_was_acknowledged(enrolment: Enrolment, statement: str) -> None:
    actions.open_journal(enrolment=enrolment, by=enrolment.person)
    grant(enrolment, Granted.EXTRA, minutes=5)
    save(enrolment, "One.", 0, Page(uuid4(), 1))
    with pytest.raises(actions.StaleAnswer):
        save(enrolment, "Other.", 0, Page(uuid4(), 1))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_drafts_are_their_authors_alone(enrolment: Enrolment) -> None:
    save(enrolment, "One.", 0)
    save(enrolment, "Two.", 1)
    assert KeptAnswer.objects.visible_to(enrolment.person).count() == 1
    for other in (factories.admin(), factories.trainer_of(enrolment.course)):
        assert not KeptAnswer.objects.visible_to(other).exists()


def test_pages_are_told_apart_by_more_than_their_number(enrolment: Enrolment) -> None:
    """Two devices may count alike."""
    device: list[UUID] = [uuid4(), uuid4()]
    save(enrolment, "One.", 0, Page(device[0], 1))
    assert save(enrolment, "Two.", 1, Page(device[1], 1)).verdict == Verdict.WRITTEN
