"""Everyone who is licensed is asked; a change lapses what was agreed; reminders are polite."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.case_studies import actions
from assessments.case_studies.stances import BETWEEN_REMINDERS, Said, all_have_agreed, stances_on
from assessments.models import AgreementReminder, Version
from courses.models import Licence, Programme
from tests import factories
from tests.assessments.case_studies import versions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create()


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Ada Admin")


def letters(person: Person) -> list[OutgoingEmail]:
    return list(OutgoingEmail.objects.filter(to_address=person.email).order_by("pk"))


# --- Proposing ------------------------------------------------------------------------------------


def test_everyone_licensed_today_is_asked_in_whatever_country_once(
    programme: Programme, admin: Person
) -> None:
    here, abroad = factories.associate(programme), factories.associate(programme, "NZ")
    twice = factories.associate(programme, "IE")
    Licence.objects.create(
        associate=twice, programme=programme, country="GB", valid_from="2020-01-01", granted_by=admin
    )
    elsewhere = factories.associate(factories.ProgrammeFactory.create())
    ended = factories.associate(programme)
    ended.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    version = make.proposed(programme, admin)
    actions.propose_version(version=version, by=admin)
    for person in (here, abroad, twice):
        (letter,) = letters(person)
        assert f"/versions/{version.uuid}/agreement/" in letter.text
        # Nothing of the text, not even its title.
        assert version.title not in letter.text + letter.html + letter.subject
    assert not letters(elsewhere) + letters(ended) + letters(admin)


# --- Agreeing to a text ---------------------------------------------------------------------------


def test_a_changed_passage_lapses_agreements_to_it_by_name(programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    first = actions.agree(version=version, by=associate)
    make.change_section(version, number=2)
    version.refresh_from_db()
    (stance,) = stances_on(version).rows
    assert (stance.said, stance.agreement) == (Said.LAPSED, first)
    with pytest.raises(actions.NotAgreedByAll):
        actions.freeze_version(version=version, by=admin)
    assert actions.agree(version=version, by=associate) != first
    assert stances_on(version).rows[0].said is Said.AGREED
    assert version.agreements.count() == 2


def test_a_text_that_comes_back_is_agreed_to_also_by_who_agreed_to_another_in_between(
    programme: Programme, admin: Person
) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    first = actions.agree(version=version, by=associate)
    body = version.sections.get(number=1).body
    make.change_section(version)
    actions.agree(version=version, by=associate)
    make.change_section(version, body=body)
    version.refresh_from_db()
    (stance,) = stances_on(version).rows
    assert (stance.said, stance.agreement) == (Said.AGREED, first)
    assert Version.objects.filter(all_have_agreed()).get() == version
    assert actions.freeze_version(version=version, by=admin).frozen_at


def test_a_text_that_is_put_back_is_agreed_to_again_by_itself(programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    actions.agree(version=version, by=associate)
    body = version.sections.get(number=1).body
    make.change_section(version)
    make.change_section(version, body=body)
    version.refresh_from_db()
    assert stances_on(version).rows[0].said is Said.AGREED


def test_agreeing_to_a_text_that_changed_meanwhile_is_refused(programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    make.change_section(version)
    with pytest.raises(actions.VersionChanged):
        actions.agree(version=version, seen=version.fingerprint, by=associate)
    assert not version.agreements.exists()


def test_a_newly_licensed_associate_is_asked_from_then_on(programme: Programme, admin: Person) -> None:
    first = factories.associate(programme)
    version = make.proposed(programme, admin)
    make.all_agree(version, first)
    assert stances_on(version).is_complete
    newcomer = factories.associate(programme, cleared=False)
    stances = stances_on(version)
    assert [stance.associate for stance in stances.missing] == [newcomer]
    assert not stances.is_complete


def test_nobody_at_all_is_not_everybody(programme: Programme, admin: Person) -> None:
    assert not stances_on(make.proposed(programme, admin)).is_complete


def test_a_query_finds_what_all_have_agreed_to_exactly_when_their_voices_say_so(
    programme: Programme, admin: Person
) -> None:
    today = timezone.localdate()
    version = make.proposed(programme, admin)
    said = []

    def look() -> None:
        version.refresh_from_db()
        found = Version.objects.filter(all_have_agreed(), pk=version.pk).exists()
        assert found == stances_on(version).is_complete
        said.append(found)

    look()
    first, second = factories.associate(programme), factories.associate(programme)
    look()
    make.all_agree(version, first)
    look()
    away = actions.record_unavailable(
        programme=programme, associate=second, from_on=today, until_on=today, reason="On leave.", by=admin
    )
    look()
    actions.end_unavailable(unavailability=away, by=admin)
    make.all_agree(version, second)
    look()
    objection = actions.object_to(version=version, passage="head", reason="The title.", by=second)
    look()
    actions.withdraw_objection(objection=objection, by=second)
    look()
    make.change_section(version)
    look()
    version.refresh_from_db()
    make.all_agree(version, first)
    look()
    second.licences.update(valid_until=today - timedelta(days=1))
    look()
    assert said == [False, False, False, True, True, False, True, False, False, True]


@pytest.mark.parametrize("people", [1, 3, 30])
def test_voices_take_as_many_statements_for_any_number(
    programme: Programme, admin: Person, people: int, django_assert_num_queries
) -> None:
    associates = [factories.associate(programme) for _ in range(people)]
    version = make.proposed(programme, admin)
    make.all_agree(version, *associates[: people // 2])
    with django_assert_num_queries(4):
        assert len(stances_on(version).rows) == people


# --- Reminding ------------------------------------------------------------------------------------


def test_who_has_not_answered_is_reminded_and_not_again_within_three_days(
    programme: Programme, admin: Person
) -> None:
    agreed, objects, silent, away = (factories.associate(programme) for _ in range(4))
    version = make.proposed(programme, admin)
    make.all_agree(version, agreed)
    actions.object_to(version=version, passage="head", reason="The title.", by=objects)
    today = timezone.localdate()
    actions.record_unavailable(
        programme=programme, associate=away, from_on=today, until_on=today, reason="On leave.", by=admin
    )
    assert actions.remind(version=version, by=admin) == [silent]
    assert len(letters(silent)) == 2
    with pytest.raises(actions.NobodyToRemind):
        actions.remind(version=version, by=admin)
    almost = timezone.now() + BETWEEN_REMINDERS - timedelta(minutes=1)
    with time_machine.travel(almost), pytest.raises(actions.NobodyToRemind):
        actions.remind(version=version, associates=[silent], by=admin)
    with time_machine.travel(timezone.now() + BETWEEN_REMINDERS + timedelta(minutes=1)):
        # A day later nobody is away any more.
        assert set(actions.remind(version=version, by=admin)) == {silent, away}
    assert AgreementReminder.objects.filter(associate=silent).count() == 2
    assert len(letters(silent)) == 3


def test_only_an_admin_reminds_and_only_about_what_is_proposed(programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    draft = make.draft(programme, admin)
    with pytest.raises(actions.NotProposed):
        actions.remind(version=draft, by=admin)
    version = actions.propose_version(version=draft, by=admin)
    with pytest.raises(actions.NotForYou):
        actions.remind(version=version, by=associate)
    assert not AgreementReminder.objects.exists()


# --- Freezing -------------------------------------------------------------------------------------


def test_freezing_refuses_a_text_that_its_fingerprint_does_not_cover(
    programme: Programme, admin: Person
) -> None:
    associate = factories.associate(programme)
    version = make.proposed(programme, admin)
    make.all_agree(version, associate)
    version.sections.filter(number=1).update(body="Changed past every action.")
    with pytest.raises(actions.VersionChanged):
        actions.freeze_version(version=version, by=admin)
