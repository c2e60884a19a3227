"""After a newer version came into force, every submission is read with the exact text it answered."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from assessments.answering import actions as answering_actions
from assessments.answering.receipts import canonical_form, receipt_holds
from assessments.case_studies import actions as case_study_actions
from assessments.models import Version
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.case_studies import versions as make
from tests.courses.pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    """A course under way, on the first version of its case study."""
    admin = factories.admin()
    programme = factories.ProgrammeFactory.create()
    trainer = factories.associate(programme)
    first = make.proposed(programme, admin, fictional_statement="Nobody in the FIRST is real.")
    make.all_agree(first, trainer)
    case_study_actions.freeze_version(version=first, by=admin)
    course = factories.course(programme=programme, trainers=[trainer])
    factories.sitting(course)
    return course


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    """Somebody who answered and submitted."""
    made = factories.enrolment(course, attended=True)
    for number in (1, 2):
        answering_actions.save_answer(
            enrolment=made, number=number, text=f"Mine to {number}.", base_revision=0, by=made.person
        )
    answering_actions.submit(enrolment=made, declared=True, by=made.person)
    return made


@pytest.fixture
def newer(course: Course, enrolment: Enrolment) -> Version:
    """The version that took its place, all of it in other words."""
    admin = factories.admin()
    content = make.content(course.programme)
    for question in content["questions"]:
        question |= {"title": "SECOND title", "text": "SECOND asks?", "model_answer": "SECOND model"}
        question["criteria"][0] |= {"text": "SECOND criterion"}
    version = make.proposed(
        course.programme,
        admin,
        title="SECOND",
        questions=content["questions"],
        fictional_statement="Nobody in the SECOND is real.",
    )
    make.all_agree(version, factories.trainer_of(course))
    return case_study_actions.freeze_version(version=version, by=admin)


def read(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"assessments:{name}", args=args))
    assert response.status_code == 200, name
    return text(response)


def trainer(course: Course) -> Person:
    return factories.trainer_of(course)


def test_its_author_reads_what_they_answered(course: Course, enrolment: Enrolment, newer: Version) -> None:
    client = signed_in(enrolment.person)
    pages = [
        read(client, "case_study", course.uuid),
        read(client, "receipt", enrolment.uuid),
        read(client, "answers_text", enrolment.uuid),
    ]
    for page in pages:
        assert "SECOND" not in page
    assert "Nobody in the FIRST is real." in pages[0]
    assert "Mine to 1." in pages[2]


def test_its_marker_reads_the_questions_and_criteria_it_answered(
    course: Course, enrolment: Enrolment, newer: Version
) -> None:
    page = read(signed_in(trainer(course)), "mark", course.uuid, enrolment.uuid)
    assert "SECOND" not in page
    for words in ("What do you see?", "MODEL-ANSWER", "Names the concern.", "Mine to 1."):
        assert words in page


def test_who_has_not_submitted_goes_on_with_the_version_of_the_course(course: Course, newer: Version) -> None:
    late = factories.enrolment(course)
    client = signed_in(late.person)
    answering_actions.save_answer(enrolment=late, number=1, text="Late.", base_revision=0, by=late.person)
    for page in (read(client, "task_list", late.uuid), read(client, "check", late.uuid)):
        assert "SECOND" not in page
    assert late.submissions.get().version.number == 1


def test_the_receipt_names_the_fingerprint_of_the_text_that_was_answered(
    enrolment: Enrolment, newer: Version
) -> None:
    submission = enrolment.submissions.get()
    first = submission.version
    assert first.retired_at is not None
    assert f"\nversion {first.fingerprint}\n" in canonical_form(submission).decode()
    assert first.fingerprint != newer.fingerprint
    assert receipt_holds(submission)
