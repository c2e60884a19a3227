"""Every table that can name a person is told in an export of them, or left out with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import Person
from accounts.personal_data import HOLDINGS, LEFT_OUT, acts, tracked_by

Model = type[models.Model]
TOLD = {holding.model for holding in HOLDINGS.values()}
NOT_TOLD = {model: one for one in LEFT_OUT for model in one.models}
# Who a row is about, and not who acted in it.
SUBJECTS = {
    "accounts.person.merged_into",
    "accounts.confirmedaddress.person",
    "accounts.dataexport.person",
    "accounts.knowndevice.person",
    "accounts.membership.person",
    "accounts.securitystep.person",
    "accounts.signincode.person",
    "accounts.staffappointment.person",
    "assessments.agreement.associate",
    "assessments.agreementreminder.associate",
    "assessments.drawnscript.marker",
    "assessments.markinglease.taken_from",
    "assessments.unavailability.associate",
    "assessments.versionauthor.person",
    "courses.courseassociate.associate",
    "courses.enrolment.person",
    "certification.panelmember.person",
    "courses.licence.associate",
    "mfa.authenticator.user",
    "safeguarding.leadappointment.person",
    "usersessions.usersession.user",
}


def everything() -> list[Model]:
    """Every table but the history of another, which is told with it."""
    return [model for model in apps.get_models() if tracked_by(model) is None]


def words(model: Model) -> Iterator[str]:
    """Fields of `model` in which a name or an address could stand."""
    for field in model._meta.get_fields():
        inner = field.base_field if isinstance(field, ArrayField) else field
        is_text = isinstance(inner, models.CharField | models.TextField | models.JSONField)
        if is_text and not getattr(inner, "choices", None):
            yield field.name


def leads_to_person(among: Sequence[Model]) -> dict[Model, str]:
    """Tables of `among` from which a chain of references leads to a person, each with its first link."""
    found: dict[Model, str] = {Person: "itself"}
    while True:
        further = {
            model: f"{field.name} → {field.related_model.__name__}"  # type: ignore[union-attr]
            for model in among
            for field in model._meta.get_fields()
            if model not in found
            and (field.many_to_one or field.one_to_one or field.many_to_many)
            and not field.auto_created
            and field.related_model in found
        }
        if not further:
            return found
        found |= further


def can_name_a_person(among: Sequence[Model]) -> dict[Model, str]:
    """Every table of `among` that can, with how."""
    texts = {model: ", ".join(words(model)) for model in among if [*words(model)]}
    return texts | leads_to_person(among)


def forgotten(among: Sequence[Model]) -> dict[str, str]:
    """Those that nobody classified."""
    named = can_name_a_person(among).items()
    return {one._meta.label: how for one, how in named if one not in TOLD | NOT_TOLD.keys()}


def test_tables_are_found() -> None:
    found = can_name_a_person(everything())
    assert len(found) > 70
    assert len(leads_to_person(everything())) > 55
    assert "→" in found[apps.get_model("assessments.Answer")]
    assert "path" in {*words(apps.get_model("foundation.SentForm"))}


def test_every_table_that_can_name_a_person_is_told_or_left_out_with_a_reason() -> None:
    assert not forgotten(everything()), "say in holdings.py what it holds of somebody, or why it is left out"


@isolate_apps("accounts", "courses")
def test_a_new_table_is_found_by_its_references_and_by_its_texts() -> None:
    class Note(models.Model):  # noqa: DJ008 (no row of it is ever shown)
        enrolment = models.ForeignKey(apps.get_model("courses.Enrolment"), on_delete=models.PROTECT)

        class Meta:
            app_label = "courses"

    class Reply(models.Model):  # noqa: DJ008 (no row of it is ever shown)
        note = models.OneToOneField(Note, on_delete=models.PROTECT)

        class Meta:
            app_label = "courses"

    class Address(models.Model):  # noqa: DJ008 (no row of it is ever shown)
        email = models.EmailField()

        class Meta:
            app_label = "accounts"

    class Count(models.Model):  # noqa: DJ008 (no row of it is ever shown)
        number = models.PositiveIntegerField()

        class Meta:
            app_label = "accounts"

    among = [*everything(), Note, Reply, Address, Count]
    assert set(forgotten(among)) == {"courses.Note", "courses.Reply", "accounts.Address"}


def test_no_table_is_told_and_left_out_and_each_reason_is_in_words() -> None:
    assert not TOLD & NOT_TOLD.keys()
    assert sum(len(one.models) for one in LEFT_OUT) == len(NOT_TOLD)
    assert all(len(str(one.because)) > 60 for one in LEFT_OUT)
    assert not {model for model in TOLD | NOT_TOLD.keys() if model not in apps.get_models()}


def test_history_is_of_a_table_that_is_classified() -> None:
    tracked = {tracked_by(model) for model in apps.get_models()} - {None}
    assert len(tracked) > 5
    assert not tracked - TOLD - NOT_TOLD.keys()


@pytest.mark.parametrize("model", sorted(TOLD, key=lambda one: one._meta.label), ids=str)
def test_every_field_is_told_or_left_out_with_a_reason(model: Model) -> None:
    of_it = [holding for holding in HOLDINGS.values() if holding.model is model]
    told = {name for one in of_it for column in one.columns for name in (column.field, column.key)}
    without = {name for one in of_it for name in one.without}
    fields = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    assert fields - {"id"} <= told | without
    assert without <= fields, "what is left out is there"
    assert not without & told


def test_everybody_whom_a_row_names_is_whom_it_is_about_or_who_acted() -> None:
    """So that nobody is named in a way that neither the rows nor the acts of an export tell."""
    acted = {(act.model, act.who) for act in acts()}
    silent = {model for model, one in NOT_TOLD.items() if one.keeps_acts}
    named = {
        f"{model._meta.label_lower}.{field.name}"
        for model in everything()
        if model not in silent
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model is Person and (model, field.name) not in acted
    }
    assert named == SUBJECTS | {"account.emailaddress.user", "pghistory.middlewareevents.user"}


def test_keys_for_machines_are_each_their_own() -> None:
    for holding in HOLDINGS.values():
        keys = [column.key for column in holding.columns]
        assert len(keys) == len(set(keys)), holding.name
