"""What is taken out at the moment at which another session reads, writes or takes it out: it is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from django.db import transaction

from accounts.models import Person
from aimcert.foundation.files import open_stored, store
from assessments.marking.actions import write_feedback
from assessments.models import Recommendation, Redaction
from assessments.states import Judged, Outcome
from certification.actions import TextsChanged, build_report, redact
from certification.actions.reporting import building
from certification.models import Report
from certification.redactions import fingerprint_of_texts, texts_with
from certification.report_kinds import KINDS
from certification.states import ReportFormat, ReportKind, ReportState
from courses.models import Enrolment
from tests import factories
from tests.certification import outcomes
from tests.everywhere import where_it_stands
from tests.sessions import begun_while_held, in_another_session

pytestmark = pytest.mark.django_db(transaction=True)

# What tests/factories.py writes to the sponsor, who reads it in the report.
PASSAGE = "TOLD-COMMISSIONER"


def take_out(place: Enrolment, *, by: Person) -> Redaction:
    texts = texts_with(place, PASSAGE)
    return redact(
        enrolment=place,
        passage=PASSAGE,
        keys={one.key for text in texts for one in text.occurrences},
        scans=set(),
        shown=fingerprint_of_texts(texts),
        reason="A real child is named.",
        by=by,
    )


@pytest.fixture
def place() -> Enrolment:
    """Somebody whose sponsor has been told."""
    with transaction.atomic():
        told: Enrolment = outcomes.released(factories.course()).enrolment
    return told


@pytest.fixture
def report(place: Enrolment) -> Report:
    by = factories.commissioner(place.course.organisation)
    return factories.asked_report(place.course, by, kind=ReportKind.FOLLOW_UP, format=ReportFormat.XLSX)


def words_of(report: Report) -> str:
    with open_stored(report.file) as file:
        book = openpyxl.load_workbook(file)
    return str([cell.value for sheet in book for row in sheet.iter_rows() for cell in row])


def check_built_without_it(report: Report) -> None:
    report = Report.objects.get(pk=report.pk)
    assert report.state == ReportState.BUILT
    assert PASSAGE not in words_of(report)
    assert "[redacted]" in words_of(report)


def test_report_that_read_it_before_is_built_again(
    report: Report, place: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, kind, stored = factories.admin(), KINDS[report.kind], []

    def taken_out_meanwhile(people: Any, viewer: Any) -> list[Any]:
        read = kind.gather(people, viewer)
        monkeypatch.setitem(KINDS, kind.code, kind)
        in_another_session(lambda: take_out(place, by=admin))
        return read

    def stores(content: bytes, **how: Any) -> Any:
        stored.append(store(content, **how))
        return stored[-1]

    monkeypatch.setitem(KINDS, kind.code, replace(kind, gather=taken_out_meanwhile))
    monkeypatch.setattr(building, "store", stores)
    assert build_report(report_id=report.pk) is False
    assert Report.objects.get(pk=report.pk).state == ReportState.WAITING
    # What was written with it was not even stored.
    assert stored == []
    assert build_report(report_id=report.pk) is True
    check_built_without_it(report)


def test_worker_that_read_it_before_writes_over_nothing_that_was_built_since(
    report: Report, place: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, kind, begun = factories.admin(), KINDS[report.kind], []

    def built_meanwhile(people: Any, viewer: Any) -> list[Any]:
        read = kind.gather(people, viewer)
        monkeypatch.setitem(KINDS, kind.code, kind)
        in_another_session(lambda: take_out(place, by=admin))
        begun.append(in_another_session(lambda: building._begin(report.pk)))
        return read

    monkeypatch.setitem(KINDS, kind.code, replace(kind, gather=built_meanwhile))
    assert build_report(report_id=report.pk) is False
    # The other is at its first attempt as well.
    assert [one.attempts for one in begun] == [1]
    assert Report.objects.get(pk=report.pk).state == ReportState.BUILDING


def test_report_begins_only_once_it_is_taken_out(report: Report, place: Enrolment) -> None:
    with transaction.atomic():
        take_out(place, by=factories.admin())
        [build] = begun_while_held(lambda: build_report(report_id=report.pk))
    assert build.result(60) is True
    check_built_without_it(report)


def test_two_who_take_it_out_at_one_moment_do_it_once(place: Enrolment) -> None:
    admins = [factories.admin(), factories.admin()]
    with transaction.atomic():
        Enrolment.objects.select_for_update().get(pk=place.pk)
        acts = begun_while_held(*(lambda by=by: take_out(place, by=by) for by in admins))
    refused = [act.exception(60) for act in acts]
    assert [type(one) for one in refused if one] == [TextsChanged]
    assert Redaction.objects.count() == 1
    assert where_it_stands(PASSAGE) == set()


def test_text_that_is_saved_at_that_moment_is_looked_at_again() -> None:
    with transaction.atomic():
        place = factories.enrolment(factories.course(), attended=True)
        marked = factories.marking(factories.submission(place), judged=Judged.NOT_MET)
        outcome = factories.recommendation(place, outcome=Outcome.NOT_YET, marking=marked, finalised=False)
    admin, said = factories.admin(), f"{PASSAGE}, and of {PASSAGE} once more."
    with transaction.atomic():
        write_feedback(
            recommendation=outcome, told_participant="", told_commissioner=said, by=outcome.recommended_by
        )
        [act] = begun_while_held(lambda: take_out(place, by=admin))
    assert isinstance(act.exception(60), TextsChanged)
    assert Recommendation.objects.get().told_commissioner == said
