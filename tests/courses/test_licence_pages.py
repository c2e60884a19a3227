"""Licences on their pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from courses.models import Licence
from tests import factories as make
from tests.courses.factories import NOON
from tests.courses.pages import key, signed_in, text
from tests.stale import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def licence_form(programme, **fields):
    return {
        "name": "Ada Associate",
        "email": "ada@people.example",
        "programme": programme.code,
        "country": "GB",
        "valid_from": "2026-11-22",
        "valid_until": "2027-11-22",
        **key(),
        **fields,
    }


def test_licence_is_granted_changed_and_withdrawn_on_pages():
    programme = make.ProgrammeFactory.create()
    client = signed_in(make.admin())
    assert "will appear here" in text(client.get(reverse("courses:licences")))
    assert client.post(reverse("courses:licence_grant"), licence_form(programme)).status_code == 302
    licence = Licence.objects.get()
    assert "Has not agreed to the case study" in text(client.get(reverse("courses:licences")))
    renew = reverse("courses:licence_renew", args=[licence.uuid])
    assert client.get(renew).status_code == 200
    assert "before the first" in text(
        client.post(renew, filled_in(client.get(renew)) | {"valid_until": "2020-01-01"})
    )
    assert client.post(renew, filled_in(client.get(renew)) | {"valid_until": ""}).status_code == 302
    licence.refresh_from_db()
    assert licence.valid_until is None
    kept = filled_in(client.get(renew))
    withdraw = reverse("courses:licence_withdraw", args=[licence.uuid])
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, key()).status_code == 302
    assert "Withdrawn" in text(client.get(reverse("courses:licences")))
    assert "was withdrawn" in text(client.post(renew, kept | {"valid_until": "2028-01-01"}))


def test_licence_that_was_saved_as_it_was_says_so():
    programme = make.ProgrammeFactory.create()
    licence = make.associate(programme).licences.get()
    client = signed_in(make.admin())
    renew = reverse("courses:licence_renew", args=[licence.uuid])
    kept = client.post(renew, filled_in(client.get(renew)), follow=True)
    assert "Nothing was changed." in text(kept)
    assert "was changed." not in text(kept).replace("Nothing was changed.", "")
    changed = client.post(renew, filled_in(client.get(renew)) | {"valid_until": "2027-01-01"}, follow=True)
    assert "Nothing was changed." not in text(changed)
    assert f"The licence of {licence.associate} was changed." in text(changed)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Enter the Associate’s name."),
        ({"email": "x"}, "in the form name@example.org"),
        ({"valid_from": "31/31/2026"}, "Enter a date that exists"),
        ({"valid_from": ""}, "Enter the first day"),
        ({"valid_from": "0001-01-01"}, "Check the year"),
        ({"valid_until": "2026-11-01"}, "The last day is before the first"),
        ({"valid_from": "2020-01-01", "valid_until": "2021-01-01"}, "The last day is in the past"),
    ],
)
def test_grant_page_says_what_is_wrong(fields, words):
    programme = make.ProgrammeFactory.create()
    client = signed_in(make.admin())
    assert words in text(client.post(reverse("courses:licence_grant"), licence_form(programme, **fields)))
    assert not Licence.objects.exists()
