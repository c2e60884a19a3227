"""The audit log with everything in it, narrowed, with nothing, and left out; and as it is printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Person
from aimcert.audit.narrowing import MOST_MEANT
from courses.models import Nomination
from tests import factories
from tests.accounts.holdings import person_with_everything
from tests.audit.telling import nominee
from tests.journeys.accessibility.asking import at
from tests.journeys.accessibility.looking import Looking
from tests.journeys.accessibility.test_printed import printed

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


def test_the_log_in_each_of_its_states(wrong: Wrong) -> None:
    admin, log = factories.admin(), at("audit_log")
    somebody = person_with_everything()
    course = factories.course(capacity=300, title="AIM3, Leeds")
    Nomination.objects.bulk_create([nominee(course, number, timezone.now()) for number in range(60)])
    assert not wrong(admin, log, f"{log}?of={somebody.uuid}&course={course.uuid}", f"{log}?by={admin.uuid}")
    assert not wrong(admin, f"{log}?of=nobody+of+this+name", f"{log}?since=31/02/2026&until=x")
    Person.objects.bulk_create(
        [Person(name=f"Ann {n}", email=f"ann{n}@people.example") for n in range(MOST_MEANT + 1)]
    )
    assert not wrong(admin, f"{log}?of=ann")
    factories.enrolment(factories.course(), admin)
    assert not wrong(admin, f"{log}?kind=accounts")


def test_the_log_prints_what_it_is_narrowed_to(looking: Looking) -> None:
    admin = factories.admin()
    factories.nomination(factories.course(title="AIM3, Leeds"), name="Zoë O’Neill")
    (sheet,) = printed(looking, admin, f"{at('audit_log')}?kind=places")
    assert "What was done: Nominations and places" in sheet
    assert "Zoë O’Neill" in sheet
    assert "AIM3, Leeds" in sheet
    for word in ("Show all", "Download as XLSX", "Nothing was done before"):
        assert word not in sheet, word
