"""What every page of a version shares: how it is found, and what its tabs need to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from assessments.case_studies import actions
from assessments.case_studies.models import Question, Section, Version
from assessments.permissions import Assessments


def find_version(
    request: SignedInRequest, version: UUID, permission: str = Assessments.READ_MODEL_ANSWERS
) -> Version:
    """The version, where the reader may do `permission` with it: 404 for a stranger, 403 for a wrong role."""
    visible = (
        Version.objects.visible_to(request.user)
        .with_reader(request.user)
        .select_related("case_study__programme", "edition")
    )
    found = get_object_or_404(visible, uuid=version)
    must(request.user, permission, found)
    return found


def find_to_write(request: SignedInRequest, version: UUID) -> Version:
    """The version, where the reader may change it now: 409 once it is frozen or withdrawn."""
    found = find_version(request, version, Assessments.WRITE_VERSION)
    actions.must_be_underway(found)
    return found


def find_section(version: Version, section: UUID, *, even_removed: bool = False) -> Section:
    """A section of `version`; where asked, also one that was removed: what is saved over it is then kept."""
    row = version.sections.select_related("version__case_study").filter(uuid=section).first()
    if row is None and even_removed and _last_content(version, f"section:{section}"):
        row = Section(version=version, uuid=section)
    if row is None:
        raise Http404
    return row


def find_question(version: Version, question: UUID, *, even_removed: bool = False) -> Question:
    """A question of `version`; as `find_section`."""
    rows = version.questions.select_related("version__case_study")
    row = rows.prefetch_related("criteria__constructs", "criteria__areas").filter(uuid=question).first()
    if row is None and even_removed and (content := _last_content(version, f"question:{question}")):
        row = Question(version=version, uuid=question, kind=content["kind"], settings=content["settings"])
    if row is None:
        raise Http404
    return row


def _last_content(version: Version, passage: str) -> dict[str, Any]:
    """What a passage last said before it was removed; empty where there never was one."""
    said = version.wordings.filter(passage=passage, set_aside=False).exclude(content={})
    return said.order_by("-revision").values_list("content", flat=True).first() or {}


def version_page(
    request: SignedInRequest,
    template: str,
    version: Version,
    context: Mapping[str, object],
    *,
    status: int | None = None,
) -> HttpResponse:
    """A page with the version's tabs."""
    context = {
        "version": version,
        "programme": version.case_study.programme,
        "writes": version.is_underway and request.user.has_perm(Assessments.WRITE_VERSION, version),
        "manages": request.user.has_perm(Assessments.MANAGE_VERSIONS),
        **context,
    }
    return render(request, f"assessments/case_studies/writing/{template}", context, status=status)
