"""A follow-up report: built once, in the background, of one organisation's people; then deleted."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from celery import current_app
from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Organisation, Person
from aimcert.foundation.files import name_of, open_stored, store
from certification import report_contents
from certification.actions import (
    FormatNotOffered,
    NobodyToReport,
    ReportExpired,
    ReportNotReady,
    build_report,
    check_downloadable,
    comment_on,
    delete_expired,
    record_step,
    reports_due,
)
from certification.actions.reporting import building
from certification.models import Report
from certification.periodic import sweep_reports
from certification.report_kinds import KINDS
from certification.states import ReportFormat, ReportKind, ReportState
from courses.models import Course
from tests import factories
from tests.certification import outcomes
from tests.sessions import begun_while_held
from tests.stack import StackProcess

pytestmark = pytest.mark.django_db

SAID = (
    "Certa Fied",
    "Una Read",
    "Pen Ding",
    "En Rolled",
    "Zoë O’Neill & <Sons>",
    "TOLD-COMMISSIONER",
    "+cmd|",
    "@SUM(1+1) done",
    "Understanding of the model",
    "Not yet competent",
)
HOSTILE = '=HYPERLINK("http://evil.example","Zoë O’Neill & <Sons>")'


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def commissioner(course: Course) -> Person:
    return factories.commissioner(course.organisation, name="Cora Missioner")


def ask(course: Course, by: Person, format: str = ReportFormat.PDF, **fields: Any) -> Report:
    return factories.asked_report(course, by, kind=ReportKind.FOLLOW_UP, format=format, **fields)


def built(report: Report) -> Report:
    assert build_report(report_id=report.pk)
    return Report.objects.get(pk=report.pk)


def pdf_text(report: Report) -> str:
    with open_stored(report.file) as file:
        return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())


def sheets(report: Report) -> dict[str, list[tuple[Any, ...]]]:
    with open_stored(report.file) as file:
        book = openpyxl.load_workbook(BytesIO(file.read()))
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def everyone(course: Course) -> None:
    """Someone at every stage, whom a hostile name or text belongs to where there is one."""
    outcomes.certified(course, person=factories.PersonFactory.create(name="Certa Fied"))
    followed = outcomes.released(course, person=factories.PersonFactory.create(name=HOSTILE))
    comment_on(follow_up=followed, comment="+cmd|' /C calc'!A0 <b>", by=followed.enrolment.person)
    by = course.created_by
    record_step(follow_up=followed, done="@SUM(1+1) done", done_on=timezone.localdate(), closes=False, by=by)
    outcomes.follow_up(course, person=factories.PersonFactory.create(name="Una Read"))
    factories.recommended(course, person=factories.PersonFactory.create(name="Pen Ding"))
    factories.enrolment(course, factories.PersonFactory.create(name="En Rolled"))


@pytest.mark.parametrize("format", ReportFormat.values)
def test_file_says_what_the_sponsor_may_be_told_and_nothing_else(
    course: Course, commissioner: Person, format: str
) -> None:
    everyone(course)
    factories.enrolment(course, factories.PersonFactory.create(name="Sel Funded"), sponsor=None)
    other = factories.OrganisationFactory.create()
    outcomes.released(course, person=factories.PersonFactory.create(name="Other Swoman"), sponsor=other)
    report = built(ask(course, commissioner, format))
    text = pdf_text(report) if format == ReportFormat.PDF else str(sheets(report))
    for said in SAID:
        assert said in text, said
    for secret in (*outcomes.SECRETS, "Sel Funded", "Other Swoman", other.name):
        assert secret not in text, secret
    assert text.count("TOLD-COMMISSIONER") == 1


def test_unread_not_yet_stands_in_the_sheet_exactly_like_unapproved_competent(
    course: Course, commissioner: Person
) -> None:
    everyone(course)
    rows = {row[0]: row[2:] for row in sheets(built(ask(course, commissioner, ReportFormat.XLSX)))["People"]}
    assert rows["Una Read"] == rows["Pen Ding"] == rows["En Rolled"]
    assert rows["Una Read"][0] == "No result yet"


def test_sheet_keeps_hostile_text_as_text_and_days_as_days(course: Course, commissioner: Person) -> None:
    everyone(course)
    found = sheets(built(ask(course, commissioner, ReportFormat.XLSX)))
    assert HOSTILE in [row[0] for row in found["People"]]
    name, day, done = found["Done so far"][1]
    assert (name, done) == (HOSTILE, "@SUM(1+1) done")
    assert day.date() == timezone.localdate()
    about = dict(found["About"])
    assert about["Organisation"] == course.organisation.name


def test_report_says_when_it_was_made_by_the_clock_of_its_reader(
    course: Course, commissioner: Person, time_machine: Any
) -> None:
    everyone(course)
    # At midnight in London it is eleven in the morning in Sydney.
    time_machine.move_to(datetime(2026, 12, 1, 0, 0, tzinfo=UTC), tick=False)
    Organisation.objects.update(time_zone="Australia/Sydney")
    assert "Made 1 December 2026, 11:00 (Sydney time)" in pdf_text(built(ask(course, commissioner)))
    about = dict(sheets(built(ask(course, commissioner, ReportFormat.XLSX)))["About"])
    assert about["Made (Sydney time)"] == datetime(2026, 12, 1, 11, 0)


def test_report_in_a_format_that_its_kind_has_not_is_refused(
    course: Course, commissioner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = KINDS[ReportKind.FOLLOW_UP]
    alone = {ReportFormat.PDF: whole.writers[ReportFormat.PDF]}
    monkeypatch.setitem(KINDS, ReportKind.FOLLOW_UP, replace(whole, writers=alone))
    outcomes.released(course)
    with pytest.raises(FormatNotOffered):
        ask(course, commissioner, ReportFormat.XLSX)
    assert not Report.objects.exists()
    assert ask(course, commissioner).format == ReportFormat.PDF


def test_report_leaves_out_who_asked_for_it(course: Course, commissioner: Person) -> None:
    outcomes.released(course, person=commissioner)
    with pytest.raises(NobodyToReport):
        ask(course, commissioner)
    factories.enrolment(course, factories.PersonFactory.create(name="En Rolled"))
    text = pdf_text(built(ask(course, commissioner)))
    assert "En Rolled" in text
    assert text.count("Cora Missioner") == 1  # for whom it was made
    assert "TOLD-COMMISSIONER" not in text


def test_asking_twice_before_it_is_built_is_one_report(course: Course, commissioner: Person) -> None:
    factories.enrolment(course)
    first = ask(course, commissioner)
    assert ask(course, commissioner) == first
    assert ask(course, commissioner, ReportFormat.XLSX) != first
    built(first)
    assert ask(course, commissioner) != first


def test_building_twice_is_built_once(course: Course, commissioner: Person) -> None:
    factories.enrolment(course)
    report = built(ask(course, commissioner))
    assert not build_report(report_id=report.pk)
    again = Report.objects.get(pk=report.pk)
    assert (again.file, again.built_at, again.attempts) == (report.file, report.built_at, 1)
    assert (again.done, again.total) == (1, 1)
    assert again.expires_at == again.built_at + timedelta(hours=24)


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(
    course: Course, commissioner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.enrolment(course)
    report = ask(course, commissioner)
    with monkeypatch.context() as broken:
        broken.setattr(report_contents, "with_results", lambda _people: 1 / 0)
        pauses = []
        for _attempt in range(building.BUILDING.most or 0):
            Report.objects.filter(pk=report.pk).update(next_attempt_at=timezone.now())
            assert not build_report(report_id=report.pk)
            report = Report.objects.get(pk=report.pk)
            pauses.append(round((report.next_attempt_at - timezone.now()).total_seconds()))
    assert pauses == [30, 60, 120, 240, 480]
    assert (report.state, report.last_error, report.file) == (ReportState.FAILED, "ZeroDivisionError", "")
    assert not build_report(report_id=report.pk)


def test_a_failure_that_passes_leaves_a_built_report(
    course: Course, commissioner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.enrolment(course)
    report = ask(course, commissioner)
    with monkeypatch.context() as broken:
        broken.setattr(report_contents, "with_results", lambda _people: 1 / 0)
        assert sweep_reports() == 0
    assert sweep_reports() == 0  # not before its pause is over
    Report.objects.filter(pk=report.pk).update(next_attempt_at=timezone.now())
    assert sweep_reports() == 1
    report = Report.objects.get(pk=report.pk)
    assert (report.state, report.attempts, report.last_error) == (ReportState.BUILT, 2, "")


def test_what_a_dead_worker_left_is_built_after_its_lease(course: Course, commissioner: Person) -> None:
    factories.enrolment(course)
    report = ask(course, commissioner)
    assert building._begin(report.pk)  # and then it died
    assert reports_due(at_most=9) == []
    assert not build_report(report_id=report.pk)
    Report.objects.filter(pk=report.pk).update(next_attempt_at=timezone.now())
    assert reports_due(at_most=9) == [report.pk]
    assert sweep_reports() == 1


def test_a_worker_that_kills_itself_each_time_is_given_up(course: Course, commissioner: Person) -> None:
    factories.enrolment(course)
    report = ask(course, commissioner)
    for _attempt in range(building.BUILDING.most or 0):
        assert building._begin(report.pk)
        Report.objects.filter(pk=report.pk).update(next_attempt_at=timezone.now())
    assert not build_report(report_id=report.pk)
    assert Report.objects.get(pk=report.pk).state == ReportState.FAILED


def test_a_worker_that_was_overtaken_leaves_no_file(course: Course, commissioner: Person) -> None:
    factories.enrolment(course)
    slow = building._begin(ask(course, commissioner).pk)
    assert slow
    Report.objects.filter(pk=slow.pk).update(next_attempt_at=timezone.now())
    report = built(slow)
    stray = b"an older state of things"
    assert not building._finish(slow, stray)
    assert not default_storage.exists(name_of(stray, suffix=".pdf"))
    assert default_storage.exists(report.file)


def test_file_of_a_worker_that_died_before_it_could_say_so_is_deleted(
    course: Course, commissioner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.enrolment(course)
    report = ask(course, commissioner)
    stored = []

    def dies(content: bytes, **how: Any) -> Any:
        stored.append(store(content, **how))
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(building, "store", dies)
        with pytest.raises(SystemExit):
            build_report(report_id=report.pk)
    factories.enrolment(course)
    Report.objects.filter(pk=report.pk).update(next_attempt_at=timezone.now())
    report = built(report)
    [left] = stored
    assert left.name != report.file
    assert not default_storage.exists(left.name)
    assert default_storage.exists(report.file)
    assert report.storing == ""


def test_file_is_deleted_after_its_time_and_the_row_says_so(course: Course, commissioner: Person) -> None:
    factories.enrolment(course)
    report = built(ask(course, commissioner))
    kept = built(ask(course, commissioner, ReportFormat.XLSX))
    now = report.expires_at
    assert now is not None
    Report.objects.filter(pk=kept.pk).update(expires_at=now + timedelta(hours=1))
    assert delete_expired(now=now - timedelta(seconds=1)) == 0
    assert delete_expired(now=now) == 1
    assert delete_expired(now=now) == 0
    gone = Report.objects.get(pk=report.pk)
    assert (gone.state, gone.file, gone.sha256, gone.built_at) == (ReportState.EXPIRED, "", "", None)
    assert not default_storage.exists(report.file)
    assert default_storage.exists(kept.file)
    with pytest.raises(ReportExpired):
        check_downloadable(report=gone, now=now)


def test_file_is_refused_from_the_moment_it_expires_and_before_it_is_built(
    course: Course, commissioner: Person
) -> None:
    factories.enrolment(course)
    report = ask(course, commissioner)
    with pytest.raises(ReportNotReady):
        check_downloadable(report=report, now=timezone.now())
    report = built(report)
    assert report.expires_at
    check_downloadable(report=report, now=report.expires_at - timedelta(seconds=1))
    with pytest.raises(ReportExpired):
        check_downloadable(report=report, now=report.expires_at)


@pytest.mark.whole_run
def test_everything_that_three_hundred_people_need_is_in_the_pdf(
    course: Course, commissioner: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(300):
        factories.enrolment(course, factories.PersonFactory.create(name=f"Somebody Number{number:03}"))
    for _number in range(6):
        outcomes.released(course)
    report = ask(course, commissioner)
    started = time.monotonic()
    # Four for each 25 people and their step forward, and a few for the whole.
    with django_assert_max_num_queries(13 * 7 + 20):
        report = built(report)
    assert time.monotonic() - started < 60  # the lease of one step
    assert (report.done, report.total) == (306, 306)
    text = pdf_text(report)
    assert all(f"Number{number:03}" in text for number in range(300))
    assert text.count("TOLD-COMMISSIONER") == 6


@pytest.mark.django_db(transaction=True)
def test_progress_can_be_read_while_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        course = factories.course()
        commissioner = factories.commissioner(course.organisation)
        for _number in range(4):
            factories.enrolment(course)
        report = ask(course, commissioner)
    monkeypatch.setattr(building, "STEP", 2)
    seen = []
    kind = KINDS[report.kind]

    def look() -> tuple[str, int, int]:
        try:
            return Report.objects.values_list("state", "done", "total").get(pk=report.pk)
        finally:
            connections.close_all()

    def looked_at(people: Any, viewer: Any) -> list[Any]:
        with ThreadPoolExecutor(1) as pool:
            seen.append(pool.submit(look).result(10))
        return kind.gather(people, viewer)

    monkeypatch.setitem(KINDS, kind.code, replace(kind, gather=looked_at))
    assert build_report(report_id=report.pk)
    assert seen == [("building", 0, 4), ("building", 2, 4)]


@pytest.mark.django_db(transaction=True)
def test_build_leaves_what_another_worker_holds() -> None:
    with transaction.atomic():
        course = factories.course()
        factories.enrolment(course)
        report = ask(course, factories.commissioner(course.organisation))

    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)
        [build] = begun_while_held(lambda: build_report(report_id=report.pk))
        assert build.done(), "it waits for what another holds"
    assert build.result() is False
    assert Report.objects.get(pk=report.pk).attempts == 0


def test_the_real_worker_builds_what_was_asked_for(celery_worker: StackProcess) -> None:
    with transaction.atomic():
        course = factories.course()
        outcomes.released(course)
        report = ask(course, factories.commissioner(course.organisation))
    _wait_for(Report.objects.filter(pk=report.pk), ReportState.BUILT)
    report = Report.objects.get(pk=report.pk)
    assert (report.state, report.attempts) == (ReportState.BUILT, 1), celery_worker.tail()
    assert "TOLD-COMMISSIONER" in pdf_text(report)


def test_what_a_killed_worker_was_building_is_built_by_the_next(celery_worker: StackProcess) -> None:
    with transaction.atomic():
        course = factories.course(capacity=300)
        for _number in range(150):
            factories.enrolment(course)
        report = ask(course, factories.commissioner(course.organisation))
    rows = Report.objects.filter(pk=report.pk)
    _wait_for(rows, ReportState.BUILDING)
    celery_worker.kill()
    left = rows.get()
    assert (left.state, left.file) == (ReportState.BUILDING, "")
    celery_worker.start()
    rows.update(next_attempt_at=timezone.now())  # as if its lease were over
    current_app.send_task("certification.sweep_reports")
    _wait_for(rows, ReportState.BUILT)
    assert rows.get().attempts == 2
    assert (rows.get().done, rows.get().total) == (150, 150)


def _wait_for(rows: QuerySet[Report], state: str) -> None:
    deadline = time.monotonic() + 60
    while rows.get().state != state:
        assert time.monotonic() < deadline, f"not {state} in time"
        time.sleep(0.01)
