"""The pages of a case study's authors: who sees what, what is kept as typed, what is previewed."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.canonical import passage_of, question_content
from assessments.case_studies.kinds import KINDS
from assessments.case_studies.references import reference_of
from assessments.models import Question, Section, Version
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import writing
from tests.courses.pages import key
from tests.courses.pages import text as text_of

pytestmark = pytest.mark.django_db

CHOICE = {
    "kind": "choice",
    "settings": {
        "options": [{"key": "a", "text": "At home"}, {"key": "b", "text": "In care"}],
        "several": False,
    },
}


@pytest.fixture
def programme() -> Programme:
    return writing.aim3()


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Grace Admin")


@pytest.fixture
def version(programme: Programme, admin: Person) -> Version:
    return writing.draft(programme, admin)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, version: Version, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[version.uuid, *more])


def typed(question: Question, **changed: str) -> dict[str, Any]:
    """What the page of a saved question would send, with some of it changed."""
    page = signed_in(question.saved_by).get(url("version_question", question.version, question.uuid))
    forms = lxml.html.fromstring(page.content.decode()).forms
    form = next(form for form in forms if "criterion" in form.inputs)
    sent: dict[str, Any] = {}
    for field in form.iter("input", "select", "textarea"):
        is_ticked = field.get("type") in ("checkbox", "radio")
        if is_ticked and "checked" not in field.attrib:
            continue
        # As a browser reads it, the first line break of a text is the page's own.
        value = (
            field.get("value", "on" if is_ticked else "")
            if field.tag == "input"
            else field.value.removeprefix("\n")
        )
        sent.setdefault(field.name, []).append(value)
    sent.pop("csrfmiddlewaretoken")
    return {**sent, **changed}


# --- The list, and the version read whole -----------------------------------------------------------


def test_list_shows_each_programme_its_versions(version: Version, admin: Person) -> None:
    page = signed_in(admin).get(reverse("assessments:case_studies")).content.decode()
    assert "Version 1: Robin, aged 13" in page
    other = factories.PersonFactory.create()
    page = signed_in(other).get(reverse("assessments:case_studies")).content.decode()
    assert "Robin" not in page
    assert "programmes that you are licensed for will stand here" in page


def test_draft_is_hidden_from_associates_until_it_is_proposed(
    version: Version, programme: Programme, admin: Person
) -> None:
    client = signed_in(factories.associate(programme))
    assert client.get(url("version", version)).status_code == 404
    actions.propose_version(version=version, by=admin)
    page = client.get(url("version", version))
    assert page.status_code == 200
    assert "MODEL-ANSWER" in page.content.decode()
    assert client.get(url("version_write", version)).status_code == 403


def test_version_has_a_place_for_each_passage(version: Version, admin: Person) -> None:
    page = signed_in(admin).get(url("version", version)).content.decode()
    for part in [*version.sections.all(), *version.questions.all()]:
        assert f'id="{passage_of(part)}"' in page
    assert 'id="head"' in page
    assert "<em>here</em>" in page


@pytest.mark.whole_run
@pytest.mark.parametrize("name", ["version", "version_write", "version_preview_participant"])
def test_a_version_takes_as_many_queries_whatever_its_size(
    programme: Programme, admin: Person, name: str
) -> None:
    client = signed_in(admin)
    counts = []
    for sections in (1, 3, 300):
        version = writing.draft(programme, admin, sections=0)
        Section.objects.bulk_create(
            Section(version=version, number=number, title="T", body="B", saved_by=admin)
            for number in range(1, sections + 1)
        )
        client.get(url(name, version))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name, version)).status_code == 200
        counts.append(len(queries))
        actions.withdraw_version(version=version, by=admin)
    assert counts[0] == counts[1] == counts[2]


# --- Writing ----------------------------------------------------------------------------------------


def test_admin_begins_a_version_and_writes_its_head(programme: Programme, admin: Person) -> None:
    client = signed_in(admin)
    begun = client.post(
        reverse("assessments:version_begin", args=["aim3"]),
        {"begin": "empty", "idempotency_key": "5a0d2c8e-0000-4000-8000-000000000001"},
    )
    version = Version.objects.get()
    assert begun.url == url("version_write", version)
    page = client.get(begun.url).content.decode()
    assert "the content note is missing." in page
    sent = {
        "title": "Robin",
        "content_note": "Harm.",
        "fictional_statement": "Made up.",
        "base_revision": "1",
    }
    assert client.post(url("version_edit_head", version), sent).url.endswith("#head")
    version.refresh_from_db()
    assert (version.title, version.revision) == ("Robin", 2)


def test_copy_where_nothing_is_in_force_is_refused_on_the_page(programme: Programme, admin: Person) -> None:
    page = signed_in(admin).post(
        reverse("assessments:version_begin", args=["aim3"]),
        {"begin": "copy", "idempotency_key": "5a0d2c8e-0000-4000-8000-000000000002"},
    )
    assert "there is nothing to copy" in page.content.decode()
    assert not Version.objects.exists()


def test_author_adds_a_section_with_a_timeline(version: Version, admin: Person) -> None:
    author = writing.author(version, admin)
    sent = {
        "title": "What happened",
        "body": "See below.",
        "figure_kind": "timeline",
        "timeline": "Aged 9 | Moves to Nan\n2019 | Starts school",
        "base_revision": "0",
        "idempotency_key": str(uuid4()),
    }
    answer = signed_in(author).post(url("version_section_new", version), sent)
    section = version.sections.get(number=3)
    assert answer.url.endswith(f"#{passage_of(section)}")
    assert section.figure == {
        "events": [
            {"when": "Aged 9", "what": "Moves to Nan"},
            {"when": "2019", "what": "Starts school"},
        ]
    }
    page = signed_in(author).get(url("version_section", version, section.uuid)).content.decode()
    assert "Aged 9 | Moves to Nan" in page


def test_section_sent_twice_is_added_once(version: Version, admin: Person) -> None:
    sent = {"title": "At home", "body": "", "base_revision": "0", "idempotency_key": str(uuid4())}
    first, second = (signed_in(admin).post(url("version_section_new", version), sent) for _ in range(2))
    assert first.url == second.url
    assert version.sections.filter(title="At home").count() == 1


PEOPLE = "Dylan | male | 13\nCarys | female | his mother\nNan | female | | died"


def test_genogram_is_typed_as_lines_and_read_back(version: Version, admin: Person) -> None:
    sent = {
        "title": "The family",
        "body": "",
        "figure_kind": "genogram",
        "genogram": f"{PEOPLE}\nCarys | apart | Dylan",
        "base_revision": "0",
        "idempotency_key": str(uuid4()),
    }
    client = signed_in(admin)
    client.post(url("version_section_new", version), sent)
    section = version.sections.get(number=3)
    assert [row["died"] for row in section.figure["people"]] == [False, False, True]
    assert section.figure["couples"] == [{"partners": ["Carys"], "bond": "apart", "children": ["Dylan"]}]
    wrong = client.post(
        url("version_section", version, section.uuid),
        {**sent, "genogram": f"{PEOPLE}\nCarys | apart | Somebody", "base_revision": "1"},
    ).content.decode()
    assert "Somebody" in wrong
    assert "Line 4" in wrong
    assert "who is none of the people" in wrong


def test_stale_save_shows_both_texts_and_can_then_be_saved(version: Version, admin: Person) -> None:
    author = writing.author(version, admin, name="Ada Quill")
    section = version.sections.get(number=1)
    address = url("version_section", version, section.uuid)
    sent = {"title": "Referral", "base_revision": "1"}
    assert signed_in(author).post(address, {**sent, "body": "Ada’s text."}).status_code == 302
    client = signed_in(admin)
    page = client.post(address, {**sent, "body": "Grace’s <text>."})
    shown = page.content.decode()
    assert page.status_code == 409
    assert "Ada’s text." in shown
    assert "Grace’s &lt;text&gt;." in shown
    assert 'name="base_revision" value="2"' in shown
    assert client.post(address, {**sent, "body": "Both.", "base_revision": "2"}).status_code == 302
    section.refresh_from_db()
    assert section.body == "Both."
    history = client.get(url("version_history", version, passage_of(section))).content.decode()
    for text in ("Robin was *here*, 1.", "Ada’s text.", "Grace’s &lt;text&gt;.", "Both."):
        assert text in history
    assert "Set aside: typed by Grace Admin" in history
    assert "A text was set aside" in client.get(url("version_write", version)).content.decode()


def test_save_after_a_removal_is_shown_and_kept(version: Version, admin: Person) -> None:
    section, question = version.sections.get(number=1), version.questions.get()
    sent = typed(question, title="Typed too late")
    actions.remove_section(section=section, base_revision=1, by=admin)
    actions.remove_question(question=question, base_revision=1, by=admin)
    client = signed_in(admin)
    late = {"title": "Referral", "body": "Too late.", "base_revision": "1"}
    page = client.post(url("version_section", version, section.uuid), late)
    assert (page.status_code, "Too late." in page.content.decode()) == (409, True)
    page = client.post(url("version_question", version, question.uuid), sent)
    assert (page.status_code, "Typed too late" in page.content.decode()) == (409, True)
    assert version.wordings.filter(set_aside=True).count() == 2
    assert client.get(url("version_section", version, section.uuid)).status_code == 404


def test_moving_and_removing_ask_by_post(version: Version, admin: Person) -> None:
    client = signed_in(admin)
    second = version.sections.get(number=2)
    client.post(url("version_section_move", version, second.uuid), {"to": "1"})
    assert version.sections.get(number=1) == second
    confirm = client.get(url("version_section_remove", version, second.uuid)).content.decode()
    assert "Remove this section?" in confirm
    client.post(url("version_section_remove", version, second.uuid), {"base_revision": "1"})
    assert version.sections.count() == 1
    assert "Removed by Grace Admin" in client.get(url("version_write", version)).content.decode()


# --- Questions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(KINDS))
def test_each_kind_can_be_added_and_saved_again_unchanged(version: Version, admin: Person, code: str) -> None:
    client = signed_in(admin)
    address = f"{url('version_question_new', version)}?kind={code}"
    assert str(KINDS[code].about) in client.get(url("version_question_new", version)).content.decode()
    assert client.get(address).status_code == 200
    sent = {
        "title": "A question",
        "text": "What now?",
        "guide_words": "80",
        "model_answer": "This.",
        "setting_options": "One\nTwo",
        "setting_several": "on",
        "setting_levels": "Low\nHigh",
        "setting_people": "Dylan | young person",
        "base_revision": "0",
        "idempotency_key": str(uuid4()),
        "criterion": ["1"],
        "criterion-1-text": "Reasons from need.",
        "criterion-1-essential": "no",
        "criterion-1-met": "Does.",
        "criterion-1-partly_met": "Half.",
        "criterion-1-not_met": "Does not.",
        "criterion-1-constructs": ["developmental"],
    }
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    question = version.questions.get(number=2)
    before = question_content(question)
    assert before["kind"] == code
    again = client.post(url("version_question", version, question.uuid), typed(question))
    assert again.status_code == 302, again.content.decode()
    question = version.questions.get(number=2)
    assert (question_content(question), question.revision) == (before, 1)


def criteria_in(page: str) -> list[str]:
    """The keys of the criteria that the form on `page` sends."""
    return re.findall(r'name="criterion" value="(\w+)"', page)


def test_adding_and_removing_a_criterion_keeps_what_was_typed(version: Version, admin: Person) -> None:
    question = version.questions.get()
    address = url("version_question", version, question.uuid)
    client = signed_in(admin)
    sent = typed(question, title="", **{"criterion-1-met": "Typed, not saved."})
    more = client.post(address, {**sent, "add": "1"})
    page = more.content.decode()
    assert more.status_code == 200
    assert criteria_in(page) == ["1", "2"]
    # Where the button leads, so that the Tab key goes into the new criterion and not past it.
    assert 'formaction="#criterion-2"' in client.get(address).content.decode()
    assert 'id="criterion-2"' in page
    assert "Typed, not saved." in page
    assert "There is a problem" not in page
    fewer = client.post(
        address, {**sent, "criterion": ["1", "2"], "criterion-2-text": "Kept.", "remove": "1"}
    )
    assert criteria_in(fewer.content.decode()) == ["2"]
    assert "Kept." in fewer.content.decode()
    assert question.criteria.count() == 1


def test_question_page_says_what_is_wrong_and_keeps_it(version: Version, admin: Person) -> None:
    question = actions.add_question(version=version, content=writing.question(**CHOICE), by=admin)
    sent = typed(question, title="", setting_options="Only one", **{"criterion-1-essential": ""})
    page = signed_in(admin).post(url("version_question", version, question.uuid), sent)
    shown = page.content.decode()
    for words in (
        "Enter a title.",
        "“What can be chosen” must have from 2 to 12 rows.",
        "Choose whether it is essential or desirable.",
    ):
        assert words in shown
    assert "Only one" in shown
    assert shown.count("<title>Error:") == 1


def test_criterion_names_a_part_and_areas(version: Version, admin: Person) -> None:
    settings = KINDS["domain-profile"].settings_from({"levels": "Low\nHigh"}, reference_of(version.edition))
    content = writing.question(kind="domain-profile", settings=settings)
    question = actions.add_question(version=version, content=content, by=admin)
    area = version.edition.areas.first()
    key = f"{area.stage}/{area.strand}/{area.title}"
    sent = typed(question, **{"criterion-1-part": "developmental", "criterion-1-areas": [key]})
    assert signed_in(admin).post(url("version_question", version, question.uuid), sent).status_code == 302
    saved = question.criteria.get()
    assert (saved.part, list(saved.areas.all())) == ("developmental", [area])
    assert "Areas of the framework: 1 chosen" in (
        signed_in(admin).get(url("version_question", version, question.uuid)).content.decode()
    )


def test_a_line_that_cannot_be_used_is_named_in_a_sentence(version: Version, admin: Person) -> None:
    client = signed_in(admin)
    plan = f"{url('version_question_new', version)}?kind=intervention-plan"
    typed_people = {"setting_people": "Robin | young person\nNan | grown-ups", **key()}
    assert "Line 2 needs “|” after the name, and then one of these: adults," in text_of(
        client.post(plan, typed_people)
    )
    section = {"title": "Years", "figure_kind": "timeline", "timeline": "2019 | Moves\nAged 9", **key()}
    assert "Line 2: write when, then “|”, then what happened." in text_of(
        client.post(url("version_section_new", version), section)
    )


def test_a_criterion_says_when_it_can_name_a_part(version: Version, admin: Person) -> None:
    client, address = signed_in(admin), url("version_question_new", version)
    profile = text_of(client.get(f"{address}?kind=domain-profile"))
    assert "The parts are known once “The levels of concern” is filled in and saved." in profile
    for kind in ("written", "choice"):
        assert "The parts are known" not in text_of(client.get(f"{address}?kind={kind}"))


# --- Previews ---------------------------------------------------------------------------------------


def test_preview_is_the_participants_page_without_a_way_to_send(version: Version, admin: Person) -> None:
    client = signed_in(admin)
    page = client.get(url("version_preview_participant", version)).content.decode()
    assert "<em>here</em>" in page
    assert "It describes harm." in page
    question = client.get(url("version_preview_question", version, 1)).content.decode()
    assert "<strong>see</strong>" in question
    main = question[question.index("<main") :]
    assert "<fieldset disabled>" in main
    assert 'method="post"' not in main
    for text in (page, question):
        assert "MODEL-ANSWER" not in text
        assert "Names the concern." not in text
    assert client.get(url("version_preview_question", version, 2)).status_code == 404


def test_preview_of_marking_shows_criteria_and_sends_nothing(version: Version, admin: Person) -> None:
    page = signed_in(admin).get(url("version_preview_marker", version)).content.decode()
    main = page[page.index("<main") :]
    assert "MODEL-ANSWER" in main
    assert "Names the concern." in main
    assert "<fieldset disabled>" in main
    assert "What the participant answered stands here." in main
    assert 'method="post"' not in main


def test_preview_of_marking_says_that_there_are_no_questions(version: Version, admin: Person) -> None:
    version.questions.get().criteria.all().delete()
    version.questions.all().delete()
    page = text_of(signed_in(admin).get(url("version_preview_marker", version)))
    assert "No questions yet." in page


# --- Authors, proposing, withdrawing ----------------------------------------------------------------


def test_admin_invites_and_ends_an_author(version: Version, programme: Programme, admin: Person) -> None:
    person = factories.associate(programme, name="Zoë O’Neill")
    client = signed_in(admin)
    client.post(url("version_authors", version), {"person": str(person.uuid)})
    assert "Zoë O’Neill" in client.get(url("version_authors", version)).content.decode()
    author = version.authors.get()
    assert signed_in(person).get(url("version_write", version)).status_code == 200
    client.post(url("version_author_end", version, author.uuid))
    assert signed_in(person).get(url("version_write", version)).status_code == 404


def test_admin_proposes_once_nothing_is_missing(version: Version, admin: Person) -> None:
    client = signed_in(admin)
    page = client.get(url("version_write", version)).content.decode()
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    assert key
    client.post(url("version_propose", version), {"idempotency_key": key[1]})
    version.refresh_from_db()
    assert version.proposed_by == admin
    assert "Propose this version" not in client.get(url("version_write", version)).content.decode()


def test_version_in_force_is_read_and_not_written(
    version: Version, programme: Programme, admin: Person
) -> None:
    actions.propose_version(version=version, by=admin)
    actions.agree(version=version, by=factories.associate(programme))
    version = actions.freeze_version(version=version, by=admin)
    client = signed_in(admin)
    assert client.get(url("version_write", version)).url == url("version", version)
    assert client.get(url("version_withdraw", version)).status_code == 409
    section = version.sections.get(number=1)
    for name in ("version_section", "version_section_remove"):
        assert client.get(url(name, version, section.uuid)).status_code == 409
    page = client.get(url("version", version)).content.decode()
    assert version.fingerprint in page
    assert url("version_write", version) not in page
    history = client.get(url("version_history", version, passage_of(section)))
    assert history.status_code == 200


def test_next_version_is_not_offered_while_one_is_underway(version: Version, admin: Person) -> None:
    begin = reverse("assessments:version_begin", args=["aim3"])
    shown = text_of(signed_in(admin).get(begin))
    assert f"Go to version {version.number}" in shown
    assert 'name="begin"' not in shown
    actions.withdraw_version(version=version, by=admin)
    shown = text_of(signed_in(admin).get(begin))
    assert "Go to version" not in shown
    assert 'name="begin"' in shown
