"""Granting, renewing and withdrawing licences."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from courses.actions import LicenceRefused, grant_licence, renew_licence, withdraw_licence
from courses.models import Licence
from tests import factories as make
from tests.courses.factories import NOON, letters_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def grant(**fields):
    fields = {
        "name": "Ada Associate",
        "email": "ada@people.example",
        "programme": fields.get("programme") or make.ProgrammeFactory.create(),
        "country": "GB",
        "valid_from": date(2026, 1, 1),
        "by": fields.get("by") or make.admin(),
        **fields,
    }
    return grant_licence(**fields)


def test_grant_makes_the_person_and_clears_nobody():
    licence = grant()
    assert licence.associate.email == "ada@people.example"
    assert licence.cleared_at is None
    assert len(letters_to("ada@people.example")) == 1


def test_grant_twice_is_once_and_other_dates_are_told():
    programme = make.ProgrammeFactory.create()
    first = grant(programme=programme)
    assert grant(programme=programme) == first
    assert len(letters_to("ada@people.example")) == 1
    with pytest.raises(LicenceRefused):
        grant(programme=programme, valid_until=date(2027, 1, 1))
    assert grant(programme=programme, country="IE") != first
    withdraw_licence(licence=first, by=make.admin())
    assert grant(programme=programme) != first


def test_grant_refuses_dates_that_make_no_sense_and_one_s_own():
    admin = make.admin()
    for fields in (
        {"valid_until": date(2025, 12, 31)},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"by": admin, "email": admin.email},
    ):
        with pytest.raises(LicenceRefused):
            grant(**fields)
    assert not Licence.objects.exists()
    assert grant(valid_until=timezone.localdate())


def test_renew_twice_is_once():
    licence, admin = grant(valid_until=date(2027, 1, 1)), make.admin()
    until = date(2028, 1, 1)
    assert renew_licence(licence=licence, valid_until=until, by=admin).valid_until == until
    assert renew_licence(licence=licence, valid_until=until, by=admin).valid_until == until
    assert renew_licence(licence=licence, valid_until=None, by=admin).valid_until is None


def test_renew_refuses_the_past_one_s_own_and_what_was_withdrawn():
    licence, admin = grant(), make.admin()
    with pytest.raises(LicenceRefused):
        renew_licence(licence=licence, valid_until=date(2026, 11, 21), by=admin)
    with pytest.raises(LicenceRefused):
        renew_licence(licence=licence, valid_until=None, by=licence.associate)
    withdraw_licence(licence=licence, by=admin)
    with pytest.raises(LicenceRefused):
        renew_licence(licence=licence, valid_until=None, by=admin)


def test_withdraw_twice_is_once():
    licence, admin = grant(), make.admin()
    first = withdraw_licence(licence=licence, by=admin).withdrawn_at
    assert withdraw_licence(licence=licence, by=make.admin()).withdrawn_at == first
    assert len(letters_to("ada@people.example")) == 2


def test_database_holds_one_current_licence_and_its_dates():
    licence = grant()
    common = {
        "associate": licence.associate,
        "programme": licence.programme,
        "granted_by": licence.granted_by,
    }
    for fields in (
        {"country": "GB", "valid_from": date(2027, 1, 1)},
        {"country": "IE", "valid_from": date(2027, 1, 1), "valid_until": date(2026, 1, 1)},
        {"country": "ie", "valid_from": date(2027, 1, 1)},
    ):
        from django.db import transaction

        with pytest.raises(IntegrityError), transaction.atomic():
            Licence.objects.create(**common, **fields)


def test_licence_in_force_on_its_first_and_last_day():
    licence = grant(valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
    days = {date(2025, 12, 31): 0, date(2026, 1, 1): 1, date(2026, 12, 31): 1, date(2027, 1, 1): 0}
    assert {day: Licence.objects.in_force(day).count() for day in days} == days
    assert licence.valid_until
