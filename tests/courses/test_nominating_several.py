"""Several people are nominated at once: all of them or nobody, by the rules that hold for one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ConfirmedAddress, OutgoingEmail, Person, at_each, belongs_to, ever_at
from courses.actions import (
    AlreadyEnrolled,
    AlreadyNominated,
    CourseBegun,
    CourseCancelled,
    CourseFull,
    NominationRefused,
    OwnNomination,
    SeveralRefused,
    TakesPart,
    cancel,
    nominate,
    nominate_several,
    refused_openly,
)
from courses.actions.inviting import refused_by_account
from courses.models import Nomination
from courses.nominees import Nominee
from tests import factories as make
from tests.courses.factories import NOON, accepted, coming, letters_to, nominated, nominee, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON)


def token_in(letter: OutgoingEmail) -> str:
    (token,) = re.findall(r"/courses/invitations/([^/\s]+)/", letter.text)
    return token


def several(number: int) -> list[Nominee]:
    return [nominee(name=f"Person {index}") for index in range(number)]


def put_forward(course, nominees, *, by=None):
    by = by or make.commissioner(course.organisation)
    return nominate_several(course=course, nominees=nominees, sponsor=course.organisation, by=by)


def refused(course, nominees, *, by=None) -> dict[int, NominationRefused]:
    """Why `nominees` are refused; nobody was nominated."""
    before = Nomination.objects.count(), OutgoingEmail.objects.count()
    with pytest.raises(SeveralRefused) as found:
        put_forward(course, nominees, by=by)
    assert (Nomination.objects.count(), OutgoingEmail.objects.count()) == before
    for index in found.value.reasons:
        # As by itself.
        with pytest.raises(type(found.value.reasons[index]), match=str(found.value.reasons[index])):
            nominate(
                course=course,
                nominee=nominees[index],
                sponsor=course.organisation,
                by=by or make.commissioner(course.organisation),
            )
    return found.value.reasons


def test_several_are_nominated_and_each_can_accept():
    course = coming()
    reader = make.PersonFactory.create()
    people = [*several(2), nominee(email=reader.email)]
    made = put_forward(course, people)
    assert [one.email for one in made] == [one.email for one in people]
    assert len({one.token for one in made}) == 3
    for one in made:
        (letter,) = letters_to(one.email)
        assert token_in(letter) == one.token
        assert accepted(one).nomination == one


def test_statements_do_not_multiply_with_the_people():
    course = coming(capacity=300)
    by = make.commissioner(course.organisation)
    # Whom they act for is read once for each request.
    assert by.organisation_ids
    found = []
    for number in (1, 3, 100):
        people = several(number)
        with CaptureQueriesContext(connection) as captured:
            put_forward(course, people, by=by)
        # Each letter is a statement of its own.
        found.append(len(captured.captured_queries) - number)
    assert found[0] == found[1] == found[2]


def test_each_reason_is_that_of_one_and_names_whose_it_is():
    course = coming()
    by = make.commissioner(course.organisation)
    waiting, holder = nominated(course, by=by), accepted(nominated(course, by=by))
    people = [
        *several(2),
        nominee(name="Own", email=by.email),
        nominee(name="Ned", email=waiting.email),
        nominee(name="Enid", email=holder.person.email),
        nominee(name="Max", email="max@people.example", manager_email="max@people.example"),
    ]
    reasons = refused(course, people, by=by)
    assert {index: type(reason) for index, reason in reasons.items()} == {
        2: OwnNomination,
        3: AlreadyNominated,
        4: AlreadyEnrolled,
        5: NominationRefused,
    }
    with pytest.raises(SeveralRefused, match=r"Nobody was nominated. Own: You cannot .* And 1 more."):
        put_forward(course, people, by=by)


def test_what_only_an_account_tells_is_asked_last():
    course = coming()
    by = make.commissioner(course.organisation)
    known = make.PersonFactory.create(email="now@people.example")
    ConfirmedAddress.objects.create(
        person=known, email="then@people.example", confirmed_at=NOON, given_up_at=timezone.now()
    )
    same = nominee(email="now@people.example", manager_email="then@people.example")
    trainer = nominee(email=make.trainer_of(course).email)
    assert refused_openly(course, [same, trainer], by) == {}
    assert list(refused(course, [same, trainer], by=by)) == [1]
    assert list(refused(course, [*several(1), same], by=by)) == [1]
    # Where anything else stands against somebody, nothing of accounts is told.
    assert list(refused(course, [same, trainer, nominee(email=by.email)], by=by)) == [2]
    full = coming(capacity=1, organisation=course.organisation)
    with pytest.raises(CourseFull):
        put_forward(full, [same, *several(1)], by=by)


def test_who_is_on_the_course_otherwise_is_nominated_like_anybody():
    course = coming(hosted=True)
    one, other = make.OrganisationFactory.create(), make.OrganisationFactory.create()
    theirs = nominated(course, sponsor=one, by=make.commissioner(one))
    own = make.enrolment(course, sponsor=None)
    by = make.commissioner(other)
    people = [nominee(email=theirs.email), nominee(email=own.person.email)]
    assert refused_openly(course, people, by) == refused_by_account(course, people, by) == {}
    made = nominate_several(course=course, nominees=people, sponsor=other, by=by)
    assert [len(letters_to(one.email)) for one in made] == [2, 1]


def test_course_takes_all_or_nobody():
    course = coming(capacity=3)
    with pytest.raises(CourseFull, match=r"Only 3 places of this course are free, for 4 people. Leave out 1"):
        put_forward(course, several(4))
    put_forward(course, several(2))
    with pytest.raises(CourseFull, match=r"Only 1 place of this course is free, for 2 people. Leave out 1"):
        put_forward(course, several(2))
    put_forward(course, several(1))
    with pytest.raises(CourseFull, match="All 3 places"):
        put_forward(course, several(1))


def test_address_that_is_given_twice_is_refused():
    people = several(2)
    with pytest.raises(SeveralRefused, match="in the list twice") as found:
        put_forward(coming(), [*people, people[0]])
    assert list(found.value.reasons) == [2]


def test_course_and_sponsor_are_asked_as_for_one():
    course = coming()
    by = make.commissioner(course.organisation)
    with pytest.raises(NominationRefused, match="Choose an organisation that you act for"):
        nominate_several(course=course, nominees=several(2), sponsor=make.OrganisationFactory.create(), by=by)
    begun = running(organisation=course.organisation)
    with pytest.raises(CourseBegun):
        put_forward(begun, several(2), by=by)
    cancel(course=course, because="Ill.", by=make.admin())
    with pytest.raises(CourseCancelled):
        put_forward(course, several(2), by=by)
    paying = coming(hosted=True)
    made = nominate_several(course=paying, nominees=several(2), sponsor=None, by=make.admin())
    assert {one.sponsor_organisation for one in made} == {None}


def test_trainer_is_told_by_the_same_words():
    course = coming()
    assert [
        type(one) for one in refused(course, [nominee(email=make.trainer_of(course).email)]).values()
    ] == [TakesPart]


def test_addresses_of_many_are_found_as_of_one():
    first, now, gone = (make.PersonFactory.create() for _ in range(3))
    merged = make.PersonFactory.create(merged_into=first, is_active=False)
    for person, email, days in (
        (now, "old@people.example", 3),
        (gone, "old@people.example", 2),
        (merged, "merged.old@people.example", 1),
        (gone, now.email, 9),
    ):
        then = timezone.now() - timedelta(days=days)
        ConfirmedAddress.objects.create(
            person=person, email=email, confirmed_at=then, given_up_at=timezone.now()
        )
    addresses = [one.email for one in (first, now, gone, merged)]
    addresses += ["old@people.example", "merged.old@people.example", "nobody@people.example"]
    with CaptureQueriesContext(connection) as captured:
        found = at_each(addresses)
    assert len(captured.captured_queries) == 2
    for address in addresses:
        ever = set(ever_at(address).values_list("pk", flat=True))
        reached = set(Person.objects.filter(belongs_to(address)).values_list("pk", flat=True))
        assert (found[address].ever if address in found else set()) == ever, address
        assert (found[address].now if address in found else set()) == reached, address
