"""The agreement pages: who says what, one's own part, objections, reminders, freezing; nothing private."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.canonical import passages_of
from assessments.models import Agreement, AgreementReminder, Objection, Unavailability, Version
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import versions as make
from tests.courses.pages import SCRIPT, key, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create()


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Ada Admin")


@pytest.fixture
def associate(programme: Programme) -> Person:
    return factories.associate(programme, name="Ruth Reader")


@pytest.fixture
def abroad(programme: Programme) -> Person:
    return factories.associate(programme, "NZ", name="Aroha Abroad")


@pytest.fixture
def version(programme: Programme, admin: Person, associate: Person, abroad: Person) -> Version:
    return make.proposed(programme, admin)


def url(name: str, version: Version, *more: Any) -> str:
    return reverse(f"assessments:version_{name}", args=[version.uuid, *more])


def read(client: Client, name: str, version: Version, *more: Any) -> str:
    response = client.get(url(name, version, *more))
    assert response.status_code == 200
    return html.unescape(" ".join(text(response).split()))


def object_to(version: Version, by: Person, number: int = 2) -> Objection:
    return actions.object_to(
        version=version, passage=make.passage(version, number), reason="It names a school.", by=by
    )


# --- The picture --------------------------------------------------------------------------------------


def test_the_page_tells_what_each_associate_says(
    programme: Programme, version: Version, admin: Person, associate: Person, abroad: Person
) -> None:
    objecting = factories.associate(programme, name="Olga Objects")
    away = factories.associate(programme, name="Alex Away")
    lapsed = factories.associate(programme, name="Lena Lapsed")
    make.all_agree(version, lapsed)
    make.change_section(version, number=3)
    version.refresh_from_db()
    make.all_agree(version, abroad)
    object_to(version, objecting)
    today = timezone.localdate()
    actions.record_unavailable(
        programme=programme,
        associate=away,
        from_on=today,
        until_on=today + timedelta(days=9),
        reason="Parental leave.",
        by=admin,
    )
    Version.objects.filter(pk=version.pk).update(proposed_at=timezone.now() - timedelta(days=6, hours=1))
    for licence in associate.licences.all():
        licence.granted_at = timezone.now() - timedelta(days=30)
        licence.save()
    shown = read(signed_in(admin), "agreement", version)
    assert "1 of 5 licensed Associates have agreed." in shown
    assert "2 have still to answer." in shown
    assert "1 is unavailable" in shown
    assert "1 objection stands." in shown
    for words in ("New Zealand", "United Kingdom", "for 6 days", "Parental leave."):
        assert words in shown
    assert f"{url('changes', version)}?since={lapsed.uuid}#{make.passage(version, 3)}" in shown
    assert url("objection", version, version.objections.get().uuid) in shown


def test_an_associate_sees_who_agreed_and_nothing_private(
    programme: Programme, version: Version, admin: Person, associate: Person, abroad: Person
) -> None:
    make.all_agree(version, abroad)
    day = timezone.localdate() + timedelta(days=9)
    away = factories.associate(programme, name="Alex Away")
    actions.record_unavailable(
        programme=programme,
        associate=away,
        from_on=timezone.localdate(),
        until_on=day,
        reason="Parental leave.",
        by=admin,
    )
    actions.remind(version=version, by=admin)
    shown = read(signed_in(associate), "agreement", version)
    assert "Aroha Abroad" in shown
    assert "Alex Away" in shown
    assert "Unavailable" in shown
    for private in ("Parental leave", f"until {day.day}", "Reminded", "@", "Remind everyone", "Freeze"):
        assert private not in shown.partition("<main")[2].partition("</main")[0], private


@pytest.mark.parametrize("people", [1, 3, 30])
def test_the_page_takes_as_many_queries_for_any_number(
    programme: Programme, admin: Person, people: int, django_assert_num_queries
) -> None:
    associates = [factories.associate(programme) for _ in range(people)]
    version = make.proposed(programme, admin)
    make.all_agree(version, *associates[1:])
    make.change_section(version)
    version.refresh_from_db()
    make.all_agree(version, *associates[: people // 3])
    objection = object_to(version, associates[0])
    actions.reply_to_objection(objection=objection, text="Is the street enough?", by=admin)
    client = signed_in(admin)
    read(client, "agreement", version)
    with django_assert_num_queries(12):
        read(client, "agreement", version)


def test_a_draft_says_that_nobody_was_asked(programme: Programme, admin: Person) -> None:
    draft = make.draft(programme, admin)
    assert "Nobody has been asked yet" in read(signed_in(admin), "agreement", draft)


# --- One's own part -----------------------------------------------------------------------------------


def test_an_associate_is_asked_for_one_thing_and_agrees(version: Version, abroad: Person) -> None:
    client = signed_in(abroad)
    assert url("agree", version) in read(client, "agreement", version)
    asked = read(client, "agree", version)
    assert version.fingerprint in asked
    refused = client.post(url("agree", version), {"seen": version.fingerprint, **key()})
    assert "Tick the box if you agree" in text(refused)
    assert not Agreement.objects.exists()
    sent = {"seen": version.fingerprint, "declared": "on", **key()}
    for _twice in range(2):
        assert client.post(url("agree", version), sent).status_code == 302
    assert Agreement.objects.get().associate == abroad
    after = read(client, "agreement", version)
    assert "Nothing more is needed" in after
    assert url("agree", version) not in after


def test_a_text_that_changed_meanwhile_is_read_again_before_it_is_agreed_to(
    version: Version, associate: Person
) -> None:
    client = signed_in(associate)
    sent = {"seen": version.fingerprint, "declared": "on", **key()}
    make.change_section(version)
    answer = text(client.post(url("agree", version), sent))
    assert "The text changed while you were reading it" in answer
    assert not Agreement.objects.exists()


def test_who_agreed_before_reads_what_changed(version: Version, associate: Person) -> None:
    make.all_agree(version, associate)
    make.change_section(version, number=2)
    client = signed_in(associate)
    link = f"{url('changes', version)}?since={associate.uuid}#{make.passage(version, 2)}"
    for name in ("agreement", "agree"):
        shown = read(client, name, version)
        assert link in shown, name
    assert "your agreement has lapsed" in read(client, "agreement", version)


def test_a_newly_licensed_associate_agrees_to_what_is_in_force(
    programme: Programme, version: Version, admin: Person, associate: Person, abroad: Person
) -> None:
    make.all_agree(version, associate, abroad)
    frozen = actions.freeze_version(version=version, by=admin)
    newcomer = factories.associate(programme, cleared=False)
    client = signed_in(newcomer)
    shown = read(client, "agreement", frozen)
    assert "no course can be given to you" in shown
    assert url("object", frozen) not in shown
    client.post(url("agree", frozen), {"seen": frozen.fingerprint, "declared": "on", **key()})
    assert newcomer.licences.get().cleared_at is not None
    # Another licence waits for its own.
    newcomer.licences.create(programme=programme, country="IE", valid_from="2020-01-01", granted_by=admin)
    assert url("agree", frozen) in read(client, "agreement", frozen)


# --- Objections ---------------------------------------------------------------------------------------


def test_an_objection_is_raised_answered_and_withdrawn(
    version: Version, admin: Person, associate: Person, abroad: Person
) -> None:
    client, answers = signed_in(associate), signed_in(admin)
    form = text(client.get(url("object", version), {"passage": make.passage(version, 2)}))
    assert f'<option value="{make.passage(version, 2)}" selected>' in form
    assert "Section 2: Section 2" in form
    sent = {"passage": make.passage(version, 2), "reason": f"It names a school. {SCRIPT}", **key()}
    assert client.post(url("object", version), sent).status_code == 302
    objection = Objection.objects.get()
    page = url("objection", version, objection.uuid)
    assert "It reads today as it did" in text(client.get(page))
    assert SCRIPT not in text(client.get(page))
    answers.post(url("objection_reply", version, objection.uuid), {"text": "Is the street enough?"})
    assert "Is the street enough?" in text(client.get(page))
    # Others read it, and have nothing to do there.
    seen = text(signed_in(abroad).get(page))
    assert "Is the street enough?" in seen
    assert "Withdraw my objection" not in seen
    assert 'name="text"' not in seen
    assert client.post(url("objection_withdraw", version, objection.uuid)).status_code == 302
    assert "Withdrawn" in text(client.get(page))
    assert client.post(url("objection_reply", version, objection.uuid), {"text": "More."}).status_code == 409


def test_an_objection_shows_its_text_and_what_stands_there_now(
    version: Version, admin: Person, associate: Person
) -> None:
    objection = object_to(version, associate, number=1)
    body = version.sections.get(number=1).body
    make.change_section(version, number=1, body=body.replace("word1x2", "another"))
    shown = read(signed_in(admin), "objection", version, objection.uuid)
    assert "The objection still stands" in shown
    assert "word1x2" in shown
    assert "another" in shown
    version.sections.get(number=1).delete()
    shown = read(signed_in(admin), "objection", version, objection.uuid)
    assert "A passage that was removed" in shown
    assert "word1x2" in shown


def test_what_is_typed_wrongly_is_said_and_kept(version: Version, admin: Person, associate: Person) -> None:
    client = signed_in(associate)
    answer = text(
        client.post(url("object", version), {"passage": "section:x", "reason": "Kept words.", **key()})
    )
    assert "Choose a passage of this version." in answer
    assert "Kept words." in answer
    objection = object_to(version, associate)
    answer = text(client.post(url("objection_reply", version, objection.uuid), {"text": " "}))
    assert "Write your answer." in answer
    assert "Error:" in answer


@pytest.mark.parametrize("kind", ["head", "section", "question"])
def test_an_author_goes_from_an_objection_to_the_passage_that_it_is_about(
    version: Version, admin: Person, associate: Person, kind: str
) -> None:
    passage = next(name for name in passages_of(version) if name.startswith(kind))
    objection = actions.object_to(version=version, passage=passage, reason="Too long.", by=associate)
    page = signed_in(admin).get(url("objection", version, objection.uuid))
    link = re.search(r'href="([^"]+)">Change this passage', page.content.decode())
    assert link
    assert signed_in(admin).get(link.group(1)).status_code == 200
    assert "Change this passage" not in read(signed_in(associate), "objection", version, objection.uuid)


def test_an_admin_closes_the_objection_of_who_left(
    version: Version, admin: Person, associate: Person
) -> None:
    objection = object_to(version, associate)
    client = signed_in(admin)
    sent = {"because": "They left.", **key()}
    close = url("objection_close", version, objection.uuid)
    assert "only they withdraw it" in text(client.post(close, sent))
    assert close not in read(client, "objection", version, objection.uuid)
    associate.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert close in read(client, "objection", version, objection.uuid)
    assert client.post(close, sent).status_code == 302
    assert "They left." in read(client, "objection", version, objection.uuid)


def test_an_objection_of_another_version_is_not_found(
    version: Version, associate: Person, admin: Person
) -> None:
    objection = object_to(version, associate)
    other = factories.version(factories.ProgrammeFactory.create())
    assert signed_in(admin).get(url("objection", other, objection.uuid)).status_code == 404


# --- What an admin does -------------------------------------------------------------------------------


def test_an_admin_reminds_all_or_some(
    version: Version, admin: Person, associate: Person, abroad: Person
) -> None:
    client = signed_in(admin)
    assert client.post(url("remind", version), {"associate": str(abroad.uuid)}).status_code == 302
    assert AgreementReminder.objects.get().associate == abroad
    assert client.post(url("remind", version)).status_code == 302
    assert AgreementReminder.objects.count() == 2
    assert client.post(url("remind", version)).status_code == 409


def test_an_admin_records_and_ends_an_absence(version: Version, admin: Person, abroad: Person) -> None:
    client = signed_in(admin)
    today = timezone.localdate()
    sent = {
        "associate": str(abroad.uuid),
        "from_on": today,
        "until_on": today - timedelta(days=1),
        "reason": "On leave.",
        **key(),
    }
    assert "The last day is before the first" in text(client.post(url("unavailable", version), sent))
    sent["until_on"] = today + timedelta(days=5)
    assert client.post(url("unavailable", version), sent).status_code == 302
    made = Unavailability.objects.get()
    assert url("unavailable_end", version, made.uuid) in read(client, "agreement", version)
    assert client.post(url("unavailable_end", version, made.uuid)).status_code == 302
    assert url("unavailable_end", version, made.uuid) not in read(client, "agreement", version)


def test_freezing_says_who_is_missing_then_what_it_does_and_does_it_once(
    version: Version, admin: Person, associate: Person, abroad: Person
) -> None:
    client = signed_in(admin)
    make.all_agree(version, abroad)
    shown = read(client, "freeze", version)
    assert "It cannot be frozen yet" in shown
    assert "Ruth Reader has not answered" in shown
    assert '<button class="btn btn-primary">' not in shown
    assert client.post(url("freeze", version), key()).status_code == 409
    make.all_agree(version, associate)
    shown = read(client, "freeze", version)
    for words in ("Nothing in it can change", "2 Associates are cleared", "Ruth Reader", version.fingerprint):
        assert words in shown
    sent = key()
    for _twice in range(2):
        assert client.post(url("freeze", version), sent).status_code == 302
    version.refresh_from_db()
    assert version.frozen_by == admin
    assert "Nothing in it can change" in read(client, "agreement", version)


def test_the_freezing_page_says_which_version_is_retired_and_who_is_not_cleared(
    programme: Programme, version: Version, admin: Person, associate: Person, abroad: Person
) -> None:
    make.all_agree(version, associate, abroad)
    actions.freeze_version(version=version, by=admin)
    second = make.proposed(programme, admin, title="Another")
    make.all_agree(second, associate)
    today = timezone.localdate()
    actions.record_unavailable(
        programme=programme, associate=abroad, from_on=today, until_on=today, reason="Leave.", by=admin
    )
    stands = read(signed_in(admin), "agreement", second)
    assert "Nobody else is waited for, and no objection stands." in stands
    assert "Everybody has agreed" not in stands
    shown = read(signed_in(admin), "freeze", second)
    assert "Version 1, which is in force now, is retired." in shown
    assert "not cleared until they agree: Aroha Abroad" in shown


# --- Who may --------------------------------------------------------------------------------------------


def test_who_is_not_licensed_finds_nothing_and_who_is_does_not_lead(
    version: Version, admin: Person, associate: Person
) -> None:
    objection = object_to(version, associate)
    strangers = [
        factories.PersonFactory.create(),
        factories.associate(factories.ProgrammeFactory.create()),
        factories.commissioner(factories.OrganisationFactory.create()),
    ]
    for person in strangers:
        client = signed_in(person)
        for name in ("agreement", "agree", "object", "freeze", "unavailable", "changes"):
            assert client.get(url(name, version)).status_code == 404, name
        assert client.get(url("objection", version, objection.uuid)).status_code == 404
    client = signed_in(associate)
    for name in ("freeze", "unavailable"):
        assert client.get(url(name, version)).status_code == 403
    assert client.post(url("remind", version)).status_code == 403
    assert client.get(url("objection_close", version, objection.uuid)).status_code == 403
    # An AIM admin who is not licensed leads, and neither agrees nor objects.
    client = signed_in(admin)
    for name in ("agree", "object"):
        assert client.get(url(name, version)).status_code == 403


def test_an_invited_author_reads_and_answers_and_is_not_asked_to_agree(
    version: Version, admin: Person, associate: Person
) -> None:
    author = factories.PersonFactory.create()
    invited = version.authors.create(person=author, invited_by=admin)
    objection = object_to(version, associate)
    client = signed_in(author)
    assert "What is asked of you" not in read(client, "agreement", version)
    sent = {"text": "We will name no school."}
    assert client.post(url("objection_reply", version, objection.uuid), sent).status_code == 302
    assert client.get(url("agree", version)).status_code == 403
    invited.ended_at, invited.ended_by = timezone.now(), admin
    invited.save()
    assert client.get(url("agreement", version)).status_code == 404
