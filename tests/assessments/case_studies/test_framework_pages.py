"""The framework as reference: who reads it, its page, search, its sheet of paper, its editions."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.editions import changes_between, sheet_of
from assessments.case_studies.framework_documents import framework_pdf
from assessments.models import FrameworkEdition
from courses.models import Programme
from tests import factories
from tests.foundation.test_pdf import fonts_in, text_of
from tests.pages import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create(code="aim3", name="AIM3")


@pytest.fixture
def edition(programme: Programme) -> FrameworkEdition:
    return factories.framework(programme)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Person, query: str = "") -> str:
    response = signed_in(person).get(f"{reverse('assessments:framework')}{query}")
    assert response.status_code == 200
    return flat(response.text)


# --- Who reads it -----------------------------------------------------------------------------------


def test_framework_is_read_by_who_is_enrolled_licensed_or_commissioning(
    programme: Programme, edition: FrameworkEdition
) -> None:
    enrolled = factories.enrolment(factories.course(programme=programme)).person
    commissioner = factories.commissioner(factories.OrganisationFactory.create())
    for reader in (enrolled, factories.associate(programme), commissioner, factories.admin()):
        assert edition.title in page(reader)
        assert "The intervention framework" in signed_in(reader).get("/").content.decode()


def test_framework_does_not_exist_for_strangers(programme: Programme, edition: FrameworkEdition) -> None:
    elsewhere = factories.course()
    lapsed = factories.associate(programme)
    lapsed.licences.update(valid_until=date(2020, 2, 1))
    strangers = (
        factories.PersonFactory.create(),
        factories.enrolment(elsewhere).person,
        factories.associate(elsewhere.programme),
        lapsed,
    )
    for stranger in strangers:
        client = signed_in(stranger)
        assert client.get(reverse("assessments:framework")).status_code == 404
        for name in ("framework_edition", "framework_pdf", "framework_editions"):
            assert client.get(reverse(f"assessments:{name}", args=[edition.uuid])).status_code == 404
        assert "The intervention framework" not in client.get("/").content.decode()


# --- Its page ---------------------------------------------------------------------------------------


def test_page_has_stages_across_strands_down_and_who_carries_risk(edition: FrameworkEdition) -> None:
    text = page(factories.admin())
    assert len(re.findall(r'<th scope="col">', text)) == 4
    assert re.findall(r'<tr class="framework-strand[^>]*id="strand-([\w-]+)"', text) == [
        "adults",
        "young-person",
        "multi-agency-risk-management-meeting",
    ]
    assert re.findall(r"<strong>([^<]*(?:adults|young person))</strong>", text) == [
        "Mainly the adults",
        "Mainly the adults",
        "Shared with the young person",
        "Mainly the young person",
    ]
    assert text.count("Part 1</p>") == text.count("Part 2</p>") == 2
    for note in edition.notes:
        assert note.replace("'", "&#x27;") in text
    assert "adapted from MARP (2014)" in text
    for domain in edition.domains.all():
        assert f"<strong>{domain.name}</strong>" in text


def test_adults_share_of_risk_management_only_falls(edition: FrameworkEdition) -> None:
    edges = []
    for stage in sheet_of(edition).stages:
        points = [float(point.split(",")[1]) for point in stage.band.split()[2:]]
        edges += reversed(points)
    assert edges == sorted(edges, reverse=True)
    assert edges[0] > edges[-1]


@pytest.mark.parametrize(
    ("query", "chosen"),
    [("", "adults"), ("?strand=young-person", "young-person"), ("?strand=nobody", "adults")],
)
def test_one_strand_is_chosen_for_a_phone(edition: FrameworkEdition, query: str, chosen: str) -> None:
    text = page(factories.admin(), query)
    assert re.findall(r'framework-chosen" id="strand-([\w-]+)"', text) == [chosen]


@pytest.mark.parametrize("rows", [1, 60])
def test_page_asks_one_statement_for_each_table(programme: Programme, rows: int) -> None:
    edition = factories.framework(programme)
    draft = actions.draft_edition(programme=programme, by=factories.admin())
    areas = [actions.AreaTyped("adults", "", f"area {number}") for number in range(rows)]
    stage = draft.stages.get(number=1)
    actions.save_stage(
        edition=draft,
        number=1,
        revision=draft.revision,
        title=stage.title,
        purpose=stage.purpose,
        responsibility=stage.responsibility,
        areas=areas,
        by=draft.drafted_by,  # type: ignore[arg-type]
    )
    with CaptureQueriesContext(connection) as asked:
        sheet_of(FrameworkEdition.objects.get(pk=draft.pk))
    assert len(asked) == 4
    assert edition.areas.count() != draft.areas.count()


# --- Search -----------------------------------------------------------------------------------------


def test_search_marks_areas_and_says_how_many(edition: FrameworkEdition) -> None:
    text = page(factories.admin(), "?q=Safety+PLAN")
    assert "5 areas hold “Safety PLAN”" in text
    assert text.count("<mark>safety plan</mark>") == 5


def test_search_for_nothing_known_says_so_and_shows_everything(edition: FrameworkEdition) -> None:
    text = page(factories.admin(), "?q=<b>zebra")
    assert "No area holds these words." in text
    assert "&lt;b&gt;zebra" in text
    assert "<mark>" not in text
    assert "getting the basics right" in text


@pytest.mark.parametrize("query", ["?q=", "?q=%00", "?q=+++", "?q=(", f"?q={'x' * 5000}"])
def test_search_takes_whatever_is_typed(edition: FrameworkEdition, query: str) -> None:
    assert "getting the basics right" in page(factories.admin(), query)


def test_search_opens_the_first_strand_with_something_found(edition: FrameworkEdition) -> None:
    text = page(factories.admin(), "?q=establishing")
    assert 'framework-chosen" id="strand-young-person"' in text


# --- On paper ---------------------------------------------------------------------------------------


def test_sheet_of_paper_is_one_tagged_page_with_everything(edition: FrameworkEdition) -> None:
    reader = factories.admin()
    response = signed_in(reader).get(reverse("assessments:framework_pdf", args=[edition.uuid]))
    assert response["Content-Type"] == "application/pdf"
    pdf = PdfReader(BytesIO(response.content))
    assert len(pdf.pages) == 1
    assert pdf.pages[0].mediabox.width > pdf.pages[0].mediabox.height
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(text_of(response.content).split())
    for said in [*edition.notes, *edition.areas.values_list("title", flat=True), edition.source]:
        assert " ".join(said.split()).replace("- ", "-") in text.replace("- ", "-"), said
    for words in ("Mainly the adults", "Shared with the young person", "Part 1", "Part 2"):
        assert words in text
    assert {name.split("-")[0] for name in fonts_in(response.content)} <= {"Atkinson", "Source"}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_sheet_of_paper_stays_one_page_as_the_framework_grows(
    programme: Programme, edition: FrameworkEdition, times: int
) -> None:
    by = factories.admin()
    draft = actions.draft_edition(programme=programme, by=by)
    for stage in draft.stages.all():
        rows = [area for area in draft.areas.all() if area.stage == stage.number]
        draft = actions.save_stage(
            edition=draft,
            number=stage.number,
            revision=draft.revision,
            title=stage.title,
            purpose=stage.purpose,
            responsibility=stage.responsibility,
            areas=[
                actions.AreaTyped(area.strand, area.part, f"{area.title} {turn}" if turn else area.title)
                for area in rows
                for turn in range(times)
            ],
            by=by,
        )
    pdf = framework_pdf(sheet_of(draft), language="en-gb")
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


# --- Editions ---------------------------------------------------------------------------------------


def test_history_says_what_was_added_removed_and_changed(
    programme: Programme, edition: FrameworkEdition
) -> None:
    by = factories.admin(name="Grace")
    draft = actions.draft_edition(programme=programme, by=by)
    draft = actions.save_edition(
        edition=draft,
        revision=draft.revision,
        title="The framework, revised",
        source=edition.source,
        notes=[*edition.notes[1:], "A new note <b>."],
        domains=[actions.DomainTyped(row.code, row.name, row.about) for row in edition.domains.all()],
        by=by,
    )
    changes = changes_between(edition, draft)
    assert [(change.where, change.before, change.after) for change in changes] == [
        ("Title", edition.title, "The framework, revised"),
        ("Notes", edition.notes[0], ""),
        ("Notes", "", "A new note <b>."),
    ]
    history = reverse("assessments:framework_editions", args=[edition.uuid])
    reader = factories.associate(programme)
    assert "revised" not in signed_in(reader).get(history).content.decode(), "a draft is the admins' own"
    actions.publish_edition(edition=draft, revision=draft.revision, by=by)
    text = signed_in(reader).get(history).content.decode()
    for words in ("Added", "Removed", "Changed", "A new note &lt;b&gt;.", "by Grace", "The first edition."):
        assert words in text
    assert "The framework, revised" in page(reader)
    older = signed_in(reader).get(reverse("assessments:framework_edition", args=[edition.uuid]))
    assert "A newer edition has taken the place of this one." in older.content.decode()


def test_reader_of_two_programmes_chooses_between_their_frameworks(
    programme: Programme, edition: FrameworkEdition
) -> None:
    other = factories.ProgrammeFactory.create(code="aim4", name="AIM4")
    factories.framework(other)
    text = page(factories.admin())
    assert "AIM3, edition 1" in text
    assert "?programme=aim4" in text
    assert "AIM4, edition 1" in page(factories.admin(), "?programme=aim4")


def test_question_and_script_lead_to_the_edition_that_the_case_study_was_written_on(
    programme: Programme, edition: FrameworkEdition
) -> None:
    version = factories.version(programme, frozen=False, questions=2)
    version.questions.filter(number=2).update(
        kind="domain-profile",
        settings={
            "domains": [{"key": "developmental", "name": "Developmental"}],
            "levels": [{"key": "low", "name": "Low"}, {"key": "high", "name": "High"}],
        },
    )
    version.edition = edition
    version.frozen_at, version.frozen_by = timezone.now(), version.proposed_by
    version.save()
    course = factories.course(programme=programme)
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    client = signed_in(enrolment.person)
    link = reverse("assessments:framework_edition", args=[edition.uuid])
    pages = [
        client.get(reverse("assessments:question", args=[enrolment.uuid, number])).content.decode()
        for number in (1, 2)
    ]
    assert [link in text for text in pages] == [False, True]
    assert client.get(link).status_code == 200
    script = factories.submission(enrolment, answers=["Words.", ""])
    url = reverse("assessments:mark", args=[course.uuid, script.enrolment.uuid])
    assert signed_in(factories.trainer_of(course)).get(url).content.decode().count(link) == 1


def test_saving_a_draft_again_after_a_refusal_overwrites_only_where_it_says_so(
    programme: Programme, edition: FrameworkEdition
) -> None:
    admin = factories.admin()
    draft = actions.draft_edition(programme=programme, by=admin)
    client = Client()
    client.force_login(admin)
    pages = [
        reverse("assessments:framework_edit", args=[draft.uuid]),
        reverse("assessments:framework_stage", args=[draft.uuid, 1]),
    ]
    for number, page in enumerate(pages):
        mine = f"Mine {number}"
        typed = _fields_of(client.get(page).content.decode())
        actions.add_stage(
            edition=draft, revision=FrameworkEdition.objects.get(pk=draft.pk).revision, by=admin
        )
        refused = client.post(page, typed | {"title": mine})
        assert refused.status_code == 409
        assert "Keep what is saved, discard mine" in refused.content.decode()
        again = typed | _fields_of(refused.content.decode()) | {"title": mine}
        assert client.post(page, again).status_code == 409
        draft = FrameworkEdition.objects.get(pk=draft.pk)
        assert mine not in (draft.title, draft.stages.get(number=1).title)
        over = re.search(r'name="over" value="(\d+)"', refused.content.decode())
        assert over is not None
        assert client.post(page, again | {"over": over[1]}).status_code == 302
        draft = FrameworkEdition.objects.get(pk=draft.pk)
        assert mine in (draft.title, draft.stages.get(number=1).title)


def _fields_of(page: str) -> dict[str, str]:
    """What a form of a draft sends, as the page filled it in."""
    form = page.split("novalidate")[1].split("</form>")[0]
    sent = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form))
    sent |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?([^<]*)</textarea>', form))
    chosen = re.search(r'<input[^>]*name="responsibility"[^>]*value="(\w+)"[^>]*checked', form)
    return sent | ({"responsibility": chosen[1]} if chosen else {})
