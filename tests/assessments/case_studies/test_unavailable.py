"""Who is recorded as unavailable holds up no freezing, and trains nothing until they have agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

import courses.actions
from accounts.models import Person
from assessments.answering import actions as answering_actions
from assessments.case_studies import actions as case_study_actions
from assessments.models import Sitting, Unavailability, Version
from courses.models import Course, Programme
from tests import factories
from tests.assessments.case_studies import versions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create()


@pytest.fixture
def admin() -> Person:
    return factories.admin()


@pytest.fixture
def present(programme: Programme) -> Person:
    return factories.associate(programme, name="Pat Present")


@pytest.fixture
def away(programme: Programme) -> Person:
    return factories.associate(programme, name="Alex Away")


def record(programme: Programme, associate: Person, by: Person, **changed) -> Unavailability:
    today = timezone.localdate()
    fields = {"from_on": today, "until_on": today + timedelta(days=30), "reason": "On leave.", **changed}
    return case_study_actions.record_unavailable(programme=programme, associate=associate, by=by, **fields)


@pytest.fixture
def frozen_without(programme: Programme, admin: Person, present: Person, away: Person) -> Version:
    """A version that came into force while `away` was unavailable; before it, both trained."""
    version = make.proposed(programme, admin)
    make.all_agree(version, present)
    record(programme, away, admin)
    return case_study_actions.freeze_version(version=version, by=admin)


def course_with(programme: Programme, *trainers: Person, **fields) -> Course:
    return factories.course(
        programme=programme,
        trainers=list(trainers),
        **{"starts": timezone.now() + timedelta(days=7), **fields},
    )


def test_freezing_does_not_wait_for_them(frozen_without: Version, present: Person, away: Person) -> None:
    assert frozen_without.frozen_at
    assert present.licences.get().cleared_at is not None
    assert away.licences.get().cleared_at is None


def test_an_unavailability_holds_on_its_days_alone(
    programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    version = make.proposed(programme, admin)
    make.all_agree(version, present)
    record(programme, away, admin, from_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(case_study_actions.NotAgreedByAll, match="Alex Away"):
        case_study_actions.freeze_version(version=version, by=admin)


def test_an_unavailability_that_was_ended_excuses_nobody(
    programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    version = make.proposed(programme, admin)
    make.all_agree(version, present)
    made = record(programme, away, admin)
    ended = case_study_actions.end_unavailable(unavailability=made, by=admin)
    assert case_study_actions.end_unavailable(unavailability=made, by=admin).ended_at == ended.ended_at
    with pytest.raises(case_study_actions.NotAgreedByAll, match="Alex Away"):
        case_study_actions.freeze_version(version=version, by=admin)


def test_one_for_another_programme_excuses_nobody_here(
    programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    other = factories.ProgrammeFactory.create()
    away.licences.create(programme=other, country="GB", valid_from=date(2020, 1, 1), granted_by=admin)
    version = make.proposed(programme, admin)
    make.all_agree(version, present)
    record(other, away, admin)
    with pytest.raises(case_study_actions.NotAgreedByAll):
        case_study_actions.freeze_version(version=version, by=admin)


def test_a_version_that_nobody_agreed_to_is_not_frozen_because_all_are_away(
    programme: Programme, admin: Person, away: Person
) -> None:
    version = make.proposed(programme, admin)
    record(programme, away, admin)
    with pytest.raises(case_study_actions.NotAgreedByAll):
        case_study_actions.freeze_version(version=version, by=admin)


# --- Until they agree -----------------------------------------------------------------------------


def test_they_are_assigned_to_no_course_until_they_agree(
    frozen_without: Version, programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    course = course_with(programme, present, published=False)
    with pytest.raises(courses.actions.NotLicensed):
        courses.actions.assign_associate(course=course, associate=away, by=admin)
    case_study_actions.agree(version=frozen_without, by=away)
    assert courses.actions.assign_associate(course=course, associate=away, by=admin).associate == away


def test_no_course_that_they_train_is_published_until_they_agree(
    frozen_without: Version, programme: Programme, admin: Person, away: Person
) -> None:
    course = course_with(programme, away, published=False)
    with pytest.raises(answering_actions.NotReadyToPublish, match="Alex Away"):
        answering_actions.publish_course(course=course, by=admin)
    case_study_actions.agree(version=frozen_without, by=away)
    assert answering_actions.publish_course(course=course, by=admin).version == frozen_without


def test_they_release_no_case_study_until_they_agree_and_their_co_trainer_does(
    programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    # Published, with the version before, when both could train it.
    factories.version(programme)
    held = course_with(programme, away, starts=timezone.now() - timedelta(hours=1))
    shared = course_with(programme, away, present, starts=timezone.now() - timedelta(hours=1))
    version = make.proposed(programme, admin)
    make.all_agree(version, present)
    record(programme, away, admin)
    frozen = case_study_actions.freeze_version(version=version, by=admin)
    for course in (held, shared):
        with pytest.raises(answering_actions.NotCleared):
            answering_actions.release_case_study(course=course, by=away)
    assert not Sitting.objects.filter(released_at__isnull=False).exists()
    assert answering_actions.release_case_study(course=shared, by=present).released_by == present
    case_study_actions.agree(version=frozen, by=away)
    assert answering_actions.release_case_study(course=held, by=away).released_by == away


def test_a_day_that_has_begun_goes_on(
    programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    factories.version(programme)
    course = course_with(programme, away, starts=timezone.now() - timedelta(hours=1))
    released = answering_actions.release_case_study(course=course, by=away)
    version = make.proposed(programme, admin)
    make.all_agree(version, present)
    record(programme, away, admin)
    case_study_actions.freeze_version(version=version, by=admin)
    assert answering_actions.release_case_study(course=course, by=away).released_at == released.released_at
    assert answering_actions.open_questions(course=course, by=away).opened_at


def test_a_newly_licensed_associate_agrees_to_the_version_in_force_before_being_assigned(
    frozen_without: Version, programme: Programme, admin: Person, present: Person
) -> None:
    licence = courses.actions.grant_licence(
        name="Nia New",
        email="nia@people.example",
        programme=programme,
        country="GB",
        valid_from=timezone.localdate(),
        by=admin,
    )
    course = course_with(programme, present, published=False)
    with pytest.raises(courses.actions.NotLicensed):
        courses.actions.assign_associate(course=course, associate=licence.associate, by=admin)
    case_study_actions.agree(version=frozen_without, by=licence.associate)
    assert courses.actions.assign_associate(course=course, associate=licence.associate, by=admin)


# --- Recording it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until_on": date(2020, 1, 1), "from_on": date(2019, 12, 1)}, "until_on"),
        ({"until_on": timezone.localdate() - timedelta(days=1)}, "until_on"),
        ({"until_on": timezone.localdate() + timedelta(days=400)}, "until_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_record_needs_days_that_make_sense_and_a_reason(
    programme: Programme, admin: Person, away: Person, changed: dict, field: str
) -> None:
    with pytest.raises(case_study_actions.CannotRecordUnavailable) as refused:
        record(programme, away, admin, **changed)
    assert refused.value.field == field
    assert not Unavailability.objects.exists()


def test_only_an_admin_records_it_of_a_licensed_associate_and_never_of_themself(
    programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    with pytest.raises(case_study_actions.NotForYou):
        record(programme, away, present)
    with pytest.raises(case_study_actions.CannotRecordUnavailable):
        record(programme, factories.PersonFactory.create(), admin)
    admin.licences.create(programme=programme, country="GB", valid_from=date(2020, 1, 1), granted_by=present)
    with pytest.raises(case_study_actions.CannotRecordUnavailable):
        record(programme, admin, admin)
    assert not Unavailability.objects.exists()


def test_the_same_record_twice_is_one(programme: Programme, admin: Person, away: Person) -> None:
    assert record(programme, away, admin) == record(programme, away, admin)
    assert Unavailability.objects.count() == 1


def test_only_an_admin_reads_records(
    programme: Programme, admin: Person, present: Person, away: Person
) -> None:
    made = record(programme, away, admin)
    assert list(Unavailability.objects.visible_to(admin)) == [made]
    assert not Unavailability.objects.visible_to(present).exists()
    assert not Unavailability.objects.visible_to(away).exists()
