"""Every kind of question, through the one interface that it has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assessments.case_studies.kinds import (
    KINDS,
    AnswerRefused,
    Kind,
    Reference,
    SettingsRefused,
    Shape,
    kinds_for,
)
from tests.kinds import REFERENCE, TYPED, filled, settings_of


def test_every_kind_is_found_once_in_the_order_of_choosing() -> None:
    assert list(KINDS) == ["written", "choice", "domain-profile", "intervention-plan"]
    assert TYPED.keys() == KINDS.keys()


def test_a_programme_without_domains_or_framework_asks_the_kinds_that_need_neither() -> None:
    assert [kind.code for kind in kinds_for(Reference())] == ["written", "choice"]
    assert [kind.code for kind in kinds_for(REFERENCE)] == list(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_settings_that_were_typed_are_good_and_can_be_typed_again(kind: Kind) -> None:
    settings = settings_of(kind)
    assert kind.problems_of(json.loads(json.dumps(settings))) == []
    assert kind.settings_from(kind.typed_of(settings), REFERENCE) == settings


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_an_answer_is_one_text_that_can_be_filled_in_again(kind: Kind) -> None:
    settings = settings_of(kind)
    values = filled(kind)
    text = kind.text_of(values, settings)
    assert kind.values_of(text) == values
    assert kind.left_out(text, settings) == []
    assert kind.text_of({}, settings) == ""
    assert kind.values_of("") == {}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_field_that_the_question_does_not_have_is_refused(kind: Kind) -> None:
    with pytest.raises(AnswerRefused):
        kind.text_of({"other": "x"}, settings_of(kind))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
@pytest.mark.parametrize("settings", [None, [], "x", {"other": 1}])
def test_settings_of_another_shape_are_refused_with_a_place(kind: Kind, settings: Any) -> None:
    assert kind.problems_of(settings)


def test_names_of_fields_are_safe_in_a_page_and_unique() -> None:
    for kind in KINDS.values():
        names = [field.name for field in kind.fields(settings_of(kind))]
        assert len(set(names)) == len(names)
        assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for name in names)


def test_what_was_chosen_is_kept_in_the_order_offered_and_only_that() -> None:
    kind = KINDS["choice"]
    settings = settings_of(kind)
    assert kind.text_of({"choice": "c a", "reasons": " "}, settings) == '{"choice":"a c"}'
    with pytest.raises(AnswerRefused):
        kind.text_of({"choice": "a d"}, settings)
    one = kind.settings_from({"options": "Yes\nNo", "several": False}, REFERENCE)
    with pytest.raises(AnswerRefused):
        kind.text_of({"choice": "a b"}, one)
    field = kind.fields(settings)[0]
    assert field.shape is Shape.SEVERAL
    assert field.said("a c").chosen == ("Refer on", "Ask again")


def test_a_begun_profile_says_what_it_leaves_out() -> None:
    kind = KINDS["domain-profile"]
    settings = settings_of(kind)
    text = kind.text_of({"developmental.concerns": "Loss."}, settings)
    left = [part.label for part in kind.left_out(text, settings)]
    assert "Developmental: Strengths" in left
    assert "Self-regulation: Concerns" in left
    assert "Developmental: Concerns" not in left


def test_criteria_can_be_about_a_domain_or_a_person() -> None:
    profile, plan = KINDS["domain-profile"], KINDS["intervention-plan"]
    assert profile.parts(settings_of(profile))[0] == ("developmental", "Developmental")
    assert [title for _key, title in plan.parts(settings_of(plan))] == ["Dylan", "Carys, his mother"]
    assert KINDS["written"].parts({}) == ()


def test_people_of_a_plan_choose_among_the_areas_of_their_own_strand() -> None:
    plan = KINDS["intervention-plan"]
    settings = settings_of(plan)
    fields = {field.name: field for field in plan.fields(settings)}
    assert [option.value for option in fields["dylan.areas"].options] == [
        "1-safety-plan",
        "2-part-1-emotional-literacy",
    ]
    assert [option.label for option in fields["carys-his-mother.areas"].options] == [
        "Safety plan",
        "Providing a secure base",
    ]
    both = {"dylan.stage": "1", "carys-his-mother.stage": "2"}
    assert plan.values_of(plan.text_of(both, settings)) == both


@pytest.mark.parametrize(
    ("code", "typed", "path"),
    [
        ("choice", {"options": "Only one"}, "options"),
        ("choice", {"options": "Same\nSame"}, "options[1].text"),
        ("domain-profile", {"levels": "One"}, "levels"),
        ("intervention-plan", {"people": ""}, "people"),
        ("intervention-plan", {"people": "Dylan"}, "people[0]"),
        ("intervention-plan", {"people": "Dylan | the dog"}, "people[0]"),
        ("intervention-plan", {"people": "Dylan | adults\nDylan | adults"}, "people[1].key"),
    ],
)
def test_settings_that_no_question_can_have_are_refused_by_place(
    code: str, typed: dict[str, Any], path: str
) -> None:
    with pytest.raises(SettingsRefused) as refused:
        KINDS[code].settings_from(typed, REFERENCE)
    assert path in [problem.path for problem in refused.value.problems]
