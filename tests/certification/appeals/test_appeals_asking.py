"""Asking for a review: once, in time, with a file told by what it holds; withdrawing it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import OutgoingEmail
from certification import actions
from certification.appeals import appeal_window
from certification.models import Appeal
from tests import factories
from tests.certification import outcomes
from tests.certification.appeals import steps

pytestmark = pytest.mark.django_db


def test_a_review_is_asked_once_and_told_of() -> None:
    admin = factories.admin()
    about = outcomes.opened(factories.course()).enrolment
    OutgoingEmail.objects.all().delete()

    appeal = steps.asked(about)
    again = steps.asked(about)

    assert again == appeal
    told = OutgoingEmail.objects.values_list("to_address", flat=True)
    assert set(told) == {about.person.email, admin.email}
    assert appeal.answer_due_at > timezone.now() + timedelta(days=26)
    assert appeal.submission == about.submissions.get()
    with pytest.raises(actions.NotOpenToAppeal):
        steps.asked(about, words="Something else.")


def test_postgresql_holds_that_it_is_asked_once() -> None:
    appeal = steps.asked(outcomes.opened(factories.course()).enrolment)
    appeal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            enrolment=appeal.enrolment,
            submission=appeal.submission,
            kinds=["marks"],
            words="Again.",
            asked_by=appeal.asked_by,
            answer_due_at=timezone.now(),
        )


def test_a_review_is_asked_only_once_there_is_something_to_read() -> None:
    about = factories.recommended(factories.course())
    with pytest.raises(actions.NotOpenToAppeal):
        steps.asked(about)
    assert appeal_window(about).closes_at is None


def test_a_review_is_asked_within_its_working_days() -> None:
    about = outcomes.opened(factories.course()).enrolment
    window = appeal_window(about)
    assert window.is_open
    assert window.closes_at is not None
    late = time_machine.travel(window.closes_at + timedelta(minutes=1), tick=False)
    with late, pytest.raises(actions.NotOpenToAppeal, match="until"):
        steps.asked(about)
    assert not Appeal.objects.exists()


def test_nobody_asks_for_another() -> None:
    about = outcomes.opened(factories.course()).enrolment
    with pytest.raises(actions.NotOpenToAppeal):
        steps.asked(about, by=factories.admin())


@pytest.mark.parametrize(("kinds", "words", "field"), [([], "Why.", "kinds"), (["marks"], " ", "words")])
def test_a_review_says_what_and_in_words(kinds: list[str], words: str, field: str) -> None:
    about = outcomes.opened(factories.course()).enrolment
    with pytest.raises(actions.AppealRefused) as refused:
        steps.asked(about, kinds=kinds, words=words)
    assert refused.value.field == field


def test_a_file_is_told_by_what_it_holds() -> None:
    about = outcomes.opened(factories.course()).enrolment
    with pytest.raises(actions.AppealRefused) as refused:
        steps.asked(about, attached=actions.Attached(b"MZ\x00\x01 a program", "letter.pdf"))
    assert refused.value.field == "file"
    appeal = steps.asked(about, attached=actions.Attached(b"%PDF-1.7 ...", "letter.exe"))
    assert appeal.content_type == "application/pdf"
    assert appeal.file.endswith(f"{appeal.sha256}.pdf")


def test_a_review_is_withdrawn_once_and_not_after_the_answer() -> None:
    about = outcomes.opened(factories.course()).enrolment
    appeal = steps.asked(about)
    first = actions.withdraw_appeal(appeal=appeal, by=about.person)
    assert actions.withdraw_appeal(appeal=appeal, by=about.person).withdrawn_at == first.withdrawn_at
    with pytest.raises(actions.NotOpenToAppeal):
        steps.asked(about)

    other = steps.answered(steps.asked(outcomes.opened(factories.course()).enrolment))
    with pytest.raises(actions.AppealOver):
        actions.withdraw_appeal(appeal=other, by=other.asked_by)


def test_overdue_reaches_every_admin_once() -> None:
    admins = {factories.admin().email, factories.admin().email}
    appeal = steps.asked(outcomes.opened(factories.course()).enrolment)
    OutgoingEmail.objects.all().delete()
    assert actions.tell_of_overdue_appeals(now=timezone.now()) == 0
    late = appeal.answer_due_at + timedelta(minutes=1)
    assert actions.tell_of_overdue_appeals(now=late) == 1
    assert actions.tell_of_overdue_appeals(now=late) == 0
    assert set(OutgoingEmail.objects.values_list("to_address", flat=True)) == admins
