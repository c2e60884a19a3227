"""Whatever waits for a worker is done once and never lost: letters, documents, exports, asked alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actions import (
    deliver_email,
    make_export,
    queue_email,
    request_export,
    retry_exports,
    retry_letters,
)
from accounts.actions.exporting import making
from accounts.models import SENDING, DataExport, OutgoingEmail
from accounts.periodic import sweep_emails, sweep_exports
from aimcert.celery import App
from aimcert.foundation import task_queue
from aimcert.foundation.outbox import Attempts
from certification.actions import (
    approve,
    build_document,
    build_report,
    issuing,
    retry_documents,
    retry_reports,
)
from certification.actions.reporting.building import BUILDING
from certification.models import CertificateDocument, Report
from certification.periodic import sweep_documents, sweep_reports
from certification.report_kinds import KINDS
from certification.states import ReportState
from tests import factories
from tests.environment import free_port
from tests.sessions import at_once, begun_while_held, held_until_waited_for

Break = Callable[[pytest.MonkeyPatch, Callable[[int], None]], None]


# Elsewhere in these tests no worker is woken.
REALLY_SEND = task_queue._send


@dataclass(frozen=True)
class Box:
    """One kind of what waits for a worker.

    Args:
        asked_for: makes one that is to be done.
        do: what a worker is woken for.
        breaks: has something called in the midst of doing it, with its primary key.
    """

    rows: Callable[[], QuerySet[Any]]
    attempts: Attempts
    asked_for: Callable[[], Any]
    do: Callable[[int], bool]
    sweep: Callable[[], int]
    retry: Callable[..., int]
    is_done: Q
    is_given_up: Q
    breaks: Break


def _letter() -> OutgoingEmail:
    values = {"name": "Zoë", "organisation": "Sons", "email": "zoe@people.example"}
    return queue_email(
        to="zoe@people.example", subject="Hello", template="commissioner_invited", context=values
    )


def _document() -> CertificateDocument:
    with transaction.atomic():
        enrolment = factories.recommended(factories.course())
        by = factories.admin()
    return approve(enrolment=enrolment, by=by).document


def _report() -> Report:
    with transaction.atomic():
        course = factories.course()
        factories.enrolment(course)
        return factories.asked_report(course, factories.commissioner(course.organisation))


def _break_sending(monkeypatch: pytest.MonkeyPatch, happens: Callable[[int], None]) -> None:
    send = EmailMultiAlternatives.send

    def sends(message: Any) -> int:
        uuid = message.extra_headers["Message-ID"].strip("<").split("@")[0]
        happens(OutgoingEmail.objects.get(uuid=uuid).pk)
        return send(message)

    monkeypatch.setattr(EmailMultiAlternatives, "send", sends)


def _break_drawing(monkeypatch: pytest.MonkeyPatch, happens: Callable[[int], None]) -> None:
    draw = issuing.certificate_pdf

    def draws(certificate: Any, **drawn: Any) -> bytes:
        happens(certificate.document.pk)
        return draw(certificate, **drawn)

    monkeypatch.setattr(issuing, "certificate_pdf", draws)


def _break_writing(monkeypatch: pytest.MonkeyPatch, happens: Callable[[int], None]) -> None:
    for code, kind in KINDS.items():

        def title(report: Any, kind: Any = kind) -> str:
            happens(report.pk)
            return str(kind.title(report))

        monkeypatch.setitem(KINDS, code, replace(kind, title=title))


def _export() -> DataExport:
    person = factories.PersonFactory.create()
    return request_export(person=person, by=person)


def _break_gathering(monkeypatch: pytest.MonkeyPatch, happens: Callable[[int], None]) -> None:
    write = making.write_export

    def writes(export: DataExport, *given: Any, **named: Any) -> None:
        happens(export.pk)
        write(export, *given, **named)

    monkeypatch.setattr(making, "write_export", writes)


BOXES = {
    "letters": Box(
        OutgoingEmail.objects.all,
        SENDING,
        _letter,
        lambda pk: deliver_email(letter_id=pk),
        sweep_emails,
        retry_letters,
        Q(sent_at__isnull=False),
        SENDING.is_given_up,
        _break_sending,
    ),
    "documents": Box(
        CertificateDocument.objects.all,
        issuing.DRAWING,
        _document,
        lambda pk: build_document(document_id=pk),
        sweep_documents,
        retry_documents,
        Q(built_at__isnull=False),
        Q(pk__isnull=True),
        _break_drawing,
    ),
    "reports": Box(
        Report.objects.all,
        BUILDING,
        _report,
        lambda pk: build_report(report_id=pk),
        sweep_reports,
        retry_reports,
        Q(state=ReportState.BUILT),
        Q(state=ReportState.FAILED),
        _break_writing,
    ),
    "exports": Box(
        DataExport.objects.all,
        making.MAKING,
        _export,
        lambda pk: make_export(export_id=pk),
        sweep_exports,
        retry_exports,
        Q(made_at__isnull=False),
        Q(given_up_at__isnull=False),
        _break_gathering,
    ),
}
each = pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
committed = pytest.mark.django_db(transaction=True)


def dies(pk: int) -> None:
    """As SIGKILL would end it: nothing that catches errors catches this, and nothing more is written."""
    raise SystemExit


def fails(pk: int) -> None:
    raise OSError("a name that no log may hold")


def time_passes(box: Box) -> None:
    box.rows().filter(~box.is_done).update(next_attempt_at=timezone.now())


def now(box: Box, row: Any) -> Any:
    return box.rows().model.objects.get(pk=row.pk)


def is_done(box: Box, row: Any) -> bool:
    return box.rows().filter(box.is_done, pk=row.pk).exists()


@each
@pytest.mark.django_db
def test_what_a_dead_worker_left_is_done_after_its_lease(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    row = box.asked_for()
    with monkeypatch.context() as dying:
        box.breaks(dying, dies)
        with pytest.raises(SystemExit):
            box.do(row.pk)
    assert now(box, row).attempts == 1
    assert now(box, row).next_attempt_at > timezone.now()
    assert [box.do(row.pk), box.sweep()] == [False, 0]
    time_passes(box)
    assert box.sweep() == 1
    assert is_done(box, row)
    assert now(box, row).attempts == 2


@each
@pytest.mark.django_db
def test_attempts_of_which_workers_die_are_counted_and_come_to_an_end_or_farther_apart(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = box.asked_for()
    box.breaks(monkeypatch, dies)
    waits = []
    for attempt in range(1, (box.attempts.most or 8) + 1):
        time_passes(box)
        with pytest.raises(SystemExit):
            box.do(row.pk)
        assert now(box, row).attempts == attempt
        waits.append(now(box, row).next_attempt_at - timezone.now())
    time_passes(box)
    if box.attempts.most is None:
        assert waits[-1] > timedelta(minutes=50)
        return
    # Nobody dies of it any more, neither now nor at the next sweep.
    assert [box.do(row.pk), box.sweep(), box.sweep()] == [False, 0, 0]
    assert box.rows().filter(box.is_given_up, pk=row.pk).exists()


@each
@committed
def test_a_broker_that_is_down_loses_nothing(
    box: Box, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(task_queue, "_send", REALLY_SEND)
    monkeypatch.setattr(task_queue, "_rests_until", 0.0)
    out_of_reach = App(set_as_current=False)
    out_of_reach.config_from_object("django.conf:settings", namespace="CELERY")
    out_of_reach.conf.broker_url = f"redis://127.0.0.1:{free_port()}/0"
    monkeypatch.setattr(task_queue, "current_app", out_of_reach)
    row = box.asked_for()
    assert "task not enqueued" in caplog.text
    assert not is_done(box, row)
    assert box.sweep() >= 1
    assert is_done(box, row)


@each
@committed
def test_two_workers_at_one_moment_do_it_once(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    row, done = box.asked_for(), []
    box.breaks(monkeypatch, done.append)
    assert sorted(at_once(*[lambda: box.do(row.pk)] * 2)) == [False, True]
    assert done == [row.pk]
    assert now(box, row).attempts == 1


@committed
@pytest.mark.parametrize("kind", ["documents", "reports", "exports"])
def test_a_worker_waits_for_another_that_looks_at_the_row_which_it_took(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, others = BOXES[kind], []
    row, still = box.asked_for(), Attempts.still

    def while_another_looks(*given: Any) -> Any:
        if not others:
            others.append(held_until_waited_for(box.rows().filter(pk=row.pk)))
        return still(*given)

    monkeypatch.setattr(Attempts, "still", while_another_looks)
    assert box.do(row.pk) is True
    others[0].result(60)


@each
@committed
def test_what_another_session_holds_is_left_to_it(box: Box) -> None:
    row = box.asked_for()
    with transaction.atomic():
        box.rows().select_for_update(of=("self",)).get(pk=row.pk)
        [begun] = begun_while_held(lambda: box.do(row.pk))
        assert begun.done(), "it waits for what another holds"
    assert begun.result() is False
    assert now(box, row).attempts == 0


@each
@pytest.mark.django_db
def test_one_that_fails_keeps_no_other_from_being_done(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    poison, sound = box.asked_for(), box.asked_for()
    box.breaks(monkeypatch, lambda pk: fails(pk) if pk == poison.pk else None)
    box.rows().filter(pk=poison.pk).update(next_attempt_at=timezone.now() - timedelta(hours=1))
    assert box.sweep() == 1
    assert [is_done(box, poison), is_done(box, sound)] == [False, True]
    left = now(box, poison)
    assert (left.attempts, left.last_error) == (1, "OSError")
    assert left.next_attempt_at > timezone.now()
    assert box.sweep() == 0
    assert now(box, poison).attempts == 1


# A document's row is locked while it is drawn, so that none is overtaken.
@pytest.mark.parametrize(
    "box", [BOXES["letters"], BOXES["reports"], BOXES["exports"]], ids=["letters", "reports", "exports"]
)
@pytest.mark.django_db
def test_the_failure_of_a_worker_that_was_overtaken_counts_no_more(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = box.asked_for()

    def overtaken(pk: int) -> None:
        box.rows().filter(pk=pk).update(attempts=7, last_error="", next_attempt_at=timezone.now())
        fails(pk)

    box.breaks(monkeypatch, overtaken)
    before = timezone.now()
    assert box.do(row.pk) is False
    left = now(box, row)
    assert (left.attempts, left.last_error) == (7, "")
    assert before < left.next_attempt_at < timezone.now()


@each
@pytest.mark.django_db
def test_staff_have_tried_afresh_what_was_put_off_or_given_up_and_nothing_else(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, done = factories.admin(), box.asked_for()
    assert box.do(done.pk)
    finished = box.rows().filter(pk=done.pk).values().get()
    row = box.asked_for()
    with monkeypatch.context() as broken:
        box.breaks(broken, fails)
        for _attempt in range(box.attempts.most or 8):
            time_passes(box)
            assert box.do(row.pk) is False
    assert box.sweep() == 0
    assert box.retry(by=by) == 1
    assert now(box, row).attempts == 0
    assert box.sweep() == 1
    assert is_done(box, row)
    assert box.rows().filter(pk=done.pk).values().get() == finished
    assert box.retry(by=by) == 0


@each
@committed
def test_staff_leave_to_a_worker_what_it_is_at(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    by, row, tried = factories.admin(), box.asked_for(), []
    box.breaks(monkeypatch, lambda pk: tried.append(at_once(lambda: box.retry(by=by))))
    assert box.do(row.pk) is True
    assert tried == [[0]]
    assert now(box, row).attempts == 1
