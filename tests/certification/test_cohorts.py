"""A sponsor's report says where its people were strong or weak, and never of so few that one is known."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from accounts.models import Person
from aimcert.foundation.files import open_stored
from assessments.states import Outcome
from certification.actions import build_report, request_report
from certification.models import Report
from certification.report_contents import cohort_of, people_in, reported
from certification.states import ReportFormat
from courses.models import Course
from tests import factories
from tests.certification import outcomes

pytestmark = pytest.mark.django_db

TOO_FEW = "Nothing is shown here before at least 5 of your people have a result that you can read"


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def commissioner(course: Course) -> Person:
    return factories.commissioner(course.organisation)


def text_of(course: Course, by: Person, format: str) -> str:
    report = request_report(course=course, organisation=course.organisation, format=format, by=by)
    assert build_report(report_id=report.pk)
    with open_stored(Report.objects.get(pk=report.pk).file) as file:
        content = BytesIO(file.read())
    if format == ReportFormat.PDF:
        return " ".join(" ".join(page.extract_text() for page in PdfReader(content).pages).split())
    sheet: Any = openpyxl.load_workbook(content)["Strong and weak"]
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def cohort(course: Course, by: Person) -> Any:
    report = request_report(course=course, organisation=course.organisation, format="pdf", by=by)
    return cohort_of(people_in(reported(report)))


@pytest.mark.parametrize("format", ReportFormat.values)
def test_five_whose_results_can_be_read_are_shown_together(
    course: Course, commissioner: Person, format: str
) -> None:
    for _ in range(4):
        outcomes.certified(course)
    assert TOO_FEW in text_of(course, commissioner, format)
    outcomes.released(course)
    text = text_of(course, commissioner, format)
    assert TOO_FEW not in text
    assert "Developmental" in text
    assert "Strong" in text
    assert "16" in text  # four people met four criteria


def test_whoever_the_sponsor_may_not_read_about_is_not_counted(course: Course, commissioner: Person) -> None:
    for _ in range(4):
        outcomes.certified(course)
    other = factories.OrganisationFactory.create()
    outcomes.certified(course, sponsor=other)
    outcomes.certified(course, sponsor=None)
    # Unread feedback, and an outcome that waits for approval.
    outcomes.follow_up(course)
    factories.recommended(course)
    factories.recommended(course, outcome=Outcome.NOT_YET)
    found = cohort(course, commissioner)
    assert (found.counted, found.strengths) == (4, None)
    outcomes.certified(course)
    found = cohort(course, commissioner)
    assert found.counted == found.strengths.people == 5
    assert [row.percent for row in found.strengths.constructs] == [100]


def test_who_asks_is_not_among_those_counted(course: Course, commissioner: Person) -> None:
    for _ in range(4):
        outcomes.certified(course)
    outcomes.certified(course, person=commissioner)
    assert cohort(course, commissioner).strengths is None


def test_how_many_it_takes_is_a_setting(course: Course, commissioner: Person, settings: Any) -> None:
    settings.AIM = {**settings.AIM, "COHORT_LEAST": 1}
    outcomes.certified(course)
    assert cohort(course, commissioner).strengths.people == 1
