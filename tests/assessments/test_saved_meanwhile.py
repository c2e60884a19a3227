"""What two people save of a room, marks, an outcome or a draft: who was late reads who saved it, and when."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.answering import actions as answering_actions
from assessments.case_studies import actions as case_study_actions
from assessments.models import Recommendation
from assessments.states import Outcome
from courses.models import Course
from tests import factories
from tests.pages import flat
from tests.stale import REFUSED, both, filled_in, over

pytestmark = pytest.mark.django_db

WHEN = r"saved it on \d+ \w+ \d{4}, \d\d:\d\d"


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    trainers = [factories.associate(programme, name=name) for name in ("Ada Quill", "Ben Rook")]
    return factories.course(programme=programme, trainers=trainers)


@pytest.fixture
def ada(course: Course) -> Person:
    return Person.objects.get(name="Ada Quill")


@pytest.fixture
def ben(course: Course) -> Person:
    return Person.objects.get(name="Ben Rook")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_day_of_marking_that_a_co_trainer_told_is_not_overwritten_before_both_were_seen(
    course: Course, ada: Person, ben: Person
) -> None:
    factories.sitting(course, closed=True)
    url, room = (reverse(f"assessments:{name}", args=[course.uuid]) for name in ("marking_date", "room"))
    mine, (theirs, other) = signed_in(ada), (timezone.localdate() + timedelta(days=days) for days in (3, 9))
    typed = filled_in(mine.get(room)) | {"on": other.isoformat()}
    answering_actions.tell_marking_date(course=course, on=theirs, by=ben)
    refused = mine.post(url, typed)
    assert refused.status_code == 409
    assert REFUSED in refused.text
    assert re.search(f"Ben Rook {WHEN}", refused.text)
    assert both(refused) == [(_said(theirs), _said(other))]
    assert f'href="{room}">Keep what is saved, discard mine' in flat(refused.text)
    again = filled_in(refused)
    assert mine.post(url, again).status_code == 409
    course.sitting.refresh_from_db()
    assert course.sitting.marking_due_on == theirs
    assert mine.post(url, again | over(refused)).status_code == 302
    course.sitting.refresh_from_db()
    assert (course.sitting.marking_due_on, course.sitting.marking_told_by) == (other, ada)


def _said(day: date) -> str:
    return f"{day:%-d %B %Y}"


def test_marks_saved_from_another_page_say_when(course: Course, ada: Person) -> None:
    enrolment = factories.enrolment(course, attended=True)
    factories.submission(enrolment)
    client, url = signed_in(ada), reverse("assessments:mark", args=[course.uuid, enrolment.uuid])
    typed = filled_in(client.get(url)) | {"judged_1_1": "met", "then": "here"}
    assert client.post(url, typed).status_code == 302
    refused = client.post(url, typed | {"judged_1_1": "not_met"})
    assert refused.status_code == 409
    assert re.search("You saved it yourself, from another page, on .*, \\d\\d:\\d\\d", refused.text)


@pytest.mark.parametrize(
    ("step", "mine", "theirs"),
    [
        ("feedback", {"told_participant": "Mine."}, {"told_participant": "Theirs."}),
        ("conversation", {"words": "Mine."}, {"words": "Theirs."}),
    ],
)
def test_outcome_that_a_co_trainer_wrote_in_says_who_and_when(
    course: Course, ada: Person, ben: Person, step: str, mine: dict[str, str], theirs: dict[str, str]
) -> None:
    enrolment = factories.enrolment(course, attended=True)
    marked = factories.marking(factories.submission(enrolment), judged="not_met", marker=ada)
    factories.recommendation(enrolment, outcome=Outcome.NOT_YET, marking=marked, finalised=False)
    Recommendation.objects.update(recommended_by=ada)
    url = reverse(f"assessments:{step}", args=[course.uuid, enrolment.uuid])
    typed = filled_in(signed_in(ada).get(url)) | mine
    other = signed_in(ben)
    assert other.post(url, filled_in(other.get(url)) | theirs).status_code == 302
    refused = signed_in(ada).post(url, typed)
    assert refused.status_code == 409
    assert re.search(f"Ben Rook {WHEN}", refused.text)
    assert ("Theirs.", "Mine.") in both(refused)
    again = filled_in(refused)
    assert signed_in(ada).post(url, again).status_code == 302
    row = Recommendation.objects.get()
    assert "Mine." in (row.told_participant, row.conversation)
    assert row.changed_by == ada


def test_draft_of_the_framework_that_another_admin_saved_says_who_and_when() -> None:
    edition = factories.framework(factories.ProgrammeFactory.create(code="aim3", name="AIM3"))
    mine, theirs = (signed_in(factories.admin(name=name)) for name in ("Ada Admin", "Olu Other"))
    draft = case_study_actions.draft_edition(programme=edition.programme, by=factories.admin())
    for name, args in (("framework_edit", [draft.uuid]), ("framework_stage", [draft.uuid, 1])):
        url = reverse(f"assessments:{name}", args=args)
        typed = filled_in(mine.get(url)) | {"title": "Mine"}
        assert theirs.post(url, filled_in(theirs.get(url)) | {"title": "Theirs"}).status_code == 302
        refused = mine.post(url, typed)
        assert refused.status_code == 409
        assert REFUSED in refused.text
        assert re.search(f"Olu Other {WHEN}", refused.text)
        assert both(refused) == [("Theirs", "Mine")]
        assert mine.post(url, filled_in(refused) | over(refused)).status_code == 302
