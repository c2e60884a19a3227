"""Figures over time say nothing that a sponsor is not told, and of nobody but whose people they are."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Membership, Person
from assessments.states import Outcome
from certification.actions import release
from certification.disclosure import people_of, people_on
from certification.models import FollowUp
from certification.over_time.facts import STOOD
from certification.over_time.groups import Stood
from certification.states import DecisionKind
from courses.models import Course, Enrolment
from tests import factories
from tests.certification import crowds, outcomes
from tests.certification.over_time import LEAST, page, totals

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def commissioner(course: Course) -> Person:
    return factories.commissioner(course.organisation)


# --- What a sponsor is not told is not worked out from a figure -------------------------------------


def test_competent_not_approved_and_not_yet_not_released_are_counted_alike(
    course: Course, commissioner: Person
) -> None:
    crowds.recommended(course, LEAST)
    made = outcomes.follow_up(course)
    before = page(commissioner)
    other = factories.recommended(course)
    waiting = page(commissioner)
    # Both are still open: that one more is there is all that has changed.
    assert totals(commissioner)["outcomes"] == (0, 0, 0, LEAST + 2, 0, 0)
    assert before != waiting
    release(follow_up=outcomes.past(made))
    assert totals(commissioner)["outcomes"] == (0, 1, 0, LEAST + 1, 0, 0)
    outcomes.decided(other)
    assert totals(commissioner)["outcomes"] == (1, 1, 0, LEAST, 0, 0)


@pytest.mark.parametrize("who", ["commissioner", "admin"])
def test_page_is_the_same_before_anything_goes_to_the_sponsor(
    course: Course, commissioner: Person, who: str
) -> None:
    reader = commissioner if who == "commissioner" else factories.admin()
    waiting = [*crowds.recommended(course, LEAST), *crowds.recommended(course, 2)]
    before = page(reader)
    outcomes.decided(waiting[0], DecisionKind.RETURNED)
    outcomes.decided(waiting[1], DecisionKind.REFUSED)
    assert page(reader) == before
    # Somebody not yet competent, whose feedback is ready, then opened, then read and not sent on.
    made = outcomes.follow_up(course)
    ready = page(reader)
    FollowUp.objects.filter(pk=made.pk).update(read_at=timezone.now())
    assert page(reader) == ready
    Enrolment.objects.filter(pk=made.enrolment_id).update(outcome_finalised_at=timezone.now())
    assert page(reader) == ready


def test_follow_ups_are_counted_once_they_have_gone_to_the_sponsor(
    course: Course, commissioner: Person
) -> None:
    crowds.recommended(course, LEAST)
    made = outcomes.opened(course)
    for reader in (commissioner, factories.admin()):
        assert totals(reader)["follow-ups"] == (0, 0, 0)
    release(follow_up=outcomes.past(made))
    for reader in (commissioner, factories.admin()):
        assert totals(reader)["follow-ups"] == (0, 1, 0)
    FollowUp.objects.update(closed_at=timezone.now(), closed_by=commissioner)
    assert totals(commissioner)["follow-ups"] == (1, 0, 0)


def test_only_what_ends_a_place_or_a_result_is_more_than_open() -> None:
    assert {stage.value: stood.value for stage, stood in STOOD.items()} == {
        "certified": Stood.COMPETENT,
        "not_yet": Stood.NOT_YET,
        "not_assessed": Stood.NOT_ASSESSED,
        "certificate_ended": Stood.OTHER,
        "withdrawn": Stood.OTHER,
        "cancelled": Stood.OTHER,
    }


def test_each_outcome_stands_where_it_belongs(course: Course, commissioner: Person) -> None:
    crowds.recommended(course, LEAST)
    outcomes.certified(course)
    outcomes.released(course)
    release(follow_up=outcomes.past(outcomes.follow_up(course, outcome=Outcome.NOT_ASSESSED)))
    outcomes.revoked(outcomes.certified(course))
    left = factories.enrolment(course)
    Enrolment.objects.filter(pk=left.pk).update(withdrawn_at=timezone.now(), withdrawn_by=left.person)
    assert totals(commissioner)["outcomes"] == (1, 1, 1, LEAST, 2, 0)
    assert totals(commissioner)["people"] == (LEAST + 4, 1, 0, 0)


# --- Whose people -----------------------------------------------------------------------------------


def test_commissioner_is_told_of_their_own_organisations_people_alone() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    crowds.recommended(course, LEAST)
    for sponsor in (theirs, None):
        factories.enrolment(course, sponsor=sponsor)
    factories.nomination(course)
    factories.nomination(course, sponsor=theirs)
    assert totals(factories.commissioner(ours)) == {
        "courses": (1, 0),
        "people": (LEAST, 0, 1, 0),
        "outcomes": (0, 0, 0, LEAST, 0, 0),
        "follow-ups": (0, 0, 0),
    }
    assert totals(factories.commissioner(theirs))["people"] == (1, 0, 1, 0)
    assert totals(factories.commissioner(theirs))["outcomes"] == (0, 0, 0, 0, 0, 1)
    assert totals(factories.admin())["people"] == (LEAST + 2, 0, 2, 0)
    assert totals(factories.admin())["outcomes"] == (0, 0, 0, LEAST, 0, 2)
    stranger = factories.commissioner(factories.OrganisationFactory.create())
    assert "Four pictures will stand here" in page(stranger)
    assert 'role="img"' not in page(stranger)


def test_nobody_who_acts_for_the_sponsor_is_counted_on_its_page_whoever_opens_it(
    course: Course, commissioner: Person
) -> None:
    crowds.recommended(course, LEAST)
    alone = page(commissioner)
    for person in (commissioner, other := factories.commissioner(course.organisation)):
        factories.recommended(course, person=person)
    merged = factories.PersonFactory.create(merged_into=other, is_active=False)
    factories.recommended(course, person=merged)
    pages = {page(one) for one in (commissioner, other)}
    assert len(pages) == 1
    # The nominations are more; nothing is told of these three people.
    assert totals(commissioner)["outcomes"] == totals(other)["outcomes"] == (0, 0, 0, LEAST, 0, 0)
    assert totals(factories.admin(), course.organisation)["outcomes"] == (0, 0, 0, LEAST, 0, 0)
    assert totals(factories.admin())["outcomes"] == (0, 0, 0, LEAST, 0, 3)
    assert pages != {alone}
    Membership.objects.filter(person=other).update(ended_at=timezone.now(), ended_by=other)
    assert totals(commissioner)["outcomes"] == (0, 0, 0, LEAST + 2, 0, 0)


def test_walk_in_whom_the_sponsor_has_not_confirmed_is_not_counted_as_theirs(
    course: Course, commissioner: Person
) -> None:
    crowds.recommended(course, LEAST)
    walk_in = factories.enrolment(course, confirmed=False)
    walk_in.nomination.is_walk_in = True
    walk_in.nomination.save()
    admin = factories.admin()
    assert totals(commissioner)["outcomes"] == (0, 0, 0, LEAST, 0, 0)
    assert totals(admin, course.organisation)["outcomes"] == (0, 0, 0, LEAST, 0, 0)
    assert totals(admin)["outcomes"] == (0, 0, 0, LEAST, 0, 1)


@pytest.mark.parametrize("withdrew", [False, True])
@pytest.mark.parametrize("merged", [False, True])
def test_admin_is_told_nothing_of_a_course_on_which_they_have_or_had_a_place(
    course: Course, withdrew: bool, merged: bool
) -> None:
    admin, other = factories.admin(), factories.admin()
    own = factories.PersonFactory.create(merged_into=admin, is_active=False) if merged else admin
    left = {"withdrawn_at": timezone.now(), "withdrawn_by": own} if withdrew else {}
    factories.enrolment(course, own, **left)
    crowds.recommended(course, LEAST)
    assert "Four pictures will stand here" in page(admin)
    assert totals(other)["courses"] == (1, 0)
    assert totals(other)["outcomes"][3] + totals(other)["outcomes"][4] == LEAST + 1


@pytest.mark.parametrize("merged", [False, True])
def test_people_on_a_course_of_staff_are_told_apart_from_others(course: Course, merged: bool) -> None:
    # Each is too few; together they would be enough, and the difference of two admins' pages too few.
    crowds.recommended(course, 6)
    beside = factories.course(programme=course.programme, organisation=course.organisation)
    crowds.recommended(beside, 6)
    admin, on_it = factories.admin(), factories.admin()
    assert totals(admin)["outcomes"] == (0, 0, 0, 12, 0, 0)
    own = factories.PersonFactory.create(merged_into=on_it, is_active=False) if merged else on_it
    factories.enrolment(beside, own)
    assert totals(admin)["outcomes"] == (0, 0, 0, 0, 0, 13)
    assert totals(on_it)["outcomes"] == (0, 0, 0, 0, 0, 6)


def test_people_on_courses_are_those_on_each(course: Course) -> None:
    other = factories.course(organisation=course.organisation)
    for one in (course, other):
        factories.enrolment(one)
        factories.enrolment(one, sponsor=None)
    for user in (
        factories.commissioner(course.organisation),
        factories.admin(),
        factories.trainer_of(course),
    ):
        each = [*people_of(course, user), *people_of(other, user)]
        assert sorted(one.pk for one in people_on([course.pk, other.pk], user)) == sorted(o.pk for o in each)
