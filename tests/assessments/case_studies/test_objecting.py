"""An objection to a passage is answered, withdrawn or, for who is gone, closed; it never lapses by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.case_studies import actions
from assessments.case_studies.canonical import passage_sha256, passages_of
from assessments.case_studies.stances import Said, stances_on
from assessments.models import Objection, ObjectionReply, Version, VersionAuthor
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import versions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create()


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Ada Admin")


@pytest.fixture
def associate(programme: Programme) -> Person:
    return factories.associate(programme, name="Olga Objects")


@pytest.fixture
def version(programme: Programme, admin: Person, associate: Person) -> Version:
    return make.proposed(programme, admin)


@pytest.fixture
def objection(version: Version, associate: Person) -> Objection:
    return actions.object_to(
        version=version, passage=make.passage(version, 2), reason="It names a school.", by=associate
    )


def told(person: Person) -> int:
    return OutgoingEmail.objects.filter(to_address=person.email, subject__contains="objection").count()


def test_an_objection_keeps_the_text_it_was_raised_against(version: Version, objection: Objection) -> None:
    assert objection.passage_sha256 == passage_sha256(passages_of(version)[objection.passage])


def test_the_authors_are_told_without_the_reason(
    version: Version, objection: Objection, admin: Person
) -> None:
    letter = OutgoingEmail.objects.get(to_address=admin.email)
    assert f"/versions/{version.uuid}/objections/{objection.uuid}/" in letter.text
    assert "school" not in letter.text + letter.html
    assert "Olga" not in letter.text + letter.html


def test_objecting_twice_to_one_passage_is_one_objection(
    version: Version, objection: Objection, associate: Person
) -> None:
    again = actions.object_to(
        version=version, passage=objection.passage, reason="And otherwise.", by=associate
    )
    assert again == objection
    assert again.reason == "It names a school."
    actions.object_to(version=version, passage="head", reason="The title.", by=associate)
    assert version.objections.count() == 2


def test_who_objects_does_not_agree_until_they_withdraw(
    version: Version, admin: Person, associate: Person
) -> None:
    actions.agree(version=version, by=associate)
    objection = actions.object_to(version=version, passage="head", reason="The title.", by=associate)
    assert stances_on(version).rows[0].said is Said.OBJECTS
    with pytest.raises(actions.ObjectionStands):
        actions.agree(version=version, by=associate)
    with pytest.raises(actions.ObjectionStands, match="Olga Objects"):
        actions.freeze_version(version=version, by=admin)
    actions.withdraw_objection(objection=objection, by=associate)
    assert stances_on(version).rows[0].said is Said.AGREED
    assert actions.freeze_version(version=version, by=admin).frozen_at


def test_an_objection_stands_when_its_passage_changed_or_its_author_is_unavailable(
    version: Version, objection: Objection, programme: Programme, admin: Person, associate: Person
) -> None:
    other = factories.associate(programme)
    make.change_section(version, number=2)
    version.refresh_from_db()
    make.all_agree(version, other)
    today = timezone.localdate()
    actions.record_unavailable(
        programme=programme, associate=associate, from_on=today, until_on=today, reason="Leave.", by=admin
    )
    with pytest.raises(actions.ObjectionStands):
        actions.freeze_version(version=version, by=admin)
    associate.licences.update(valid_until=today - timedelta(days=1))
    with pytest.raises(actions.ObjectionStands):
        actions.freeze_version(version=version, by=admin)
    assert stances_on(version).orphaned == [objection]


def test_only_who_is_licensed_objects_and_only_to_a_proposed_version(
    programme: Programme, version: Version, admin: Person, associate: Person
) -> None:
    stranger = factories.associate(factories.ProgrammeFactory.create())
    for person in (stranger, admin):
        with pytest.raises(actions.NotLicensed):
            actions.object_to(version=version, passage="head", reason="No.", by=person)
    make.all_agree(version, associate)
    frozen = actions.freeze_version(version=version, by=admin)
    with pytest.raises(actions.VersionFrozen):
        actions.object_to(version=frozen, passage="head", reason="No.", by=associate)
    draft = make.draft(programme, admin, title="The next one")
    with pytest.raises(actions.NotProposed):
        actions.object_to(version=draft, passage="head", reason="No.", by=associate)
    assert not Objection.objects.exists()


def test_an_objection_names_a_passage_and_says_why(version: Version, associate: Person) -> None:
    with pytest.raises(actions.PassageUnknown):
        actions.object_to(version=version, passage="section:nowhere", reason="No.", by=associate)
    with pytest.raises(actions.NothingSaid):
        actions.object_to(version=version, passage="head", reason="  ", by=associate)
    assert not Objection.objects.exists()


# --- Answers --------------------------------------------------------------------------------------


def test_each_side_is_told_what_the_other_answered(
    version: Version, objection: Objection, admin: Person, associate: Person
) -> None:
    author = factories.PersonFactory.create()
    VersionAuthor.objects.create(version=version, person=author, invited_by=admin)
    before = told(admin)
    actions.reply_to_objection(objection=objection, text="Is the street enough?", by=author)
    assert (told(associate), told(author), told(admin)) == (1, 0, before)
    actions.reply_to_objection(objection=objection, text="Yes.", by=associate)
    assert (told(associate), told(author), told(admin)) == (1, 1, before + 1)


def test_the_same_answer_twice_is_one(objection: Objection, admin: Person) -> None:
    first = actions.reply_to_objection(objection=objection, text="We will.", by=admin)
    assert actions.reply_to_objection(objection=objection, text="We will. ", by=admin) == first
    assert ObjectionReply.objects.count() == 1


def test_other_associates_read_and_do_not_answer(objection: Objection, programme: Programme) -> None:
    with pytest.raises(actions.NotForYou):
        actions.reply_to_objection(objection=objection, text="I too.", by=factories.associate(programme))
    assert not ObjectionReply.objects.exists()


# --- Withdrawing and closing ------------------------------------------------------------------------


def test_only_who_raised_it_withdraws_it_once(objection: Objection, admin: Person, associate: Person) -> None:
    with pytest.raises(actions.NotForYou):
        actions.withdraw_objection(objection=objection, by=admin)
    first = actions.withdraw_objection(objection=objection, by=associate)
    assert actions.withdraw_objection(objection=objection, by=associate).withdrawn_at == first.withdrawn_at
    with pytest.raises(actions.ObjectionOver):
        actions.reply_to_objection(objection=objection, text="Thank you.", by=admin)


def test_an_admin_closes_only_where_its_author_is_not_licensed_any_more(
    objection: Objection, admin: Person, associate: Person
) -> None:
    with pytest.raises(actions.StillLicensed):
        actions.close_objection(objection=objection, because="Settled.", by=admin)
    associate.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(actions.NotForYou):
        actions.close_objection(objection=objection, because="Settled.", by=associate)
    with pytest.raises(actions.NothingSaid):
        actions.close_objection(objection=objection, because=" ", by=admin)
    closed = actions.close_objection(objection=objection, because="Retired from training.", by=admin)
    assert (closed.closed_by, closed.closed_because) == (admin, "Retired from training.")
    with pytest.raises(actions.ObjectionOver):
        actions.withdraw_objection(objection=objection, by=associate)
