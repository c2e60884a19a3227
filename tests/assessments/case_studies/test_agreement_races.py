"""Freezing against a change and against an objection, on two real connections: one happens, wholly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering import actions as answering_actions
from assessments.case_studies import actions as case_study_actions
from assessments.case_studies.canonical import fingerprint_of
from assessments.models import Agreement, AgreementReminder, CoursePin, Objection, PinMove, Sitting, Version
from tests import factories
from tests.assessments.case_studies import versions as make
from tests.sessions import while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> Person:
    return factories.admin()


@pytest.fixture
def associate() -> Person:
    return factories.associate(factories.ProgrammeFactory.create())


@pytest.fixture
def version(admin: Person, associate: Person) -> Version:
    """Proposed, and agreed to by everyone: it can be frozen."""
    made = make.proposed(associate.licences.get().programme, admin)
    make.all_agree(made, associate)
    return made


def freeze(version: Version, admin: Person) -> Callable[[], Version]:
    return lambda: case_study_actions.freeze_version(version=version, by=admin)


def holds_what_it_says(version: Version) -> bool:
    version.refresh_from_db()
    return fingerprint_of(version) == version.fingerprint


def test_freezing_that_waits_for_a_change_is_refused(version: Version, admin: Person) -> None:
    found = while_held(lambda: make.change_section(version), freeze(version, admin))
    assert isinstance(found, case_study_actions.NotAgreedByAll)
    assert holds_what_it_says(version)
    assert version.frozen_at is None


def test_a_change_that_waits_for_freezing_is_refused_by_the_database(version: Version, admin: Person) -> None:
    body = version.sections.get(number=1).body
    found = while_held(freeze(version, admin), lambda: make.change_section(version))
    assert "a frozen version does not change" in str(found)
    assert holds_what_it_says(version)
    assert version.frozen_at is not None
    assert version.sections.get(number=1).body == body


def test_freezing_that_waits_for_an_objection_is_refused(
    version: Version, admin: Person, associate: Person
) -> None:
    found = while_held(
        lambda: case_study_actions.object_to(
            version=version, passage="head", reason="The title.", by=associate
        ),
        freeze(version, admin),
    )
    assert isinstance(found, case_study_actions.ObjectionStands)
    version.refresh_from_db()
    assert version.frozen_at is None


def test_an_objection_that_waits_for_freezing_is_refused(
    version: Version, admin: Person, associate: Person
) -> None:
    found = while_held(
        freeze(version, admin),
        lambda: case_study_actions.object_to(
            version=version, passage="head", reason="The title.", by=associate
        ),
    )
    assert isinstance(found, case_study_actions.VersionFrozen)
    assert not Objection.objects.exists()


def test_an_agreement_that_waits_for_a_change_is_not_to_a_text_nobody_read(
    version: Version, associate: Person
) -> None:
    other = factories.associate(version.case_study.programme)
    found = while_held(
        lambda: make.change_section(version),
        lambda: case_study_actions.agree(version=version, seen=version.fingerprint, by=other),
    )
    assert isinstance(found, case_study_actions.VersionChanged)
    assert not Agreement.objects.filter(associate=other).exists()


def test_two_reminders_at_once_are_one(version: Version, admin: Person) -> None:
    factories.associate(version.case_study.programme)
    found = while_held(
        lambda: case_study_actions.remind(version=version, by=admin),
        lambda: case_study_actions.remind(version=version, by=admin),
    )
    assert isinstance(found, case_study_actions.NobodyToRemind)
    assert AgreementReminder.objects.count() == 1


@pytest.mark.parametrize("first", ["release", "move"])
def test_a_course_is_released_or_moved_first_and_the_other_knows(
    version: Version, admin: Person, associate: Person, first: str
) -> None:
    frozen = case_study_actions.freeze_version(version=version, by=admin)
    programme = frozen.case_study.programme
    with transaction.atomic():
        course = factories.course(programme=programme, trainers=[associate])
    newer = make.proposed(programme, admin, title="Another")
    make.all_agree(newer, associate)
    newer = case_study_actions.freeze_version(version=newer, by=admin)

    def move() -> CoursePin:
        return answering_actions.move_pin(course=course, version=newer, by=admin)

    def release() -> Any:
        return answering_actions.release_case_study(course=course, by=associate)

    found = while_held(*((release, move) if first == "release" else (move, release)))
    assert Sitting.objects.get(course=course).released_at is not None
    assert PinMove.objects.count() == (first == "move")
    assert isinstance(found, Refused) == (first == "release")
    assert CoursePin.objects.get(course=course).version == (newer if first == "move" else frozen)
