"""What holds of a report of whatever kind: who has it, that it tells no more than they may know, its name."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Person
from aimcert.foundation.files import open_stored
from certification.actions import build_report
from certification.models import Report
from certification.permissions import Certification
from certification.report_kinds import KINDS, SPONSOR
from certification.states import ReportFormat, ReportKind
from courses.models import Course
from tests import factories
from tests.certification import outcomes
from tests.pages import flat

pytestmark = pytest.mark.django_db

WRITTEN = [(kind, format) for kind in KINDS.values() for format in kind.writers]
written = pytest.mark.parametrize(("kind", "format"), WRITTEN, ids=lambda one: getattr(one, "code", one))


def built(course: Course, by: Person, kind: Any, format: str) -> Report:
    report = factories.asked_report(course, by, kind=kind.code, format=format)
    assert build_report(report_id=report.pk)
    return Report.objects.get(pk=report.pk)


def file_of(report: Report) -> tuple[str, str]:
    """What stands in the file, and what it says that it is called."""
    with open_stored(report.file) as file:
        content = BytesIO(file.read())
    if report.format == ReportFormat.PDF:
        pdf = PdfReader(content)
        return " ".join(page.extract_text() for page in pdf.pages), str(pdf.metadata and pdf.metadata.title)
    book = openpyxl.load_workbook(content)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    return str([cell.value for cell in cells]), str(book.properties.title)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(course: Course, by: Person, **said: str) -> HttpResponse:
    sent = {"idempotency_key": str(uuid.uuid4()), "organisation": str(course.organisation.uuid), **said}
    answer: Any = signed_in(by).post(reverse("certification:report_request", args=[course.uuid]), sent)
    return answer


def test_kinds_are_those_that_the_database_knows() -> None:
    assert {*KINDS} == {*ReportKind.values}
    assert all(kind.code == code for code, kind in KINDS.items())


def test_database_refuses_a_kind_that_is_none() -> None:
    course = factories.course()
    with pytest.raises(IntegrityError, match="report_kind_known"), transaction.atomic():
        factories.report(course, course.created_by, kind="everything")


def test_page_refuses_a_kind_that_is_none() -> None:
    course = factories.course()
    factories.enrolment(course)
    by = factories.commissioner(course.organisation)
    refused = ask(course, by, kind="everything", format="pdf")
    assert refused.status_code == 422
    assert "Choose which report you want." in refused.text
    assert not Report.objects.exists()
    for code, kind in KINDS.items():
        assert ask(course, by, kind=code, format=next(iter(kind.writers))).status_code == 302
    assert {*Report.objects.values_list("kind", flat=True)} == {*KINDS}


@written
def test_page_offers_each_that_one_may_ask_for(kind: Any, format: str) -> None:
    course = factories.course()
    factories.enrolment(course)
    by = factories.commissioner(course.organisation)
    page = flat(signed_in(by).get(reverse("certification:results", args=[course.uuid])).text)
    assert (f'value="{kind.code}"' in page) is by.has_perm(kind.audience.may_ask, course)
    assert f'name="format" value="{format}"' in page


@pytest.mark.whole_run
@written
def test_file_says_nothing_that_its_audience_may_not_know(kind: Any, format: str) -> None:
    course, ours, theirs = outcomes.two_sponsors()
    people = {
        "Una Read": (outcomes.follow_up, ours),
        "Rhea Leased": (outcomes.released, ours),
        "Other Swoman": (outcomes.released, theirs),
        "Sel Funded": (outcomes.released, None),
    }
    for name, (made, sponsor) in people.items():
        made(course, sponsor=sponsor, person=factories.PersonFactory.create(name=name))
    asks = factories.commissioner(ours, name="Cora Missioner")
    outcomes.released(course, person=asks)
    text, _title = file_of(built(course, asks, kind, format))
    assert text.count("Rhea Leased")
    for secret in ("Other Swoman", "Sel Funded", theirs.name, *outcomes.SECRETS):
        assert secret not in text, secret
    # Nobody handles their own: who asked is named as who asked, and no more.
    assert text.count("Cora Missioner") <= 1
    if kind.audience == SPONSOR:
        # What is not said may not be guessed: of the two who are not yet competent, one was told on.
        assert text.count("Not yet competent") <= 2
        assert text.count("TOLD-COMMISSIONER") <= 1


@written
def test_file_has_its_title_and_its_name(kind: Any, format: str) -> None:
    course = factories.course()
    factories.enrolment(course)
    by = factories.commissioner(course.organisation)
    report = built(course, by, kind, format)
    assert file_of(report)[1] == kind.title(report)
    answer = signed_in(by).get(reverse("certification:report_download", args=[report.uuid]))
    assert f'filename="{kind.file_name(report)}"' in answer["Content-Disposition"]
    assert kind.file_name(report).endswith(f".{format}")


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_have_it_sees_it_and_who_does_not_see_it_may_not_have_it(kind: str) -> None:
    course = factories.course()
    person = factories.enrolment(course).person
    report = factories.report(course, course.created_by, kind=kind)
    for one in (
        person,
        factories.trainer_of(course),
        factories.commissioner(course.organisation),
        factories.commissioner(factories.OrganisationFactory.create()),
        factories.admin(),
        factories.PersonFactory.create(),
    ):
        sees = Report.objects.visible_to(one).filter(pk=report.pk).exists()
        assert sees or not one.has_perm(Certification.DOWNLOAD_REPORT, report), one
        assert sees is (one.is_aim_admin or KINDS[kind].audience.may_have.test(one, report)), one
