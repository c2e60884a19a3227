"""Writing a version: by whom, when, and without anybody's text being lost or overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies import actions
from assessments.case_studies.canonical import content_of, fingerprint_of, passage_of, passages_of
from assessments.models import Version, Wording
from assessments.waiting import waiting_for
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return writing.aim3()


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Grace Admin")


@pytest.fixture
def version(programme: Programme, admin: Person) -> Version:
    return writing.draft(programme, admin)


def save_section(version: Version, by: Person, *, base: int = 1, body: str = "Another text.") -> Any:
    section = version.sections.get(number=1)
    return actions.save_section(
        section=section, title=section.title, body=body, figure=None, base_revision=base, by=by
    )


# --- Beginning and giving up ------------------------------------------------------------------------


def test_empty_version_has_a_title_alone(programme: Programme, admin: Person) -> None:
    version = actions.begin_version(programme=programme, copy=False, by=admin)
    assert (version.number, version.title, version.content_note) == (1, "AIM3: the case study", "")
    assert version.edition is not None
    assert not version.sections.exists()


def test_copy_says_the_same_under_new_uuids(version: Version, programme: Programme, admin: Person) -> None:
    reader = factories.associate(programme)
    actions.propose_version(version=version, by=admin)
    actions.agree(version=version, by=reader)
    actions.freeze_version(version=version, by=admin)
    copy = actions.begin_version(programme=programme, copy=True, by=admin)
    assert content_of(copy) == content_of(version)
    assert copy.number == 2
    old, new = ({row.uuid for row in one.sections.all()} for one in (version, copy))
    assert not old & new
    assert copy.wordings.count() == len(passages_of(copy))


def test_copy_of_nothing_is_refused(programme: Programme, admin: Person) -> None:
    with pytest.raises(actions.NothingToCopy):
        actions.begin_version(programme=programme, copy=True, by=admin)
    assert not Version.objects.exists()


def test_second_version_underway_is_refused(version: Version, programme: Programme, admin: Person) -> None:
    with pytest.raises(actions.VersionUnderway):
        actions.begin_version(programme=programme, copy=False, by=admin)


def test_associate_begins_and_withdraws_nothing(version: Version, programme: Programme) -> None:
    associate = factories.associate(programme)
    with pytest.raises(actions.NotForYou):
        actions.begin_version(programme=programme, copy=False, by=associate)
    with pytest.raises(actions.NotForYou):
        actions.withdraw_version(version=version, by=associate)


def test_withdrawn_version_takes_no_more_text_and_makes_room(
    version: Version, programme: Programme, admin: Person
) -> None:
    first = actions.withdraw_version(version=version, by=admin)
    again = actions.withdraw_version(version=version, by=factories.admin())
    assert (again.withdrawn_at, again.withdrawn_by) == (first.withdrawn_at, admin)
    with pytest.raises(actions.VersionWithdrawn):
        save_section(version, admin)
    assert actions.begin_version(programme=programme, copy=False, by=admin).number == 2


# --- Authors ----------------------------------------------------------------------------------------


def test_author_is_invited_once_by_a_letter_without_content(version: Version, admin: Person) -> None:
    person = writing.author(version, admin, name="Ada Quill")
    actions.invite_author(version=version, person=person, by=admin)
    letter = OutgoingEmail.objects.get(to_address=person.email)
    assert f"/versions/{version.uuid}/write/" in letter.text
    assert "Robin" not in letter.text + letter.subject
    assert version.authors.count() == 1


def test_author_must_be_licensed(version: Version, admin: Person) -> None:
    with pytest.raises(actions.NotLicensed):
        actions.invite_author(version=version, person=factories.PersonFactory.create(), by=admin)
    assert not version.authors.exists()


def test_author_invites_nobody(version: Version, admin: Person, programme: Programme) -> None:
    author = writing.author(version, admin)
    with pytest.raises(actions.NotForYou):
        actions.invite_author(version=version, person=factories.associate(programme), by=author)


def test_author_writes_until_ended(version: Version, admin: Person) -> None:
    author = writing.author(version, admin)
    assert save_section(version, author).saved_by == author
    actions.end_author(author=version.authors.get(), by=admin)
    with pytest.raises(actions.NotAnAuthor):
        save_section(version, author, base=2, body="More.")
    assert version.sections.get(number=1).body == "Another text."


def test_associate_who_was_not_invited_writes_nothing(version: Version, programme: Programme) -> None:
    associate = factories.associate(programme)
    section, question = version.sections.get(number=1), version.questions.get()
    attempts = [
        lambda: save_section(version, associate),
        lambda: actions.add_section(version=version, title="T", body="B", figure=None, by=associate),
        lambda: actions.move_section(section=section, to=2, by=associate),
        lambda: actions.remove_section(section=section, base_revision=1, by=associate),
        lambda: actions.add_question(version=version, content=writing.question(), by=associate),
        lambda: actions.save_question(
            question=question, content=writing.question(), base_revision=1, by=associate
        ),
        lambda: actions.move_question(question=question, to=1, by=associate),
        lambda: actions.remove_question(question=question, base_revision=1, by=associate),
        lambda: actions.save_head(
            version=version,
            title="T",
            content_note="",
            fictional_statement="",
            base_revision=2,
            by=associate,
        ),
    ]
    before = content_of(version), Wording.objects.count()
    for attempt in attempts:
        with pytest.raises(actions.NotAnAuthor):
            attempt()
    assert (content_of(version), Wording.objects.count()) == before


# --- Saving -----------------------------------------------------------------------------------------


def test_save_keeps_the_wording_before_it(version: Version, admin: Person) -> None:
    saved = save_section(version, admin)
    bodies = [row.content["body"] for row in version.wordings.filter(passage=passage_of(saved))]
    assert bodies == ["Robin was *here*, 1.", "Another text."]
    assert saved.revision == 2


def test_save_of_the_same_text_changes_nothing(version: Version, admin: Person) -> None:
    before = Wording.objects.count()
    assert save_section(version, admin, base=0, body="Robin was *here*, 1.").revision == 1
    assert Wording.objects.count() == before


def test_stale_save_overwrites_nothing_and_keeps_both(version: Version, admin: Person) -> None:
    author = writing.author(version, admin, name="Ada Quill")
    save_section(version, author, body="Ada’s text.")
    with pytest.raises(actions.StalePassage) as refused:
        save_section(version, admin, base=1, body="Grace’s text.")
    stale = refused.value
    assert (stale.status, stale.standing["body"], stale.typed["body"], stale.revision, stale.saved_by) == (
        409,
        "Ada’s text.",
        "Grace’s text.",
        2,
        author,
    )
    section = version.sections.get(number=1)
    assert section.body == "Ada’s text."
    kept = version.wordings.get(passage=passage_of(section), set_aside=True)
    assert (kept.content["body"], kept.saved_by, kept.revision) == ("Grace’s text.", admin, 1)


def test_stale_save_sent_twice_is_set_aside_once(version: Version, admin: Person) -> None:
    save_section(version, admin)
    for _time in range(2):
        with pytest.raises(actions.StalePassage):
            save_section(version, admin, base=1, body="Late.")
    assert version.wordings.filter(set_aside=True).count() == 1


def test_stale_head_and_question_are_set_aside_too(version: Version, admin: Person) -> None:
    question = version.questions.get()
    actions.save_question(question=question, content=writing.question(title="New"), base_revision=1, by=admin)
    with pytest.raises(actions.StalePassage):
        actions.save_question(
            question=question, content=writing.question(title="Late"), base_revision=1, by=admin
        )
    with pytest.raises(actions.StalePassage):
        actions.save_head(
            version=version, title="Late", content_note="", fictional_statement="", base_revision=1, by=admin
        )
    assert [row.content["title"] for row in version.wordings.filter(set_aside=True)] == ["Late", "Late"]
    version.refresh_from_db()
    assert (version.title, version.questions.get().title) == ("Robin, aged 13", "New")


def test_save_of_a_removed_section_is_kept_beside(version: Version, admin: Person) -> None:
    section = version.sections.get(number=1)
    actions.remove_section(section=section, base_revision=1, by=admin)
    with pytest.raises(actions.StalePassage) as refused:
        actions.save_section(
            section=section, title="T", body="Too late.", figure=None, base_revision=1, by=admin
        )
    assert refused.value.standing == {}
    assert [row.content.get("body") for row in version.wordings.filter(passage=passage_of(section))] == [
        "Robin was *here*, 1.",
        None,
        "Too late.",
    ]
    assert version.sections.get().number == 1


def test_text_is_kept_one_way_so_that_a_file_says_the_same(version: Version, admin: Person) -> None:
    saved = save_section(version, admin, body="  Zoe\u0308  \r\nO’Neill \n\n")
    assert saved.body == "Zo\u00eb\nO’Neill"


def test_title_that_is_missing_or_too_long_is_refused(version: Version, admin: Person) -> None:
    for title in (" ", "x" * 151):
        with pytest.raises(actions.PassageRefused):
            actions.add_section(version=version, title=title, body="", figure=None, by=admin)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "unknown"},
        {"kind": "choice", "settings": {}},
        {"criteria": [writing.criterion(part="nobody")]},
        {"criteria": [writing.criterion(constructs=["unknown"])]},
        {"criteria": [writing.criterion(areas=["1/nobody/nothing"])]},
    ],
    ids=["kind", "settings", "part", "construct", "area"],
)
def test_question_that_points_to_nothing_is_refused(
    version: Version, admin: Person, changed: dict[str, Any]
) -> None:
    with pytest.raises(actions.PassageRefused):
        actions.add_question(version=version, content=writing.question(**changed), by=admin)
    assert version.questions.count() == 1


def test_reason_for_an_essential_criterion_is_kept_where_its_kind_asks(
    version: Version, admin: Person
) -> None:
    row = writing.criterion(essential_because="We agreed.")
    question = actions.add_question(version=version, content=writing.question(criteria=[row]), by=admin)
    assert question.criteria.get().essential_because == ""


# --- Order and removal ------------------------------------------------------------------------------


def test_moving_puts_a_passage_at_its_place_once(version: Version, admin: Person) -> None:
    actions.add_section(version=version, title="Section 3", body="B", figure=None, by=admin)
    last = version.sections.get(number=3)
    for _time in range(2):
        actions.move_section(section=last, to=1, by=admin)
    assert [row.title for row in version.sections.all()] == ["Section 3", "Section 1", "Section 2"]
    question = actions.add_question(version=version, content=writing.question(title="Two"), by=admin)
    actions.move_question(question=question, to=1, by=admin)
    assert version.questions.get(number=1).title == "Two"


def test_removal_closes_the_gap_and_keeps_the_words(version: Version, admin: Person) -> None:
    first = version.sections.get(number=1)
    for _time in range(2):
        actions.remove_section(section=first, base_revision=1, by=admin)
    assert [(row.number, row.title) for row in version.sections.all()] == [(1, "Section 2")]
    assert version.wordings.filter(passage=passage_of(first)).count() == 2
    question = version.questions.get()
    actions.remove_question(question=question, base_revision=1, by=admin)
    assert not version.questions.exists()


def test_removal_of_what_was_saved_meanwhile_is_refused(version: Version, admin: Person) -> None:
    save_section(version, admin)
    with pytest.raises(actions.PassageChanged):
        actions.remove_section(section=version.sections.get(number=1), base_revision=1, by=admin)
    assert version.sections.count() == 2


# --- Proposed and frozen ----------------------------------------------------------------------------


def test_every_change_of_a_proposed_version_renews_its_fingerprint(version: Version, admin: Person) -> None:
    version = actions.propose_version(version=version, by=admin)
    seen = {version.fingerprint}
    for change in (
        lambda: save_section(version, admin),
        lambda: actions.move_section(section=version.sections.get(number=2), to=1, by=admin),
        lambda: actions.add_question(version=version, content=writing.question(title="Two"), by=admin),
        lambda: actions.remove_section(section=version.sections.get(number=1), base_revision=1, by=admin),
    ):
        change()
        version.refresh_from_db()
        assert version.fingerprint == fingerprint_of(Version.objects.get(pk=version.pk))
        seen.add(version.fingerprint)
    assert len(seen) == 5


def test_proposed_version_stays_whole(version: Version, admin: Person) -> None:
    version = actions.propose_version(version=version, by=admin)
    with pytest.raises(actions.ContentNotUsable):
        save_section(version, admin, body="")
    with pytest.raises(actions.ContentNotUsable):
        actions.remove_question(question=version.questions.get(), base_revision=1, by=admin)
    assert content_of(version)["sections"][0]["body"] == "Robin was *here*, 1."


def test_frozen_version_takes_no_change(version: Version, programme: Programme, admin: Person) -> None:
    version = actions.propose_version(version=version, by=admin)
    author = writing.author(version, admin)
    actions.agree(version=version, by=author)
    actions.freeze_version(version=version, by=admin)
    section, question = version.sections.get(number=1), version.questions.get()
    attempts = [
        lambda: save_section(version, author),
        lambda: actions.add_section(version=version, title="T", body="B", figure=None, by=admin),
        lambda: actions.move_section(section=section, to=2, by=admin),
        lambda: actions.remove_section(section=section, base_revision=1, by=admin),
        lambda: actions.save_question(
            question=question, content=writing.question(), base_revision=1, by=admin
        ),
        lambda: actions.withdraw_version(version=version, by=admin),
        lambda: actions.invite_author(version=version, person=factories.associate(programme), by=admin),
    ]
    for attempt in attempts:
        with pytest.raises(actions.VersionFrozen):
            attempt()


def test_what_a_draft_lacks_is_said_at_its_passage(programme: Programme, admin: Person) -> None:
    version = actions.begin_version(programme=programme, copy=False, by=admin)
    section = actions.add_section(version=version, title="Referral", body="", figure=None, by=admin)
    question = actions.add_question(version=version, content=writing.question(model_answer=""), by=admin)
    missing = actions.missing_to_propose(version, [section], [question])
    assert [(one.passage, one.words) for one in missing] == [
        ("head", "Version: the content note is missing."),
        ("head", "Version: the statement that everyone in it is fictional is missing."),
        (passage_of(section), "Section 1: its text is missing."),
        (passage_of(question), "Question 1: the model answer is missing."),
    ]
    with pytest.raises(Refused):
        actions.propose_version(version=version, by=admin)


# --- Home -------------------------------------------------------------------------------------------


def test_home_tells_an_author_of_the_version_underway(version: Version, admin: Person) -> None:
    author = writing.author(version, admin)
    words = "Write the case study: AIM3, version 1"
    assert [one.words for one in waiting_for(author)] == [words]
    actions.withdraw_version(version=version, by=admin)
    assert not waiting_for(author)


def test_home_tells_an_admin_of_a_draft_that_lacks_nothing(version: Version, admin: Person) -> None:
    words = "Propose the case study to the Associates: AIM3, version 1"
    assert [one.words for one in waiting_for(admin)] == [words]
    save_section(version, admin, body="")
    assert not waiting_for(admin)
    save_section(version, admin, base=2, body="Whole again.")
    actions.propose_version(version=version, by=admin)
    assert not waiting_for(admin)
    assert version.drafted_at < timezone.now()
