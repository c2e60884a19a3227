"""One passage of a version: moved, removed, and the history of its words."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from assessments.case_studies import actions
from assessments.case_studies.canonical import HEAD, passage_of
from assessments.case_studies.models import Question, Section, Version
from assessments.case_studies.passage_lines import lines_of
from assessments.case_studies.views.version_pages import (
    find_question,
    find_section,
    find_to_write,
    find_version,
    version_page,
)
from assessments.permissions import Assessments


@require_POST
def section_move(request: SignedInRequest, version: UUID, section: UUID) -> HttpResponse:
    """Put a section at the place that the button names."""
    found = find_to_write(request, version)
    row = find_section(found, section)
    actions.move_section(section=row, to=_number(request), by=request.user)
    return _back(found, row)


@require_POST
def question_move(request: SignedInRequest, version: UUID, question: UUID) -> HttpResponse:
    """Put a question at the place that the button names."""
    found = find_to_write(request, version)
    row = find_question(found, question)
    actions.move_question(question=row, to=_number(request), by=request.user)
    return _back(found, row)


@require_http_methods(["GET", "HEAD", "POST"])
def section_remove(request: SignedInRequest, version: UUID, section: UUID) -> HttpResponse:
    """Take a section out, once it was said what that does."""
    found = find_to_write(request, version)
    row = find_section(found, section)
    if request.method != "POST":
        return version_page(request, "remove.html", found, {"part": row, "section": row})
    actions.remove_section(section=row, base_revision=_number(request, "base_revision"), by=request.user)
    return _removed(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
def question_remove(request: SignedInRequest, version: UUID, question: UUID) -> HttpResponse:
    """Take a question with its criteria out, once it was said what that does."""
    found = find_to_write(request, version)
    row = find_question(found, question)
    if request.method != "POST":
        return version_page(request, "remove.html", found, {"part": row, "question": row})
    actions.remove_question(question=row, base_revision=_number(request, "base_revision"), by=request.user)
    return _removed(request, found)


@require_safe
def history(request: SignedInRequest, version: UUID, passage: str) -> HttpResponse:
    """Every text of one passage, the newest first, with those that were set aside."""
    found = find_version(request, version, Assessments.WRITE_VERSION)
    wordings = list(found.wordings.filter(passage=passage).select_related("saved_by").order_by("-pk"))
    if not wordings:
        raise Http404
    constructs = dict(found.case_study.programme.constructs.values_list("code", "name"))
    titled = next((row.content["title"] for row in wordings if row.content), "")
    context = {
        "wordings": [(row, lines_of(row.content, constructs)) for row in wordings],
        "title": _("Title, content note and statement") if passage == HEAD else titled,
    }
    return version_page(request, "history.html", found, context)


def _number(request: SignedInRequest, name: str = "to") -> int:
    digits = request.POST.get(name, "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0


def _back(version: Version, part: Section | Question) -> HttpResponse:
    return redirect(f"{reverse('assessments:version_write', args=[version.uuid])}#{passage_of(part)}")


def _removed(request: SignedInRequest, version: Version) -> HttpResponse:
    messages.success(request, _("Removed. Its texts stay in its history, below."))
    return redirect("assessments:version_write", version.uuid)
