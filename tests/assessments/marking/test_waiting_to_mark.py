"""A trainer's home page says what is to be marked and settled, and forgets what is done."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.marking import actions
from assessments.marking.waiting import waiting_to_mark
from assessments.waiting import waiting_for
from tests import factories

pytestmark = pytest.mark.django_db


def test_each_course_says_what_it_needs() -> None:
    course = factories.course(title="AIM3, Leeds")
    trainer = factories.trainer_of(course)
    for _ in range(2):
        factories.submission(factories.enrolment(course))
    factories.marking(factories.submission(factories.enrolment(course)))
    factories.submission(factories.enrolment(course), submitted=False)
    factories.recommended(course)
    returned = factories.recommended(course)
    actions.begin_round(enrolment=returned, because="Why?", by=factories.admin())
    assert not trainer.is_aim_admin
    with CaptureQueriesContext(connection) as queries:
        found = waiting_to_mark(trainer)
    assert sorted(one.words for one in found) == [
        "Answer The AIM Project about 1 outcome: AIM3, Leeds",
        "Mark 2 scripts: AIM3, Leeds",
        "Settle 1 outcome: AIM3, Leeds",
    ]
    assert len(queries) == 1


def test_who_does_not_train_it_and_who_is_done_see_nothing() -> None:
    course = factories.course()
    factories.recommended(course)
    assert waiting_to_mark(factories.trainer_of(course)) == []
    factories.submission(factories.enrolment(course))
    for person in (factories.admin(), factories.associate(course.programme)):
        assert waiting_to_mark(person) == []
    own = factories.course()
    trainer = factories.trainer_of(own)
    factories.submission(factories.enrolment(own, trainer))
    factories.submission(factories.enrolment(own))
    assert waiting_to_mark(trainer) == []


def test_home_is_told_what_is_to_be_marked() -> None:
    course = factories.course()
    factories.submission(factories.enrolment(course))
    trainer = factories.trainer_of(course)
    assert any(one.words.startswith("Mark 1 script") for one in waiting_for(trainer))
