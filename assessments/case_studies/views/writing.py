"""Writing a version: its overview, its head, its sections, its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused
from aimcert.foundation.sent_forms import sent_once
from assessments.case_studies import actions
from assessments.case_studies.canonical import HEAD, passage_of
from assessments.case_studies.forms.question_sheets import QuestionSheet
from assessments.case_studies.forms.writing import HeadForm, SectionForm
from assessments.case_studies.forms.writing_questions import KindForm
from assessments.case_studies.kinds import kind_of
from assessments.case_studies.models import Version
from assessments.case_studies.outline import overview_of
from assessments.case_studies.passage_lines import lines_of
from assessments.case_studies.views.version_pages import (
    find_question,
    find_section,
    find_to_write,
    find_version,
    version_page,
)
from assessments.permissions import Assessments


@require_safe
def overview(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Every passage in order, who saved it last, and what is missing before the version can be proposed."""
    found = find_version(request, version, Assessments.WRITE_VERSION)
    if not found.is_underway:
        return redirect("assessments:version", version)
    overview = overview_of(found)
    missing = actions.missing_to_propose(found, overview.sections, overview.questions)
    return version_page(request, "overview.html", found, {"overview": overview, "missing": missing})


@require_http_methods(["GET", "HEAD", "POST"])
def head(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Title, content note and statement."""
    found = find_to_write(request, version)
    form = HeadForm(request.POST) if request.method == "POST" else HeadForm.of(found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_head(version=found, by=request.user, **form.cleaned_data)
        except actions.StalePassage as stale:
            context = {"form": HeadForm.with_typed(stale.typed, stale.revision)}
            return _conflict(request, found, HEAD, stale, "head_fields.html", context)
        except (actions.PassageRefused, actions.ContentNotUsable) as refused:
            form.add_error(None, _words(refused))
        else:
            return _saved(request, found, HEAD)
    return version_page(request, "head.html", found, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def section_new(request: SignedInRequest, version: UUID) -> HttpResponse:
    """A section at the end."""
    found = find_to_write(request, version)
    form = SectionForm(request.POST if request.method == "POST" else None, initial={"base_revision": 0})
    if request.method == "POST" and form.is_valid():
        try:
            section = actions.add_section(version=found, by=request.user, **_section(form))
        except (actions.PassageRefused, actions.ContentNotUsable) as refused:
            form.add_error(None, _words(refused))
        else:
            return _saved(request, found, passage_of(section))
    return version_page(request, "section.html", found, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: SignedInRequest, version: UUID, section: UUID) -> HttpResponse:
    """One section. A save that comes after its removal is kept too."""
    found = find_to_write(request, version)
    row = find_section(found, section, even_removed=request.method == "POST")
    form = SectionForm(request.POST) if request.method == "POST" else SectionForm.of(row)
    if request.method == "POST" and form.is_valid():
        base = form.cleaned_data["base_revision"]
        try:
            actions.save_section(section=row, base_revision=base, by=request.user, **_section(form))
        except actions.StalePassage as stale:
            context = {"form": SectionForm.with_typed(stale.typed, stale.revision), "section": row}
            return _conflict(request, found, passage_of(row), stale, "section_fields.html", context)
        except (actions.PassageRefused, actions.ContentNotUsable) as refused:
            form.add_error(None, _words(refused))
        else:
            return _saved(request, found, passage_of(row))
    return version_page(request, "section.html", found, {"form": form, "section": row})


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def question_new(request: SignedInRequest, version: UUID) -> HttpResponse:
    """First its kind, then the question itself."""
    found = find_to_write(request, version)
    chosen = KindForm(found, request.GET if "kind" in request.GET else None)
    kind = chosen.chosen()
    if kind is None:
        return version_page(request, "question_kind.html", found, {"form": chosen})
    if request.method != "POST":
        return _question_page(request, found, QuestionSheet.blank(found, kind), None)
    sheet = QuestionSheet.posted(found, kind, request.POST, None)
    if edited := _edited(request, sheet):
        return _question_page(request, found, edited, None)
    if sheet.is_valid():
        try:
            question = actions.add_question(version=found, content=sheet.content(), by=request.user)
        except (actions.PassageRefused, actions.ContentNotUsable) as refused:
            sheet.question.add_error(None, _words(refused))
        else:
            return _saved(request, found, passage_of(question))
    return _question_page(request, found, sheet, None)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, version: UUID, question: UUID) -> HttpResponse:
    """One question with its criteria."""
    found = find_to_write(request, version)
    row = find_question(found, question, even_removed=request.method == "POST")
    if request.method != "POST":
        return _question_page(request, found, QuestionSheet.of(found, row), row)
    sheet = QuestionSheet.posted(found, kind_of(row.kind), request.POST, row.settings)
    if edited := _edited(request, sheet):
        return _question_page(request, found, edited, row)
    if sheet.is_valid():
        base = sheet.question.cleaned_data["base_revision"]
        try:
            actions.save_question(question=row, content=sheet.content(), base_revision=base, by=request.user)
        except actions.StalePassage as stale:
            sheet = QuestionSheet.with_typed(found, stale.typed, stale.revision)
            context = {"sheet": sheet, "form": sheet.question, "question": row}
            return _conflict(request, found, passage_of(row), stale, "question_fields.html", context)
        except (actions.PassageRefused, actions.ContentNotUsable) as refused:
            sheet.question.add_error(None, _words(refused))
        else:
            return _saved(request, found, passage_of(row))
    return _question_page(request, found, sheet, row)


# --- What these pages share -----------------------------------------------------------------------


class SectionFields(TypedDict):
    """What the actions want to know of a section."""

    title: str
    body: str
    figure: dict[str, Any] | None


def _section(form: SectionForm) -> SectionFields:
    said = form.cleaned_data
    return {"title": said["title"], "body": said["body"], "figure": said["figure"]}


def _edited(request: SignedInRequest, sheet: QuestionSheet) -> QuestionSheet | None:
    """The sheet with one criterion more or less, where one of those buttons was pressed."""
    if "add" in request.POST:
        return sheet.with_one_more()
    if "remove" in request.POST:
        return sheet.without(request.POST["remove"])
    return None


def _question_page(
    request: SignedInRequest, version: Version, sheet: QuestionSheet, question: Any
) -> HttpResponse:
    wrong = sheet.question.is_bound and any(form.errors for form in sheet.forms)
    context = {"sheet": sheet, "form": sheet.question, "question": question, "has_errors": wrong}
    return version_page(request, "question.html", version, context)


def _conflict(
    request: SignedInRequest,
    version: Version,
    passage: str,
    stale: actions.StalePassage,
    fields: str,
    context: Mapping[str, object],
) -> HttpResponse:
    """What stands beside what was typed; saving from here builds on what stands."""
    constructs = dict(version.case_study.programme.constructs.values_list("code", "name"))
    context = {
        "refused": stale,
        "passage": passage,
        "fields": f"assessments/case_studies/writing/{fields}",
        "standing": lines_of(stale.standing, constructs),
        "typed": lines_of(stale.typed, constructs),
        **context,
    }
    return version_page(request, "conflict.html", version, context, status=stale.status)


def _saved(request: SignedInRequest, version: Version, passage: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('assessments:version_write', args=[version.uuid])}#{passage}")


def _words(refused: Refused) -> Any:
    problems = getattr(refused, "problems", None)
    return problems or refused.message
