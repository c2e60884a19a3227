"""Querysets whose SQL is put together once: they find what they would find otherwise, each time anew."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

import aimcert.foundation.sessions
import aimcert.urls  # noqa: F401  (loads every page, and so every one of them)
from accounts.models import Membership, Person
from aimcert.foundation.compiled import Compiled, Given, GivenKeys
from certification.eligibility.approvers import _one_approver
from courses.models import Enrolment
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db
# Every one that a module of ours keeps, and the one that is made by a setting.
OURS = [
    *{
        id(one): one
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in ("accounts", "aimcert", "assessments", "certification", "courses")
        for one in vars(module).values()
        if isinstance(one, Compiled)
    }.values(),
    _one_approver(False),
]


def test_rows_are_those_of_the_queryset_with_their_relations_and_annotations() -> None:
    courses = [factories.course(), factories.course()]
    enrolments = [factories.enrolment(course) for course in courses]

    def everyone(course: Any) -> QuerySet[Enrolment, Any]:
        acting = Membership.objects.filter(person=OuterRef("person"))
        found = Enrolment.objects.filter(course=course).annotate(
            acts=Exists(acting), low=Lower("person__name")
        )
        return found.select_related("person").order_by("pk")

    compiled = Compiled(lambda: everyone(Given("course")))
    for course, enrolment in zip(courses * 2, enrolments * 2, strict=True):
        (found,) = compiled.rows(course=course.pk)
        assert found == everyone(course).get() == enrolment
        assert (found.acts, found.low) == (False, enrolment.person.name.lower())
        assert (found.uuid, found.enrolled_at) == (enrolment.uuid, enrolment.enrolled_at)
        assert statements(lambda found=found: found.person.email) == []


def test_values_come_as_they_would_otherwise() -> None:
    people = [factories.PersonFactory.create() for _ in range(3)]
    pairs = Compiled(
        lambda: Person.objects.filter(pk__in=GivenKeys("people")).order_by("pk").values_list("pk", "uuid")
    )
    names = Compiled(
        lambda: Person.objects.filter(pk=Given("person")).values_list("name", flat=True),
    )
    assert pairs.rows(people=[one.pk for one in people[:2]]) == [(one.pk, one.uuid) for one in people[:2]]
    assert pairs.rows(people=[]) == []
    assert [names.rows(person=one.pk) for one in people] == [[one.name] for one in people]


def test_sql_is_put_together_once_and_holds_no_value() -> None:
    person = factories.PersonFactory.create(name="Zoë O’Neill; DROP TABLE 'accounts_person' -- %s")
    built = []

    def named() -> QuerySet[Person]:
        built.append(1)
        return Person.objects.filter(name=Given("name", CharField()))

    compiled = Compiled(named)
    assert compiled.rows(name="Nobody") == []
    assert compiled.rows(name=person.name) == [person]
    assert compiled.rows(name="%") == []
    assert len(built) == 1


def test_each_use_is_one_statement_and_sees_what_changed() -> None:
    person = factories.PersonFactory.create()
    compiled = Compiled(lambda: Person.objects.filter(pk=Given("person")))
    assert compiled.rows(person=person.pk) == [person]
    Person.objects.filter(pk=person.pk).update(name="Another Name")
    found: list[Person] = []
    assert len(statements(lambda: found.extend(compiled.rows(person=person.pk)))) == 1
    assert found[0].name == "Another Name"


def test_none_of_ours_holds_the_moment_at_which_it_was_put_together(time_machine: Any) -> None:
    def put_together() -> list[Any]:
        return [one._build().query.sql_with_params() for one in OURS]

    assert len(OURS) >= 9
    time_machine.move_to(datetime(2026, 1, 5, 12, tzinfo=UTC))
    before = put_together()
    time_machine.move_to(datetime(2027, 6, 30, 23, 59, tzinfo=UTC))
    assert put_together() == before


def test_a_value_that_is_not_given_is_an_error() -> None:
    compiled = Compiled(lambda: Person.objects.filter(pk=Given("person")))
    with pytest.raises(KeyError, match="person"):
        compiled.rows(persn=1)
