"""What was before: who nominates, marks and decides sees earlier attempts, each as far as they may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import certification.urls  # noqa: F401  (with which results are told)
from accounts.models import Organisation, Person
from assessments.marking.attempts import earlier_attempts
from assessments.states import Judged, Outcome
from certification import actions
from certification.models import FollowUp
from courses.histories import known_of
from courses.models import Course, Enrolment, Nomination
from tests import factories
from tests.courses.factories import person_fields
from tests.courses.pages import key, signed_in, text
from tests.pages import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return factories.OrganisationFactory.create()


@pytest.fixture
def earlier(organisation: Organisation) -> Course:
    course = factories.course(organisation=organisation, title="The earlier course")
    factories.sitting(course)
    return course


@pytest.fixture
def person() -> Person:
    return factories.PersonFactory.create(name="Ann Able", email="ann@people.example")


Coming = Callable[..., Course]


@pytest.fixture
def coming(earlier: Course, organisation: Organisation) -> Coming:
    def made(**fields: Any) -> Course:
        fields = {"programme": earlier.programme, "organisation": organisation, **fields}
        return factories.course(starts=timezone.now() + timedelta(days=9), title="The next course", **fields)

    return made


def words(reader: Person, course: Course, person: Person) -> list[str]:
    fresh = Person.objects.get(pk=reader.pk)
    return [one.words for one in known_of(fresh, course, {person.email}).get(person.email, [])]


def not_yet(course: Course, person: Person, *, released: bool = True, **fields: Any) -> Enrolment:
    enrolment = factories.recommended(course, person=person, outcome=Outcome.NOT_YET, **fields)
    now = timezone.now()
    FollowUp.objects.create(
        enrolment=enrolment,
        recommendation=enrolment.recommendations.get(),
        sponsor_organisation=enrolment.sponsor_organisation,
        due_at=now + timedelta(days=2),
        read_at=now if released else None,
        released_at=now if released else None,
    )
    return enrolment


def certified(course: Course, person: Person) -> Enrolment:
    enrolment = factories.recommended(course, person=person)
    actions.approve(enrolment=enrolment, by=factories.admin())
    return enrolment


def test_commissioner_knows_what_was_told_to_their_organisation_and_nothing_else(
    earlier: Course, coming: Coming, person: Person, organisation: Organisation
) -> None:
    commissioner, course = factories.commissioner(organisation), coming()
    told = not_yet(earlier, person)
    assert words(commissioner, course, person) == ["Not yet competent: The earlier course"]
    FollowUp.objects.filter(enrolment=told).update(read_at=None, released_at=None)
    assert words(commissioner, course, person) == []
    other = factories.OrganisationFactory.create()
    stranger = factories.commissioner(other)
    assert words(stranger, coming(organisation=other), person) == []
    assert words(factories.admin(), course, person) == ["Not yet competent: The earlier course"]


def test_another_organisation_and_another_programme_learn_nothing_of_a_certificate(
    earlier: Course, coming: Coming, person: Person, organisation: Organisation
) -> None:
    certified(earlier, person)
    other = factories.OrganisationFactory.create()
    assert words(factories.commissioner(other), coming(organisation=other), person) == []
    elsewhere = coming(programme=factories.ProgrammeFactory.create())
    for reader in (factories.commissioner(organisation), factories.admin()):
        assert words(reader, elsewhere, person) == []
    assert words(factories.trainer_of(earlier), coming(), person) == []


def test_merged_accounts_are_one_person(
    earlier: Course, coming: Coming, person: Person, organisation: Organisation
) -> None:
    old = factories.PersonFactory.create(email="before@people.example")
    enrolment = not_yet(earlier, old)
    Person.objects.filter(pk=old.pk).update(merged_into=person, is_active=False)
    reader, course = factories.commissioner(organisation), coming()
    assert words(reader, course, person) == words(reader, course, old)
    assert words(reader, course, person) == ["Not yet competent: The earlier course"]
    own = factories.commissioner(organisation)
    Person.objects.filter(pk=old.pk).update(merged_into=own)
    assert words(own, course, old) == []
    assert enrolment


def sent(person: Person) -> dict[str, str]:
    fields = person_fields(name=person.name, email=person.email)
    return {**{name: str(value) for name, value in fields.items()}, **key()}


def nominate_page(course: Course) -> str:
    return reverse("courses:nominate", args=[course.uuid])


def test_nominating_somebody_certified_asks_first(
    earlier: Course, coming: Coming, person: Person, organisation: Organisation
) -> None:
    certificate = certified(earlier, person).certificates.get()
    course, client = coming(), signed_in(factories.commissioner(organisation))
    page = text(client.post(nominate_page(course), sent(person)))
    assert "Ann Able is certified in" in page
    assert certificate.reference in page
    assert not Nomination.objects.filter(course=course).exists()
    answer = client.post(nominate_page(course), {**sent(person), "anyway": "1"})
    assert answer.status_code == 302
    listed = text(client.get(reverse("courses:nominations", args=[course.uuid])))
    assert "Before: Holds a certificate since" in listed


def test_another_organisation_nominates_somebody_certified_as_anybody_else(
    earlier: Course, coming: Coming, person: Person
) -> None:
    certified(earlier, person)
    other = factories.OrganisationFactory.create()
    course, client = coming(organisation=other), signed_in(factories.commissioner(other))
    assert client.post(nominate_page(course), sent(person)).status_code == 302
    listed = text(client.get(reverse("courses:nominations", args=[course.uuid])))
    assert "certificate since" not in listed


def test_certificate_that_does_not_stand_asks_nothing(
    earlier: Course, coming: Coming, person: Person, organisation: Organisation
) -> None:
    certificate = certified(earlier, person).certificates.get()
    actions.revoke(certificate=certificate, reason="A mistake.", by=factories.admin())
    client = signed_in(factories.commissioner(organisation))
    assert client.post(nominate_page(coming()), sent(person)).status_code == 302


# --- Marking and deciding -----------------------------------------------------------------------------


def again(earlier: Course, person: Person, trainers: list[Person], **fields: Any) -> Enrolment:
    """A second attempt, on a later course."""
    later = factories.course(
        programme=fields.pop("programme", earlier.programme), trainers=trainers, title="The later course"
    )
    factories.sitting(later)
    return factories.recommended(later, person=person, **fields)


def test_trainer_knows_of_the_attempt_and_with_whom_and_not_what_came_of_it(
    earlier: Course, person: Person
) -> None:
    not_yet(earlier, person)
    first = factories.trainer_of(earlier)
    second = factories.associate(earlier.programme, name="Sue Second")
    enrolment = again(earlier, person, [first, second])
    url = reverse("assessments:mark", args=[enrolment.course.uuid, enrolment.uuid])
    theirs, colleagues = (text(signed_in(one).get(url)) for one in (first, second))
    for page in (theirs, colleagues):
        assert "This person had an earlier attempt" in page
        assert "The earlier course, submitted on" in page
        assert "It is the version that they answer now." in page
        assert "The same Associate, on the same version" in page
        assert (
            "Not yet competent" not in page.split("This person had an earlier attempt")[1].split("</ul>")[0]
        )
    assert "You marked it." in theirs
    assert "let a co-trainer mark this one" in theirs
    assert "let a co-trainer mark this one" not in colleagues


def test_another_version_or_another_associate_repeats_nothing(earlier: Course, person: Person) -> None:
    not_yet(earlier, person)
    stranger = factories.associate(earlier.programme)
    (attempt,) = earlier_attempts(again(earlier, person, [stranger]))
    assert (attempt.is_same_version, attempt.repeats) == (True, {})


def test_first_attempt_and_another_programme_have_no_history(earlier: Course, person: Person) -> None:
    first = not_yet(earlier, person)
    other = factories.ProgrammeFactory.create()
    elsewhere = again(earlier, person, [factories.associate(other)], programme=other)
    assert earlier_attempts(elsewhere) == []
    assert earlier_attempts(first) == []


def test_approver_reads_everything_and_who_did_it_again(earlier: Course, person: Person) -> None:
    not_yet(earlier, person)
    enrolment = again(earlier, person, [factories.trainer_of(earlier)])
    client: Client = signed_in(factories.admin())
    page = text(client.get(reverse("certification:decide", args=[enrolment.course.uuid, enrolment.uuid])))
    assert "earlier courses in this programme" in page
    assert "Not yet competent" in page
    assert f"The same Associate, on the same version: {factories.trainer_of(earlier).name}." in page
    assert "Whoever approves is told" not in page


SAME = "They did this version before, with"


@pytest.mark.parametrize("part", ["trained", "marked", "neither"])
def test_same_associate_is_told_where_many_are_approved_and_left_out_of_it(
    earlier: Course, person: Person, part: str
) -> None:
    stranger = factories.associate(earlier.programme, name="Sue Second")
    if part == "marked":
        # Who marked it trains only the later course.
        first = factories.enrolment(earlier, person, attended=True)
        marked = factories.marking(
            factories.submission(first), judged=Judged.NOT_MET, marker=stranger, finalised=True
        )
        factories.recommendation(first, outcome=Outcome.NOT_YET, marking=marked)
    else:
        not_yet(earlier, person)
    trainer = factories.trainer_of(earlier)
    enrolment = again(earlier, person, [trainer] if part == "trained" else [stranger])
    course, other = enrolment.course, factories.recommended(enrolment.course)
    admin = factories.admin()
    client, urls = (
        signed_in(admin),
        [reverse(f"certification:{name}", args=[course.uuid]) for name in ("course_queue", "approve_all")],
    )
    queue, all_of_them = (text(client.get(url)) for url in urls)
    repeats = part != "neither"
    assert (SAME in queue, "They did this version before" in all_of_them) == (repeats, repeats)
    assert ("Approve 1 eligible person" if repeats else "Approve 2 eligible people") in queue
    counted = "1 eligible, 0 not eligible, 1 to be decided on their own page."
    assert (counted if repeats else "2 eligible, 0 not eligible.") in queue
    courses = flat(text(client.get(reverse("certification:queue"))))
    cells = dict(re.findall(r'<td data-label="([^"]+)"[^>]*>([^<]*)<', courses))
    assert cells["Ready to approve"] == ("1" if repeats else "2")
    assert cells["Not ready"] == ("1" if repeats else "0")
    assert cells["What is missing"] == (
        "1 × the same Associate again: decide on their own page" if repeats else "–"
    )
    done = actions.approve_all(course=course, by=admin)
    assert [one.enrolment for one in done.certificates] == ([other] if repeats else [enrolment, other])
    if repeats:
        (left,) = done.left_out
        assert (trainer if part == "trained" else stranger).name in left.why[0].words
        # On their own page it is read, and decided.
        assert actions.approve(enrolment=enrolment, by=admin)
