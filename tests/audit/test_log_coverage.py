"""Everything that names who acted is told by the audit log, or left out with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ForeignKey
from django.db.models.expressions import Combinable
from django.test.utils import isolate_apps

from accounts.audit_log import CONTEXT, NOT_TOLD, TOLD, Act, Kind, NotTold, ToldAct, tell
from accounts.models import Person
from accounts.personal_data import acts, histories, tracked_by
from assessments.models import Adjustment, AdjustmentRequest, TimeGrant
from assessments.states import Granted
from courses.models import Course

RIGHTS = Path(__file__).parents[1] / "architecture" / "rights.txt"
Model = type[models.Model]
EVERY_ACT = pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
# What an act may read of a row beside ids, states and times: each is a number or what something is called.
NAMES = {"name", "number", "title"}


def of_tables() -> dict[Model, set[str]]:
    """Each table with its fields that name a person who did something, as far as the log can know."""
    found: dict[Model, set[str]] = {}
    for act in acts():
        found.setdefault(act.model, set()).add(act.who)
    return found


def append_only() -> list[Model]:
    """Tables that only grow and that name a person, but histories, which tell of another table."""
    lines = [line.split(":") for line in RIGHTS.read_text().splitlines() if ":" in line]
    only_grow = {
        name.strip() for name, rights in lines if rights.split() in (["SELECT", "INSERT"], ["SELECT"])
    }
    return [
        model
        for model in apps.get_models()
        if model._meta.db_table in only_grow
        and tracked_by(model) is None
        and any(one.many_to_one and one.related_model is Person for one in model._meta.get_fields())
    ]


def told_or_not() -> tuple[set[tuple[Model, str]], set[Model]]:
    """Fields that are told or left out, and tables that are left out as a whole."""
    known = {(one.model, one.act.who) for one in TOLD.values()}
    known |= {(one.model, who) for one in NOT_TOLD for who in one.who}
    return known, {one.model for one in NOT_TOLD if not one.who}


def forgotten(tables: dict[Model, set[str]]) -> set[str]:
    known, whole = told_or_not()
    return {
        f"{model._meta.label}.{who}"
        for model, names in tables.items()
        for who in names
        if model not in whole and (model, who) not in known
    }


def test_acts_are_found() -> None:
    assert len(of_tables()) > 45
    assert len(append_only()) > 20
    assert len(histories()) >= 10


def test_every_act_that_names_who_did_it_is_told_or_left_out_with_a_reason() -> None:
    assert not forgotten(of_tables()), "say in audit.py what the log tells of it, or why it does not"


def test_every_tracked_table_is_told() -> None:
    """By its rows or by its history; that one is left out with a reason there is none so far."""
    told = {tracked_by(one.model) or one.model for one in TOLD.values()}
    assert not set(histories()) - told


def test_every_table_that_only_grows_and_names_somebody_is_told_or_left_out() -> None:
    told = {one.model for one in TOLD.values()} | {one.model for one in NOT_TOLD}
    assert not [model._meta.label for model in append_only() if model not in told]


@isolate_apps("courses")
def test_a_new_act_is_found() -> None:
    class Visit(models.Model):  # noqa: DJ008 (no row of it is ever shown)
        visited_at = models.DateTimeField()
        visited_by = models.ForeignKey(Person, on_delete=models.PROTECT)

        class Meta:
            app_label = "courses"

    assert forgotten({Visit: {"visited_by"}}) == {"courses.Visit.visited_by"}


def test_an_act_is_told_once() -> None:
    some = next(iter(TOLD.values()))
    with pytest.raises(ValueError, match="told twice"):
        tell(some.model, some.kind, some.about, some.act)


def test_each_reason_is_in_words_and_its_fields_are_there() -> None:
    for one in NOT_TOLD:
        assert len(one.because) > 40, one
        assert {*one.who} <= {field.name for field in one.model._meta.get_fields()}, one


def test_of_adjustments_and_of_safeguarding_nothing_is_told() -> None:
    told = {one.model for one in TOLD.values()}
    assert not told & {Adjustment, AdjustmentRequest, *apps.get_app_config("safeguarding").get_models()}
    assert [str(one.act.when) for one in TOLD.values() if one.model is TimeGrant] == [
        str(models.Q(what=Granted.REOPENED))
    ]


def field_at(model: Model, way: str) -> models.Field:
    """The field that `way` leads to from `model`."""
    *links, last = way.split("__")
    for link in links:
        model = model._meta.get_field(link).related_model
    return model._meta.get_field(model._meta.pk.name if last == "pk" else last)


@EVERY_ACT
def test_a_row_that_is_of_a_course_always_says_of_which(told: ToldAct) -> None:
    """What is kept from somebody who had a place on a course is found by this way: it may not be empty."""
    if not told.about.to_course:
        assert told.model not in of_a_course(), "it is of a course, and does not say of which"
        return
    model = told.model
    for link in [] if told.about.to_course == "pk" else told.about.to_course.split("__"):
        field = model._meta.get_field(link)
        assert isinstance(field, ForeignKey)
        assert not field.null, (told.code, link)
        model = field.related_model
    assert model is Course


def of_a_course() -> set[Model]:
    """Every table from which a chain of references that are always there leads to a course."""
    found: set[Model] = {Course}
    while further := {
        model
        for model in apps.get_models()
        if model not in found
        and any(
            (one.many_to_one or one.one_to_one)
            and not one.auto_created
            and not one.null
            and one.related_model in found
            for one in model._meta.get_fields()
        )
    }:
        found |= further
    return found


@EVERY_ACT
def test_no_text_is_read(told: ToldAct) -> None:
    """What somebody wrote is in no fact: only ids, states, times, and what something is called."""
    for way in told.act.facts.values():
        if isinstance(way, Combinable):
            continue
        field = field_at(told.model, way)
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField | ArrayField)
        assert not is_text or field.choices or field.name in NAMES, (told.code, way)


@EVERY_ACT
def test_who_and_when_are_there(told: ToldAct) -> None:
    assert isinstance(field_at(told.model, told.act.at), models.DateTimeField)
    if told.act.who and told.act.who != CONTEXT:
        assert field_at(told.model, told.act.who).related_model is Person


def test_every_kind_has_something() -> None:
    assert {one.kind for one in TOLD.values()} == set(Kind)
    assert all(isinstance(one.act, Act) for one in TOLD.values())
    assert all(isinstance(one, NotTold) for one in NOT_TOLD)
