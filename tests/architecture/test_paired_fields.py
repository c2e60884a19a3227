"""Who and when are set together or not at all, on every model that has both."""

import pytest
from django.apps import apps
from django.db import models

OURS = ("foundation", "accounts", "courses", "assessments", "certification", "safeguarding")

PAIRS = [
    pytest.param(model, field.name.removesuffix("_by"), id=f"{model._meta.label_lower}.{field.name}")
    for app in OURS
    for model in apps.get_app_config(app).get_models()
    if not model.__name__.endswith("Event")
    for field in model._meta.get_fields()
    if isinstance(field, models.ForeignKey) and field.name.endswith("_by")
]


def test_pairs_are_found() -> None:
    assert len(PAIRS) > 20


@pytest.mark.parametrize(("model", "stem"), PAIRS)
def test_pair_is_held_by_a_constraint(model: type[models.Model], stem: str) -> None:
    names = {field.name for field in model._meta.get_fields()}
    nullable = model._meta.get_field(f"{stem}_by").null  # type: ignore[union-attr]
    when = [name for name in (f"{stem}_at", f"{stem}_on") if name in names]
    assert when, f"{model.__name__}.{stem}_by has no time beside it"
    if not nullable and not model._meta.get_field(when[0]).null:  # type: ignore[union-attr]
        return  # both are always set
    mentions = [
        constraint
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and f"'{stem}_by__isnull'" in str(constraint.deconstruct())
        and any(f"'{name}__isnull'" in str(constraint.deconstruct()) for name in when)
    ]
    assert mentions, f"nothing holds {model.__name__}.{when[0]} and {stem}_by together"
