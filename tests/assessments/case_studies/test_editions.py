"""Drafting, editing and publishing an edition of the framework, by action and by page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Construct, FrameworkEdition, FrameworkStage
from courses.models import Programme
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create(code="aim3", name="AIM3")


@pytest.fixture
def edition(programme: Programme) -> FrameworkEdition:
    return factories.framework(programme)


@pytest.fixture
def admin() -> Person:
    return factories.admin()


@pytest.fixture
def draft(programme: Programme, edition: FrameworkEdition, admin: Person) -> FrameworkEdition:
    return actions.draft_edition(programme=programme, by=admin)


def texts_of(edition: FrameworkEdition) -> dict[str, Any]:
    return {
        "title": edition.title,
        "source": edition.source,
        "notes": edition.notes,
        "domains": [actions.DomainTyped(row.code, row.name, row.about) for row in edition.domains.all()],
    }


def everything(edition: FrameworkEdition) -> list[Any]:
    return [
        list(edition.domains.values_list("code", "name", "about", "position")),
        list(edition.stages.values_list("number", "title", "purpose", "responsibility")),
        list(edition.areas.values_list("stage", "strand", "part", "title", "position")),
        [edition.title, edition.notes, edition.source],
    ]


def address(name: str, *args: Any) -> str:
    return reverse(f"assessments:framework_{name}", args=args)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- By action --------------------------------------------------------------------------------------


def test_draft_is_a_copy_of_the_edition_in_use_and_there_is_one_at_a_time(
    programme: Programme, edition: FrameworkEdition, draft: FrameworkEdition, admin: Person
) -> None:
    assert draft.number == edition.number + 1
    assert everything(draft) == everything(edition)
    assert actions.draft_edition(programme=programme, by=factories.admin()) == draft
    with pytest.raises(actions.NotForYou):
        actions.draft_edition(programme=programme, by=factories.associate(programme))


def test_publishing_takes_the_place_of_the_edition_before_and_keeps_it(
    programme: Programme, edition: FrameworkEdition, draft: FrameworkEdition, admin: Person
) -> None:
    version = factories.version(programme, frozen=False)
    version.edition = edition
    version.save()
    typed = texts_of(draft)
    typed["domains"].append(actions.DomainTyped("culture", "Culture", "What they come from."))
    saved = actions.save_edition(edition=draft, revision=draft.revision, by=admin, **typed)
    published = actions.publish_edition(edition=draft, revision=saved.revision, by=admin)
    assert FrameworkEdition.objects.current().filter(programme=programme).first() == published
    assert (published.published_by, edition.published_at is not None) == (admin, True)
    assert Construct.objects.get(programme=programme, code="culture").name == "Culture"
    version.refresh_from_db()
    assert version.edition == edition, "a case study keeps the edition that it was written on"
    # Pressed twice.
    assert actions.publish_edition(edition=draft, revision=1, by=admin).published_at == published.published_at
    assert actions.draft_edition(programme=programme, by=admin).number == published.number + 1


@pytest.mark.parametrize("act", ["texts", "stage", "add", "remove", "publish"])
def test_stale_save_is_refused_and_changes_nothing(draft: FrameworkEdition, admin: Person, act: str) -> None:
    stage = draft.stages.get(number=1)
    kept = {"title": stage.title, "purpose": stage.purpose, "responsibility": stage.responsibility}
    acts: dict[str, Any] = {
        "texts": lambda **said: actions.save_edition(**texts_of(draft), **said),
        "stage": lambda **said: actions.save_stage(number=1, areas=[], **kept, **said),
        "add": actions.add_stage,
        "remove": lambda **said: actions.remove_stage(number=1, **said),
        "publish": actions.publish_edition,
    }
    actions.save_edition(edition=draft, revision=draft.revision, by=admin, **texts_of(draft))
    before = everything(FrameworkEdition.objects.get(pk=draft.pk))
    with pytest.raises(actions.EditionChanged):
        acts[act](edition=draft, revision=draft.revision, by=admin)
    assert everything(FrameworkEdition.objects.get(pk=draft.pk)) == before


def test_stages_are_added_at_the_end_and_close_up_when_one_is_removed(
    draft: FrameworkEdition, admin: Person
) -> None:
    third = list(draft.areas.filter(stage=3).values_list("title", flat=True))
    actions.add_stage(edition=draft, revision=1, by=admin)
    actions.remove_stage(edition=draft, number=2, revision=2, by=admin)
    assert list(draft.stages.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert list(draft.areas.filter(stage=2).values_list("title", flat=True)) == third
    assert draft.stages.get(number=4).title == "A new stage"
    with pytest.raises(actions.EditionNotReady, match=r"Stage 4 has no area\."):
        actions.publish_edition(edition=draft, revision=3, by=admin)
    for revision in range(3, 8):
        actions.add_stage(edition=draft, revision=revision, by=admin)
    with pytest.raises(actions.StagesFull):
        actions.add_stage(edition=draft, revision=8, by=admin)


def test_published_edition_changes_neither_by_action_nor_by_sql(
    edition: FrameworkEdition, admin: Person
) -> None:
    with pytest.raises(actions.EditionPublished):
        actions.save_edition(edition=edition, revision=edition.revision, by=admin, **texts_of(edition))
    for sql in (
        "UPDATE assessments_frameworkedition SET title = 'Other' WHERE id = %s",
        "UPDATE assessments_frameworkarea SET title = 'Other' WHERE edition_id = %s",
        "DELETE FROM assessments_frameworkdomain WHERE edition_id = %s",
        "UPDATE assessments_frameworkstage SET purpose = 'Other' WHERE edition_id = %s",
    ):
        refused = pytest.raises(DatabaseError, match="a published edition does not change")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [edition.pk])


# --- By page ----------------------------------------------------------------------------------------


def form_of(edition: FrameworkEdition, **changed: Any) -> dict[str, Any]:
    return {
        "revision": edition.revision,
        "title": edition.title,
        "source": edition.source,
        "notes": "\r\n".join(edition.notes),
        "domains": "\r\n".join(f"{row.code} | {row.name}" for row in edition.domains.all()),
        **changed,
    }


def test_admin_drafts_edits_previews_and_publishes_without_a_script(
    edition: FrameworkEdition, admin: Person
) -> None:
    client = signed_in(admin)
    key = {"idempotency_key": str(uuid4())}
    begun = client.post(address("draft", edition.uuid), key)
    draft = FrameworkEdition.objects.get(published_at__isnull=True)
    assert begun["Location"] == address("edit", draft.uuid)
    assert "Stages and their areas" in client.get(begun["Location"]).content.decode()
    saved = client.post(address("edit", draft.uuid), form_of(draft, title="Revised", domains="Culture"))
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert (draft.title, list(draft.domains.values_list("code", "name"))) == (
        "Revised",
        [("culture", "Culture")],
    )
    assert everything(draft)[2] == everything(edition)[2], "the areas stay as they were"
    page = client.get(address("stage", draft.uuid, 3)).content.decode()
    assert "part 1 | developing positive sexual health and relationships" in page
    stage = draft.stages.get(number=3)
    sent = {
        "revision": draft.revision,
        "title": stage.title,
        "purpose": "Why.",
        "responsibility": "shared",
        "areas_0": "part 1 | first\r\n\r\nsecond",
        "areas_1": "",
        "areas_2": "third",
    }
    assert client.post(address("stage", draft.uuid, 3), sent).status_code == 302
    draft.refresh_from_db()
    assert list(draft.areas.filter(stage=3).values_list("strand", "part", "title", "position")) == [
        ("adults", "part 1", "first", 1),
        ("adults", "", "second", 2),
        ("multi-agency risk management meeting", "", "third", 3),
    ]
    preview = client.get(reverse("assessments:framework_edition", args=[draft.uuid])).content.decode()
    assert "This is a draft, as it will look." in preview
    key = {"idempotency_key": str(uuid4()), "revision": draft.revision}
    assert client.post(address("publish", draft.uuid), key).status_code == 302
    draft.refresh_from_db()
    assert draft.published_by == admin
    assert client.get(address("edit", draft.uuid)).status_code == 409


def test_stale_form_shows_both_texts_and_saves_when_sent_again(
    draft: FrameworkEdition, admin: Person
) -> None:
    actions.save_edition(
        edition=draft, revision=draft.revision, by=admin, **{**texts_of(draft), "title": "Theirs"}
    )
    client = signed_in(factories.admin())
    response = client.post(address("edit", draft.uuid), form_of(draft, title="Mine"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in text
    assert 'value="Mine"' in text
    assert 'name="revision" value="2"' in text
    draft.refresh_from_db()
    assert draft.title == "Theirs"
    assert client.post(address("edit", draft.uuid), form_of(draft, title="Mine")).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Mine"


def test_stale_stage_shows_both_texts(draft: FrameworkEdition, admin: Person) -> None:
    actions.save_edition(edition=draft, revision=draft.revision, by=admin, **texts_of(draft))
    stage: FrameworkStage = draft.stages.get(number=1)
    sent = {"revision": 1, "title": "Mine", "responsibility": "adults", "areas_0": "one area of mine"}
    response = signed_in(admin).post(address("stage", draft.uuid, 1), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "one area of mine" in text
    assert stage.title in text
    assert "getting the basics right" in text


WRONG = [
    ({"domains": "developmental | A\nDevelopmental! | B"}, "Line 2: write its code"),
    ({"domains": "one | A\none | B"}, "Line 2: this code is there twice."),
    ({"domains": f"one | {'x' * 101}"}, "Line 1: a name has at most 100 characters"),
    ({"title": ""}, "Enter a title."),
    ({"source": ""}, "Say where the framework comes from."),
]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_what_cannot_be_saved_is_said_beside_its_field(
    draft: FrameworkEdition, admin: Person, changed: dict[str, str], words: str
) -> None:
    response = signed_in(admin).post(address("edit", draft.uuid), form_of(draft, **changed))
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    assert "<title>Error:" in text
    assert everything(FrameworkEdition.objects.get(pk=draft.pk)) == everything(draft)


def test_area_that_is_there_twice_is_refused_with_its_line(draft: FrameworkEdition, admin: Person) -> None:
    sent = {"revision": 1, "title": "A", "responsibility": "adults", "areas_0": "one\ntwo\none"}
    text = signed_in(admin).post(address("stage", draft.uuid, 1), sent).content.decode()
    assert "Line 3: this area is there twice." in text


def test_button_from_an_old_page_is_refused(draft: FrameworkEdition, admin: Person) -> None:
    client = signed_in(admin)
    for revision in ("", "x", "0", "9" * 30):
        sent = {"idempotency_key": str(uuid4()), "revision": revision}
        assert client.post(address("publish", draft.uuid), sent).status_code == 409
        assert client.post(address("stage_remove", draft.uuid, 1), sent).status_code == 409
    assert draft.stages.count() == 4
