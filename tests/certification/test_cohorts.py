"""A sponsor's report says where its people were strong or weak, and never so that one's marks are known."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from accounts.models import Person
from aimcert.foundation.files import open_stored
from assessments.states import Judged, Outcome
from certification.actions import build_report
from certification.actions.cohorts import release_cohort
from certification.models import CohortRelease, Report
from certification.report_contents import Cohort
from certification.states import ReportFormat, ReportKind
from courses.models import Course, Enrolment
from tests import factories
from tests.certification import crowds, outcomes

pytestmark = pytest.mark.django_db

LEAST, APART = 10, 5
TOO_FEW = "Nothing is shown here before at least 10 of your people on this course have a result"


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def commissioner(course: Course) -> Person:
    return factories.commissioner(course.organisation)


def certified(course: Course, size: int) -> list[Enrolment]:
    """`size` people who met every criterion, whose certificates their sponsor can see."""
    people = crowds.recommended(course, size)
    for one in people:
        outcomes.decided(one)
    return people


def cohort(course: Course) -> Cohort:
    return release_cohort(course=course, organisation=course.organisation)


def sheet_and_page(course: Course, by: Person) -> dict[str, str]:
    """What `by` is told of the cohort, by format; of the spreadsheet its sheet, of the PDF that section."""
    texts = {}
    for format in ReportFormat.values:
        report = factories.asked_report(course, by, kind=ReportKind.FOLLOW_UP, format=format)
        assert build_report(report_id=report.pk)
        with open_stored(Report.objects.get(pk=report.pk).file) as file:
            content = BytesIO(file.read())
        if format == ReportFormat.PDF:
            words = " ".join(page.extract_text() for page in PdfReader(content).pages)
            texts[format] = " ".join(words.split("Where your people were strong or weak")[1].split())
        else:
            sheet: Any = openpyxl.load_workbook(content)["Strengths and weaknesses"]
            cells = (cell.value for row in sheet.iter_rows(min_row=2) for cell in row)
            texts[format] = " ".join(str(value) for value in cells if value is not None)
    return texts


def test_nine_are_too_few_and_ten_are_shown_together(course: Course, commissioner: Person) -> None:
    certified(course, 8)
    outcomes.released(course)
    for text in sheet_and_page(course, commissioner).values():
        assert TOO_FEW in text
        assert "Developmental" not in text
    certified(course, 1)
    for text in sheet_and_page(course, commissioner).values():
        assert TOO_FEW not in text
        assert "Developmental" in text
        assert "Strong" in text


def test_bands_are_told_and_no_figure(course: Course, commissioner: Person) -> None:
    certified(course, LEAST)
    texts = sheet_and_page(course, commissioner)
    assert texts[ReportFormat.XLSX].startswith("Developmental Strong Counted on ")
    assert texts[ReportFormat.XLSX].endswith("Weak: fewer than half are.")
    assert "Domain Together Developmental Strong" in texts[ReportFormat.PDF]
    for text in texts.values():
        # Beside the date, how many more there must be is the only number.
        assert re.findall(r"\d+", re.sub(r"\d+ \w+ \d{4}|Page \d+ of \d+", "", text))[:1] == [str(APART)]
        assert "%" not in text


def test_whoever_the_sponsor_may_not_read_about_is_not_counted(course: Course) -> None:
    certified(course, LEAST - 1)
    other = factories.OrganisationFactory.create()
    outcomes.certified(course, sponsor=other)
    outcomes.certified(course, sponsor=None)
    # Unread feedback, and an outcome that waits for approval.
    outcomes.follow_up(course)
    factories.recommended(course)
    factories.recommended(course, outcome=Outcome.NOT_YET)
    assert cohort(course).released_at is None
    certified(course, 1)
    assert cohort(course).constructs
    assert CohortRelease.objects.get().people.count() == LEAST


@pytest.mark.whole_run
def test_whoever_asks_is_told_the_same(course: Course, commissioner: Person) -> None:
    certified(course, LEAST - 1)
    outcomes.certified(course, person=commissioner)
    colleague = factories.commissioner(course.organisation)
    assert (
        sheet_and_page(course, commissioner)
        == sheet_and_page(course, colleague)
        == sheet_and_page(course, factories.admin())
    )
    assert CohortRelease.objects.get().people.filter(person=commissioner).exists()


def test_a_few_more_or_fewer_change_nothing(course: Course) -> None:
    people = certified(course, LEAST)
    first = cohort(course)
    weak = crowds.recommended(course, APART - 1, judged=Judged.NOT_MET)
    for one in weak:
        outcomes.decided(one)
    assert cohort(course) == first
    outcomes.revoked(people[0])
    outcomes.decided(crowds.recommended(course, 1, judged=Judged.NOT_MET)[0])
    # Five came, and one went: the one could be worked out.
    assert cohort(course) == first
    assert CohortRelease.objects.count() == 1


def test_five_more_are_something_new(course: Course) -> None:
    certified(course, LEAST)
    first = cohort(course)
    for one in crowds.recommended(course, APART, judged=Judged.NOT_MET):
        outcomes.decided(one)
    second = cohort(course)
    assert [str(row.band) for row in first.constructs] == ["strong"]
    assert [str(row.band) for row in second.constructs] == ["mixed"]
    assert second.released_at > first.released_at


def test_a_mark_that_is_put_right_changes_nothing_of_what_was_told(course: Course) -> None:
    people = certified(course, LEAST)
    first = cohort(course)
    for one in people:
        submission = one.submissions.get()
        factories.marking(submission, judged=Judged.NOT_MET, finalised=True)
    assert cohort(course) == first


def test_what_was_told_stands(course: Course) -> None:
    certified(course, LEAST)
    cohort(course)
    release = CohortRelease.objects.get()
    for change in (
        lambda: release.delete(),
        lambda: CohortRelease.objects.update(bands=[]),
        lambda: release.people.clear(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_how_many_it_takes_are_settings(course: Course, settings: Any) -> None:
    settings.AIM = {**settings.AIM, "COHORT_LEAST": 1, "COHORT_APART": 1}
    certified(course, 1)
    first = cohort(course)
    certified(course, 1)
    assert first.constructs
    assert cohort(course).released_at > first.released_at


@pytest.mark.whole_run
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2)), min_size=3, max_size=6))
def test_no_two_looks_differ_by_fewer_than_five(course: Course, steps: list[tuple[int, int]]) -> None:
    """Whatever comes and goes between two looks, each pair of what was told differs by nobody or by five."""
    with transaction.atomic():
        for coming, going in steps:
            stand = Enrolment.objects.filter(course=course, certificates__state="valid")
            for one in stand.order_by("?")[:going]:
                outcomes.revoked(one)
            certified(course, coming)
            cohort(course)
        told = [set(one.people.values_list("person", flat=True)) for one in CohortRelease.objects.all()]
        assert all(len(one) >= LEAST for one in told)
        for number, one in enumerate(told):
            for other in told[:number]:
                assert all(len(part) == 0 or len(part) >= APART for part in (one - other, other - one))
                assert one != other
        transaction.set_rollback(True)
