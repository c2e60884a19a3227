"""A page is answered with the status that fits what it says."""

from __future__ import annotations

import ast

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from aimcert.foundation.pages import NOT_NOW, TOO_BIG, refusal_of, status_of
from aimcert.foundation.refusals import Refused
from tests import factories
from tests.architecture.test_habits import SOURCES

VIEWS = [
    path
    for path in SOURCES
    if path.parts[-2:] not in (("foundation", "pages.py"), ("foundation", "refusals.py"))
]


class Form(forms.Form):
    name = forms.CharField()


class TooBig(Refused):
    status = 413


def refused(*codes: str) -> Form:
    form = Form({"name": "Zoë"})
    for code in codes:
        form.add_error(None, ValidationError("Words.", code=code))
    return form


def test_page_whose_form_was_not_sent_or_is_fine_is_200() -> None:
    for form in (None, Form(), Form({"name": "Zoë"})):
        assert status_of({"form": form}) == 200
    # A form beside, that is not what the page is about.
    assert status_of({"form": None, "other": Form({})}) == 200


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ((), 422),
        (("required",), 422),
        ((NOT_NOW,), 409),
        ((NOT_NOW, "required"), 422),
        ((TOO_BIG, "required"), 413),
        ((TOO_BIG, NOT_NOW), 413),
        (("too_many_login_attempts",), 429),
    ],
)
def test_form_that_comes_back_has_the_status_of_its_errors(codes: tuple[str, ...], status: int) -> None:
    form = refused(*codes) if codes else Form({"name": ""})
    assert status_of({"form": form}) == status
    # A page of several forms says by itself that one has errors.
    assert status_of({"has_errors": True, "second_form": form}) == status


def test_formset_tells_as_a_form_does() -> None:
    Forms = forms.formset_factory(Form)
    typed = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "Zoë"}
    formset = Forms(typed)
    formset.non_form_errors().append(refusal_of(Refused("Not now."), on_field=False))
    assert status_of({"has_errors": True, "formset": formset}) == 409
    assert status_of({"has_errors": True, "formset": Forms(typed | {"form-0-name": ""})}) == 422


def test_refusal_beside_a_field_is_about_what_was_typed() -> None:
    assert refusal_of(Refused("No."), on_field=False).code == NOT_NOW
    assert refusal_of(Refused("No."), on_field=True).code not in (NOT_NOW, TOO_BIG)
    assert refusal_of(TooBig("No."), on_field=True).code == TOO_BIG


def test_no_view_renders_a_page_past_its_status() -> None:
    for path in VIEWS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.shortcuts":
                assert "render" not in {name.name for name in node.names}, path


@pytest.mark.django_db
def test_page_for_another_role_says_no_first_and_that_nothing_was_changed() -> None:
    client = Client()
    client.force_login(factories.PersonFactory.create())
    refused = client.post(reverse("appoint_staff"), {"name": "Eve", "email": "eve@people.example"})
    assert refused.status_code == 403
    heading, _, words = refused.text.partition("<h1>")[2].partition("</h1>")
    assert heading == "You do not have permission for this"
    assert "Nothing was changed." in words.partition("</p>")[0]
    assert "You may" not in refused.text
