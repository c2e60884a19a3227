"""Versions on their way into force, the framework and strengths in every state: accessible pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.kinds import KINDS
from assessments.models import FrameworkEdition, Version
from assessments.states import Judged
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import versions, writing
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]

READING = ("version", "version_agreement", "version_changes", "version_preview_participant")
PAGES = (*READING, "version_preview_marker")
LEADING = ("version_freeze", "version_authors", "version_unavailable")


def of(version: Version, *pages: str) -> list[str]:
    return [at(f"assessments:{page}", version) for page in pages]


@pytest.fixture
def programme() -> Programme:
    return writing.aim3()


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Ada Admin")


# --- Writing ------------------------------------------------------------------------------------------


def test_version_that_was_just_begun(wrong: Wrong, programme: Programme, admin: Person) -> None:
    assert not wrong(admin, at("assessments:case_studies"))
    version = actions.begin_version(programme=programme, copy=False, by=admin)
    assert not wrong(admin, at("assessments:case_studies"), *of(version, "version_write", *PAGES, *LEADING))


def test_draft_that_lacks_nothing(wrong: Wrong, programme: Programme, admin: Person) -> None:
    version = writing.draft(programme, admin)
    author = writing.author(version, admin)
    actions.remove_section(section=version.sections.get(number=2), base_revision=1, by=admin)
    gone = actions.add_question(version=version, content=writing.question(), by=admin)
    actions.remove_question(question=gone, base_revision=1, by=admin)
    assert not wrong(admin, *of(version, "version_write", "version_withdraw", *PAGES, *LEADING))
    assert not wrong(author, at("home"), *of(version, "version_write", *PAGES))
    assert not wrong(admin, at("assessments:version_history", version, f"question:{gone.uuid}"))


@pytest.mark.parametrize("kind", KINDS)
def test_question_of_each_kind(wrong: Wrong, admin: Person, kind: str) -> None:
    version = factories.version(factories.ProgrammeFactory.create(), frozen=False, kinds=[kind])
    factories.wordings(version)
    own = at("assessments:version_question", version, version.questions.get())
    new = f"{at('assessments:version_question_new', version)}?kind={kind}"
    previews = at("assessments:version_preview_question", version, 1)
    assert not wrong(admin, own, new, previews, *of(version, *PAGES))
    assert not wrong(admin, new, sent={"criterion": ["a"], "base_revision": "0"})


def test_passages_with_mistakes(wrong: Wrong, programme: Programme, admin: Person) -> None:
    version = writing.draft(programme, admin)
    new = at("assessments:version_section_new", version)
    much = {"title": "x" * 151, "body": "", "base_revision": "0"}
    assert not wrong(admin, new, sent=much)
    for figure in ("timeline", "genogram"):
        typed = {"title": "A figure", "figure_kind": figure, figure: "nonsense", "base_revision": "0"}
        assert not wrong(admin, new, sent=typed)
    assert not wrong(admin, at("assessments:version_edit_head", version), sent={**much, "base_revision": "1"})


@pytest.mark.parametrize("state", ["saved", "removed"])
def test_passage_saved_elsewhere_meanwhile(
    wrong: Wrong, programme: Programme, admin: Person, state: str
) -> None:
    version = writing.draft(programme, admin)
    section, question = version.sections.get(number=1), version.questions.get()
    if state == "removed":
        actions.remove_section(section=section, base_revision=1, by=admin)
        actions.remove_question(question=question, base_revision=1, by=admin)
    typed = {"title": "Mine", "text": "Mine.", "body": "Mine.", "base_revision": "0"}
    assert not wrong(admin, at("assessments:version_section", version, section), sent=typed)
    assert not wrong(admin, at("assessments:version_question", version, question), sent=typed)
    assert not wrong(admin, at("assessments:version_history", version, f"section:{section.uuid}"))
    assert not wrong(admin, *of(version, "version_write"))


# --- Agreement ----------------------------------------------------------------------------------------


def test_agreement_with_everything_in_it(wrong: Wrong, programme: Programme, admin: Person) -> None:
    lapsed, agreed, away, objects, asked = (factories.associate(programme) for _ in range(5))
    version = versions.proposed(programme, admin)
    versions.all_agree(version, lapsed)
    versions.change_section(version, number=3)
    version.refresh_from_db()
    versions.all_agree(version, agreed)
    today = timezone.localdate()
    actions.record_unavailable(
        programme=programme,
        associate=away,
        from_on=today,
        until_on=today + timedelta(days=9),
        reason="On leave.",
        by=admin,
    )
    raised = [
        actions.object_to(
            version=version,
            passage=versions.passage(version, number),
            reason="It names a school.",
            by=objects,
        )
        for number in (1, 2, 3)
    ]
    changed, answered, withdrawn = raised
    versions.change_section(version, body="No school is named now.")
    for objection in (changed, answered):
        actions.reply_to_objection(objection=objection, text="It is another one.", by=admin)
    actions.withdraw_objection(objection=withdrawn, by=objects)
    about = [at("assessments:version_objection", version, objection) for objection in raised]
    since = f"{at('assessments:version_changes', version)}?since={lapsed.uuid}"
    assert not wrong(admin, at("home"), since, *about, *of(version, *PAGES, *LEADING))
    for person in (lapsed, agreed, away, objects, asked):
        assert not wrong(person, at("home"), *of(version, "version_agreement", "version_agree"))
    assert not wrong(objects, *about, *of(version, "version_object"))
    objects.licences.update(withdrawn_at=timezone.now(), withdrawn_by=admin)
    assert not wrong(admin, *about, at("assessments:version_objection_close", version, answered))
    actions.close_objection(objection=answered, because="They left.", by=admin)
    assert not wrong(admin, about[1], *of(version, "version_agreement"))


def test_version_that_nobody_is_licensed_for(wrong: Wrong, programme: Programme, admin: Person) -> None:
    version = versions.proposed(programme, admin)
    assert not wrong(admin, *of(version, "version_agreement", *LEADING))


def test_version_from_agreed_to_retired(wrong: Wrong, programme: Programme, admin: Person) -> None:
    associate = factories.associate(programme)
    first = versions.proposed(programme, admin)
    versions.all_agree(first, associate)
    assert not wrong(admin, at("home"), *of(first, "version_agreement", "version_freeze"))
    actions.freeze_version(version=first, by=admin)
    later = factories.associate(programme, cleared=False)
    pages = ("version", "version_agreement", "version_freeze")
    assert not wrong(admin, at("assessments:case_studies"), *of(first, *pages))
    assert not wrong(associate, at("assessments:case_studies"), *of(first, *pages[:2]))
    assert not wrong(later, at("home"), *of(first, "version_agreement", "version_agree"))
    second = versions.proposed(programme, admin, sections=4)
    assert not wrong(associate, at("home"), *of(second, *PAGES))
    versions.all_agree(second, associate, later)
    actions.freeze_version(version=second, by=admin)
    assert not wrong(admin, at("assessments:case_studies"), *of(first, *PAGES), *of(second, *pages))
    third = actions.withdraw_version(version=versions.proposed(programme, admin), by=admin)
    assert not wrong(admin, at("assessments:case_studies"), *of(third, *PAGES))


# --- The framework and strengths ----------------------------------------------------------------------


@pytest.fixture
def edition(programme: Programme) -> FrameworkEdition:
    return programme.framework_editions.get()


def test_framework_searched(wrong: Wrong, programme: Programme, edition: FrameworkEdition) -> None:
    reader = factories.associate(programme)
    page = at("assessments:framework")
    assert not wrong(reader, f"{page}?q=safety", f"{page}?q=zebra", f"{page}?strand=adults")


def test_framework_saved_elsewhere_meanwhile(
    wrong: Wrong, programme: Programme, admin: Person, edition: FrameworkEdition
) -> None:
    draft = actions.draft_edition(programme=programme, by=admin)
    actions.add_stage(edition=draft, revision=draft.revision, by=admin)
    typed = {
        "revision": str(draft.revision),
        "title": "Mine",
        "source": "Mine",
        "responsibility": "adults",
        "areas_0": "one of mine",
    }
    pages = [at("assessments:framework_edit", draft), at("assessments:framework_stage", draft, 1)]
    for page in pages:
        assert not wrong(admin, page, sent=typed)
        assert not wrong(admin, page, sent={**typed, "domains": "No Code | A", "areas_0": "one\none"})
    assert not wrong(admin, at("assessments:framework_editions", draft))
    assert not wrong(admin, at("assessments:framework_publish", draft))


def test_strengths(wrong: Wrong, programme: Programme, edition: FrameworkEdition, admin: Person) -> None:
    version = factories.version(programme, frozen=False, questions=6)
    criteria = [criterion for question in version.questions.all() for criterion in question.criteria.all()]
    for area, criterion in zip(edition.areas.all(), criteria, strict=False):
        criterion.areas.add(area)
    factories.freeze(version)
    course = factories.course(programme=programme)
    trainer = factories.trainer_of(course)
    own, every = at("assessments:strengths", course), at("assessments:programme_strengths")
    assert not wrong(trainer, own)
    assert not wrong(admin, every)
    for judged in (Judged.MET, Judged.NOT_MET):
        sent = factories.submission(factories.enrolment(course, attended=True))
        factories.marking(sent, judged=judged, finalised=True)
    assert not wrong(trainer, own)
    assert not wrong(admin, own, every)
