"""Home tells Associates what to read and agree to, authors what to answer, admins what to freeze."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.waiting import Waiting
from assessments.case_studies import actions
from assessments.case_studies.waiting import waiting_on_versions
from assessments.models import Version
from courses.models import Programme
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
def associate(programme: Programme) -> Person:
    return factories.associate(programme, "NZ")


@pytest.fixture
def version(programme: Programme, admin: Person, associate: Person) -> Version:
    return make.proposed(programme, admin)


def words(person: Person) -> list[str]:
    """What waits for `person`; that they are invited to write is test_authoring's."""
    lines = [line.words for line in waiting_on_versions(Person.objects.get(pk=person.pk))]
    return [words for words in lines if not words.startswith("Write the case study")]


def line(person: Person) -> Waiting:
    (found,) = waiting_on_versions(Person.objects.get(pk=person.pk))
    return found


def test_an_associate_reads_and_agrees_since_the_proposal(version: Version, associate: Person) -> None:
    found = line(associate)
    assert found.words == f"Read and agree to: {version}"
    assert found.url == reverse("assessments:version_agreement", args=[version.uuid])
    assert found.when is not None
    assert found.when >= version.proposed_at
    make.all_agree(version, associate)
    assert words(associate) == []
    make.change_section(version)
    assert words(associate) == [f"Read what changed since you agreed, and agree again: {version}"]


def test_a_newcomer_agrees_to_what_is_in_force_and_to_what_is_proposed(
    programme: Programme, version: Version, admin: Person, associate: Person
) -> None:
    make.all_agree(version, associate)
    frozen = actions.freeze_version(version=version, by=admin)
    assert words(associate) == []
    newcomer = factories.associate(programme, cleared=False)
    assert words(newcomer) == [f"Read and agree to: {frozen}"]
    second = make.proposed(programme, admin, title="Another")
    assert words(newcomer) == [f"Read and agree to: {frozen}", f"Read and agree to: {second}"]
    make.all_agree(frozen, newcomer)
    assert words(newcomer) == [f"Read and agree to: {second}"]


def test_nobody_else_is_asked(programme: Programme, version: Version) -> None:
    ended = factories.associate(programme)
    ended.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    elsewhere = factories.associate(factories.ProgrammeFactory.create())
    for person in (ended, elsewhere, factories.PersonFactory.create()):
        assert words(person) == []


def test_an_objection_goes_to_and_fro(version: Version, admin: Person, associate: Person) -> None:
    author = factories.PersonFactory.create()
    version.authors.create(person=author, invited_by=admin)
    objection = actions.object_to(version=version, passage="head", reason="The title.", by=associate)
    assert words(associate) == []
    for person in (admin, author):
        assert words(person) == [f"Answer 1 objection: {version}"]
    actions.object_to(version=version, passage=make.passage(version), reason="A school.", by=associate)
    assert words(author) == [f"Answer 2 objections: {version}"]
    actions.reply_to_objection(objection=objection, text="Which one?", by=author)
    assert line(associate).words == f"Read the answer to your objection: {version}"
    assert str(objection.uuid) in line(associate).url
    assert words(admin) == [f"Answer 1 objection: {version}"]
    actions.reply_to_objection(objection=objection, text="A shorter one.", by=associate)
    assert words(associate) == []
    assert words(author) == [f"Answer 2 objections: {version}"]
    actions.withdraw_objection(objection=objection, by=associate)
    assert words(author) == [f"Answer 1 objection: {version}"]


def test_an_admin_freezes_once_all_have_agreed(
    programme: Programme, version: Version, admin: Person, associate: Person
) -> None:
    other = factories.associate(programme)
    make.all_agree(version, associate)
    assert words(admin) == []
    make.all_agree(version, other)
    assert words(admin) == [f"Freeze what all have agreed to: {version}"]
    assert line(admin).url == reverse("assessments:version_freeze", args=[version.uuid])
    assert words(other) == []
    actions.freeze_version(version=version, by=admin)
    assert words(admin) == []


@pytest.mark.parametrize("programmes", [1, 3])
def test_any_number_of_versions_takes_as_many_queries(
    admin: Person, programmes: int, django_assert_num_queries
) -> None:
    for _ in range(programmes):
        programme = factories.ProgrammeFactory.create()
        associates = [factories.associate(programme) for _ in range(programmes)]
        version = make.proposed(programme, admin)
        make.all_agree(version, *associates)
        objecting = factories.associate(programme)
        actions.object_to(version=version, passage="head", reason="The title.", by=objecting)
    # The person, their relationships, the versions.
    with django_assert_num_queries(3):
        assert len(words(admin)) == programmes
