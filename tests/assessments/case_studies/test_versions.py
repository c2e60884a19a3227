"""A version of a case study: its content is checked, every Associate agrees, it is frozen for good."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.canonical import canonical_json, content_of
from assessments.case_studies.kinds import PLAIN
from assessments.models import Construct, FrameworkArea, Version
from certification.sample.reading import case_study
from courses.models import Licence, Programme
from tests import factories

pytestmark = pytest.mark.django_db

GUIDE_WORDS = "Question 1: guide_words is not a whole number from 1 to 5000."


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create(code="aim3", name="AIM3")


@pytest.fixture
def admin() -> Person:
    return factories.admin()


def content(**changed: Any) -> dict[str, Any]:
    """The smallest content that can be used."""
    criterion = {
        "text": "Names the concern.",
        "essential": True,
        "met": "Does.",
        "partly_met": "Half.",
        "not_met": "Does not.",
        "constructs": ["developmental"],
    }
    question = {
        "title": "One",
        "text": "What do you see?",
        "guidance": "Say why.",
        "guide_words": 100,
        "model_answer": "This.",
        "criteria": [criterion],
    }
    return {
        "programme": "aim3",
        "title": "Robin, aged 13: a fictional case study",
        "content_note": "It describes harm.",
        "fictional_statement": "Everyone in it is made up.",
        "constructs": [{"code": "developmental", "name": "Developmental", "illustrative": False}],
        "sections": [{"title": "Referral", "body": "Robin was referred."}],
        "questions": [question],
        **changed,
    }


@pytest.mark.parametrize("sample", ["aim3", "under12s"])
def test_the_sample_content_can_be_loaded_and_read_back(admin: Person, sample: str) -> None:
    factories.ProgrammeFactory.create(code=sample)
    call_command("load_framework")
    given = case_study(f"{sample}.yaml")
    version = actions.import_version(content=given, by=admin)
    assert version.number == 1
    assert version.questions.count() == len(given["questions"]) == 8
    assert version.frozen_at is None
    read = content_of(version)
    for kept, asked in zip(read["questions"], given["questions"], strict=True):
        assert (kept["kind"], kept["settings"]) == (asked.get("kind", PLAIN), asked["settings"])
    assert [q["title"] for q in read["questions"]] == [q["title"] for q in given["questions"]]
    first = given["questions"][0]["criteria"][0]
    assert read["questions"][0]["criteria"][0]["constructs"] == sorted(first["constructs"])
    areas = {area for q in given["questions"] for c in q["criteria"] for area in c.get("areas") or []}
    assert {area for q in read["questions"] for c in q["criteria"] for area in c["areas"]} == areas


def test_loading_the_same_twice_is_one_version(programme: Programme, admin: Person) -> None:
    first = actions.import_version(content=content(), by=admin)
    assert actions.import_version(content=content(), by=admin) == first
    assert Version.objects.count() == 1


def test_one_version_at_a_time_is_written(programme: Programme, admin: Person) -> None:
    actions.import_version(content=content(), by=admin)
    with pytest.raises(actions.VersionUnderway):
        actions.import_version(content=content(title="Another"), by=admin)
    assert Version.objects.count() == 1


def test_line_ends_and_spelling_of_characters_make_no_other_version(
    programme: Programme, admin: Person
) -> None:
    first = actions.import_version(content=content(title="Zoé", content_note="One.\nTwo."), by=admin)
    again = actions.import_version(
        content=content(title="Zoe\u0301 ", content_note="One. \r\nTwo.\r\n"), by=admin
    )
    assert again == first


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["programme"], "aim9", "There is no programme “aim9”."),
        (["title"], "", "Version: title is missing."),
        (["title"], "x" * 151, "Version: title has more than 150 characters."),
        (["content_note"], None, "Version: content_note is missing."),
        (["content_note"], "One\x00two", "Version: content_note holds a control character."),
        (["sections"], [], "Version: there are no sections."),
        (["questions"], "none", "Version: there are no questions."),
        (["questions", 0], "none", "Question 1 has no parts that are named."),
        (["questions", 0, "criteria"], [], "Question 1: there are no criteria."),
        (
            ["questions", 0, "guide_words"],
            "many",
            "Question 1: guide_words is not a whole number from 1 to 5000.",
        ),
        (
            ["questions", 0, "guide_words"],
            True,
            "Question 1: guide_words is not a whole number from 1 to 5000.",
        ),
        (["questions", 0, "model_answer"], " ", "Question 1: model_answer is missing."),
        (["questions", 0, "hint"], "x", "Question 1: “hint” is not known."),
        (
            ["questions", 0, "criteria", 0, "essential"],
            False,
            "No criterion is essential, so the marks could never show that somebody is competent.",
        ),
        (
            ["questions", 0, "criteria", 0, "essential"],
            "yes",
            "Question 1, criterion 1: essential is neither true nor false.",
        ),
        (
            ["questions", 0, "criteria", 0, "constructs"],
            ["weather"],
            "Question 1, criterion 1: constructs names “weather”, which is not known.",
        ),
        (
            ["questions", 0, "criteria", 0, "constructs"],
            [],
            "Question 1, criterion 1: constructs names none.",
        ),
        (
            ["questions", 0, "criteria", 0, "areas"],
            ["1/adults/tea"],
            "Question 1, criterion 1: areas names “1/adults/tea”, which is not known.",
        ),
        (["questions", 0, "criteria", 0, "not_met"], 3, "Question 1, criterion 1: not_met is missing."),
        (
            ["constructs", 0, "name"],
            "Other",
            "The construct “developmental” is called “Developmental” already, not “Other”.",
        ),
    ],
)
def test_content_with_a_fault_is_refused_in_words(
    programme: Programme, admin: Person, path: list[Any], value: Any, words: str
) -> None:
    Construct.objects.create(programme=programme, code="developmental", name="Developmental")
    given = copy.deepcopy(content())
    place = given
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(actions.ContentNotUsable) as refused:
        actions.import_version(content=given, by=admin)
    assert words in refused.value.problems
    assert not Version.objects.exists()


@pytest.mark.parametrize("given", [None, [], "text", {}])
def test_what_is_no_content_at_all_is_refused(programme: Programme, admin: Person, given: Any) -> None:
    with pytest.raises(actions.ContentNotUsable):
        actions.import_version(content=given, by=admin)


def test_every_fault_is_said_at_once(programme: Programme, admin: Person) -> None:
    with pytest.raises(actions.ContentNotUsable) as refused:
        actions.import_version(content=content(title="", sections=[], content_note=7), by=admin)
    assert len(refused.value.problems) == 3


def test_only_an_admin_proposes_and_freezes(programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    with pytest.raises(actions.NotForYou):
        actions.import_version(content=content(), by=associate)
    version = actions.import_version(content=content(), by=admin)
    with pytest.raises(actions.NotForYou):
        actions.propose_version(version=version, by=associate)
    version = actions.propose_version(version=version, by=admin)
    actions.agree(version=version, by=associate)
    with pytest.raises(actions.NotForYou):
        actions.freeze_version(version=version, by=associate)


# --- Agreeing -------------------------------------------------------------------------------------


def proposed_with(admin: Person, **changed: Any) -> Version:
    version = actions.import_version(content=content(**changed), by=admin)
    return actions.propose_version(version=version, by=admin)


@pytest.fixture
def proposed(programme: Programme, admin: Person) -> Version:
    return proposed_with(admin)


def test_a_draft_can_be_neither_agreed_to_nor_frozen(programme: Programme, admin: Person) -> None:
    draft = actions.import_version(content=content(), by=admin)
    associate = factories.associate(programme)
    with pytest.raises(actions.NotProposed):
        actions.agree(version=draft, by=associate)
    with pytest.raises(actions.NotProposed):
        actions.freeze_version(version=draft, by=admin)


def test_agreeing_twice_is_one_agreement(programme: Programme, proposed: Version) -> None:
    associate = factories.associate(programme, cleared=False)
    first = actions.agree(version=proposed, by=associate)
    assert actions.agree(version=proposed, by=associate) == first
    assert proposed.agreements.count() == 1


def test_only_who_is_licensed_for_the_programme_agrees(programme: Programme, proposed: Version) -> None:
    elsewhere = factories.associate(factories.ProgrammeFactory.create())
    expired = factories.associate(programme)
    expired.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    withdrawn = factories.associate(programme)
    withdrawn.licences.update(withdrawn_at=timezone.now(), withdrawn_by=withdrawn)
    for person in (elsewhere, expired, withdrawn, proposed.proposed_by):
        with pytest.raises(actions.NotLicensed):
            actions.agree(version=proposed, by=person)
    assert not proposed.agreements.exists()


def test_who_is_licensed_from_a_later_day_can_agree_before(programme: Programme, proposed: Version) -> None:
    associate = factories.associate(programme)
    associate.licences.update(valid_from=timezone.localdate() + timedelta(days=10))
    assert actions.agree(version=proposed, by=associate).associate == associate


def test_a_proposed_version_clears_when_it_is_frozen(
    programme: Programme, proposed: Version, admin: Person
) -> None:
    associate = factories.associate(programme, cleared=False)
    actions.agree(version=proposed, by=associate)
    assert associate.licences.get().cleared_at is None
    actions.freeze_version(version=proposed, by=admin)
    assert associate.licences.get().cleared_at is not None


def test_agreeing_to_the_version_in_force_clears_at_once(
    programme: Programme, proposed: Version, admin: Person
) -> None:
    actions.agree(version=proposed, by=factories.associate(programme))
    frozen = actions.freeze_version(version=proposed, by=admin)
    newcomer = factories.associate(programme, cleared=False)
    actions.agree(version=frozen, by=newcomer)
    cleared_at = newcomer.licences.get().cleared_at
    assert cleared_at is not None
    Licence.objects.create(
        associate=newcomer, programme=programme, country="IE", valid_from=date(2020, 1, 1), granted_by=admin
    )
    actions.agree(version=frozen, by=newcomer)
    assert newcomer.licences.get(country="GB").cleared_at == cleared_at
    assert newcomer.licences.get(country="IE").cleared_at is not None


def test_a_licence_for_another_programme_is_not_cleared(
    programme: Programme, proposed: Version, admin: Person
) -> None:
    associate = factories.associate(programme, cleared=False)
    other = factories.ProgrammeFactory.create()
    Licence.objects.create(
        associate=associate, programme=other, country="GB", valid_from=date(2020, 1, 1), granted_by=admin
    )
    actions.agree(version=proposed, by=associate)
    actions.freeze_version(version=proposed, by=admin)
    assert associate.licences.get(programme=other).cleared_at is None


# --- Freezing -------------------------------------------------------------------------------------


def test_freezing_waits_for_everyone_who_is_licensed_today(
    programme: Programme, proposed: Version, admin: Person
) -> None:
    one = factories.associate(programme, name="Ada Quill")
    factories.associate(programme, name="Ben Rook")
    later = factories.associate(programme, name="Cleo Later")
    later.licences.update(valid_from=timezone.localdate() + timedelta(days=1))
    actions.agree(version=proposed, by=one)
    with pytest.raises(actions.NotAgreedByAll) as refused:
        actions.freeze_version(version=proposed, by=admin)
    assert "Ben Rook" in str(refused.value)
    assert "Ada Quill" not in str(refused.value)
    assert "Cleo Later" not in str(refused.value)


def test_nobody_licensed_is_not_everybody_agreed(proposed: Version, admin: Person) -> None:
    with pytest.raises(actions.NotAgreedByAll):
        actions.freeze_version(version=proposed, by=admin)


def frozen_by_all(version: Version, admin: Person) -> Version:
    for licence in Licence.objects.in_force(timezone.localdate()).filter(programme__code="aim3"):
        actions.agree(version=version, by=licence.associate)
    return actions.freeze_version(version=version, by=admin)


def test_the_fingerprint_is_the_sha256_of_the_documented_form(
    programme: Programme, proposed: Version, admin: Person
) -> None:
    factories.associate(programme)
    frozen = frozen_by_all(proposed, admin)
    form = {"form": "AIMcert version, form 2", "number": 1, **content_of(frozen)}
    written = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert frozen.fingerprint == hashlib.sha256(written.encode("utf-8")).hexdigest()
    assert canonical_json({"é": [1, None]}) == '{"é":[1,null]}'.encode()
    assert content_of(frozen)["questions"][0]["criteria"][0] == {
        "text": "Names the concern.",
        "essential": True,
        "essential_because": "",
        "part": "",
        "met": "Does.",
        "partly_met": "Half.",
        "not_met": "Does not.",
        "constructs": ["developmental"],
        "areas": [],
    }


def test_freezing_twice_keeps_the_first(programme: Programme, proposed: Version, admin: Person) -> None:
    factories.associate(programme)
    frozen = frozen_by_all(proposed, admin)
    again = actions.freeze_version(version=proposed, by=factories.admin())
    assert (again.frozen_at, again.frozen_by, again.fingerprint) == (
        frozen.frozen_at,
        admin,
        frozen.fingerprint,
    )


def test_a_newer_version_retires_the_one_before_and_clears_only_who_agreed(
    programme: Programme, proposed: Version, admin: Person
) -> None:
    stays = factories.associate(programme)
    leaves = factories.associate(programme)
    first = frozen_by_all(proposed, admin)
    leaves.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    second = frozen_by_all(proposed_with(admin, title="Another"), admin)
    first.refresh_from_db()
    assert (first.retired_by, second.retired_at) == (admin, None)
    assert list(Version.objects.in_force()) == [second]
    assert stays.licences.get().cleared_at is not None
    assert leaves.licences.get().cleared_at is None
    with pytest.raises(actions.VersionRetired):
        actions.agree(version=first, by=stays)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_version SET title = 'x' WHERE id = %(version)s",
        "UPDATE assessments_version SET fingerprint = repeat('0', 64) WHERE id = %(version)s",
        "UPDATE assessments_version SET frozen_at = NULL, frozen_by_id = NULL, fingerprint = ''"
        " WHERE id = %(version)s",
        "DELETE FROM assessments_version WHERE id = %(version)s",
        "UPDATE assessments_section SET body = 'x' WHERE version_id = %(version)s",
        "DELETE FROM assessments_section WHERE version_id = %(version)s",
        "INSERT INTO assessments_section (uuid, version_id, number, title, body, figure_kind, revision,"
        " saved_at, saved_by_id) SELECT gen_random_uuid(), id, 9, 'x', 'x', '', 1, now(), frozen_by_id"
        " FROM assessments_version WHERE id = %(version)s",
        "UPDATE assessments_wording SET content = '{}' WHERE version_id = %(version)s",
        "DELETE FROM assessments_wording WHERE version_id = %(version)s",
        "UPDATE assessments_question SET model_answer = 'x' WHERE version_id = %(version)s",
        "UPDATE assessments_criterion SET is_essential = false WHERE question_id = %(question)s",
        "DELETE FROM assessments_criterion_constructs WHERE criterion_id IN"
        " (SELECT id FROM assessments_criterion WHERE question_id = %(question)s)",
        "UPDATE assessments_agreement SET agreed_at = now() WHERE version_id = %(version)s",
        "DELETE FROM assessments_agreement WHERE version_id = %(version)s",
    ],
)
def test_the_database_refuses_to_change_a_frozen_version(
    programme: Programme, proposed: Version, admin: Person, statement: str
) -> None:
    factories.associate(programme)
    frozen = frozen_by_all(proposed, admin)
    before = content_of(frozen)
    values = {"version": frozen.pk, "question": frozen.questions.get().pk}
    refused = pytest.raises(DatabaseError, match=r"does not change|permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    frozen = Version.objects.get(pk=frozen.pk)
    assert content_of(frozen) == before
    assert frozen.fingerprint


# --- The framework --------------------------------------------------------------------------------


def test_the_framework_loads_once_and_keeps_to_its_four_stages(programme: Programme) -> None:
    call_command("load_framework")
    areas = set(FrameworkArea.objects.values_list("pk", "stage", "strand", "part", "title"))
    assert FrameworkArea.objects.filter(stage=1).count() == 8
    assert FrameworkArea.objects.filter(stage=3, part="part 2", strand="young person").count() == 2
    assert {stage for _, stage, *_ in areas} == {1, 2, 3, 4}
    constructs = list(programme.constructs.values_list("code", flat=True))
    assert constructs == [
        "sexual-behaviour",
        "non-sexual-behaviour",
        "developmental",
        "family-environment",
        "self-regulation",
    ]
    call_command("load_framework")
    assert set(FrameworkArea.objects.values_list("pk", "stage", "strand", "part", "title")) == areas
    assert programme.constructs.count() == 5


def test_the_framework_waits_for_its_programme(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_framework")
    assert "no programme aim3 yet" in capsys.readouterr().out
    assert not FrameworkArea.objects.exists()
    assert not Construct.objects.exists()
