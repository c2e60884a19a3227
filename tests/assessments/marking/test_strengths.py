"""Where a cohort was strong or weak: counted from finalised marks, shown to trainers and admins."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.marking.strengths import strengths_of
from assessments.models import CriterionMark, FrameworkArea, FrameworkEdition
from assessments.states import Judged, Settled
from courses.models import Course, Enrolment, Programme
from tests import factories
from tests.pages import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create(code="aim3", name="AIM3")


@pytest.fixture
def edition(programme: Programme) -> FrameworkEdition:
    return factories.framework(programme)


@pytest.fixture
def area(edition: FrameworkEdition) -> FrameworkArea:
    return edition.areas.get(stage=1, strand="adults", title="safety plan")


@pytest.fixture
def course(programme: Programme, area: FrameworkArea) -> Course:
    """Two questions of two criteria; the first criterion of all is about an area and a second domain."""
    version = factories.version(programme, frozen=False)
    first = version.questions.get(number=1).criteria.get(number=1)
    first.areas.add(area)
    first.constructs.add(programme.constructs.get(code="self-regulation"))
    version.frozen_at, version.frozen_by = version.proposed_at, version.proposed_by
    version.save()
    return factories.course(programme=programme)


def marked(course: Course, judged: str, **fields: object) -> Enrolment:
    enrolment = factories.enrolment(course)
    factories.marking(factories.submission(enrolment), judged=judged, finalised=True)
    return enrolment


def test_marks_are_counted_by_construct_and_by_area(course: Course) -> None:
    marked(course, Judged.MET)
    marked(course, Judged.MET)
    marked(course, Judged.PARTLY_MET)
    marked(course, Judged.NOT_MET)
    found = strengths_of(course.enrolments.all())
    assert found.people == 4
    assert [
        (row.about.what, row.met, row.partly_met, row.not_met, row.people) for row in found.constructs
    ] == [
        ("Developmental", 8, 4, 4, 4),
        ("Self-regulation", 2, 1, 1, 4),
    ]
    (row,) = found.areas
    assert (row.about.where, row.about.what, row.met, row.total) == ("Stage 1, adults", "safety plan", 2, 4)
    assert (row.percent, str(row.words)) == (50, "Mixed")


def test_only_the_latest_finalised_round_of_the_latest_attempt_counts(course: Course) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    factories.marking(factories.submission(enrolment), judged=Judged.MET, finalised=True)
    again = factories.enrolment(course)
    submission = factories.submission(again)
    factories.marking(submission, judged=Judged.NOT_MET, finalised=True)
    factories.marking(submission, judged=Judged.PARTLY_MET, finalised=True)
    factories.marking(factories.submission(factories.enrolment(course)), judged=Judged.NOT_MET)
    found = strengths_of(course.enrolments.all())
    assert found.people == 2
    assert [(row.met, row.partly_met, row.not_met) for row in found.constructs] == [(4, 4, 0), (1, 1, 0)]


def test_oral_question_counts_as_it_settled(course: Course) -> None:
    for settled in (Settled.MET, Settled.NOT_MET):
        marking = factories.marking(
            factories.submission(factories.enrolment(course)), judged=Judged.PARTLY_MET
        )
        CriterionMark.objects.filter(marking=marking).update(
            settled=settled, oral_question="Why?", oral_answer="Because."
        )
        marking.finalised_at, marking.finalised_by = marking.started_at, marking.marker
        marking.save()
    (row, _other) = strengths_of(course.enrolments.all()).constructs
    assert (row.met, row.partly_met, row.not_met) == (4, 0, 4)


@pytest.mark.parametrize("people", [1, 3, 30])
def test_statements_stay_the_same_however_many_were_marked(course: Course, people: int) -> None:
    for _ in range(people):
        marked(course, Judged.MET)
    with CaptureQueriesContext(connection) as asked:
        found = strengths_of(course.enrolments.all())
    assert len(asked) == 3
    assert found.people == people
    assert [str(row.words) for row in found.constructs] == ["Strong", "Strong"]


def test_page_of_a_course_is_a_picture_and_a_table(course: Course) -> None:
    client = Client()
    client.force_login(factories.trainer_of(course))
    url = reverse("assessments:strengths", args=[course.uuid])
    assert "No marking has been finalised yet." in client.get(url).content.decode()
    marked(course, Judged.NOT_MET)
    text = flat(client.get(url).text)
    assert "From the finalised marks of 1 person." in text
    assert "Weak" in text
    assert '<rect class="strength-not" x="0" width="4" height="1"/>' in text
    assert "Stage 1, adults" in text
    assert "style=" not in text
    listed = client.get(reverse("assessments:marking", args=[course.uuid])).content.decode()
    assert "No marking" not in listed


def test_admin_sees_all_courses_of_a_programme_together(course: Course) -> None:
    marked(course, Judged.MET)
    marked(factories.course(programme=course.programme), Judged.MET)
    later = course.programme.position + 1
    programme = factories.ProgrammeFactory.create(code="zzz", name="A name before all others", position=later)
    other = factories.course(programme=programme)
    marked(other, Judged.NOT_MET)
    client = Client()
    client.force_login(factories.admin())
    url = reverse("assessments:programme_strengths")
    assert "From the finalised marks of 2 people." in client.get(url).content.decode()
    assert "From the finalised marks of 1 person." in client.get(f"{url}?programme=zzz").content.decode()
    assert client.get(f"{url}?programme=none").status_code == 404
