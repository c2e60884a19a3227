"""The framework as reference: an edition in full, searched, on paper; and what changed between editions."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from assessments.case_studies.editions import changes_between, sheet_of
from assessments.case_studies.framework_documents import framework_pdf
from assessments.case_studies.models import FrameworkEdition
from assessments.permissions import Assessments

LONGEST_SEARCH = 100


@require_safe
def framework(request: SignedInRequest) -> HttpResponse:
    """The edition in use; where several programmes have a framework, that of the one chosen."""
    editions = _visible(request).filter(published_at__isnull=False).order_by("programme__name", "-number")
    current = {edition.programme.code: edition for edition in reversed(editions)}
    if not current:
        raise Http404
    chosen = request.GET.get("programme", "")
    found = current.get(chosen) or next(iter(reversed(current.values())))
    return _edition_page(request, found, others=[one for one in current.values() if one != found])


@require_safe
def edition(request: SignedInRequest, edition: UUID) -> HttpResponse:
    """One edition: an earlier one, or for an admin the draft as it will be."""
    return _edition_page(request, _edition(request, edition))


def _edition_page(
    request: SignedInRequest, found: FrameworkEdition, others: list[FrameworkEdition] | None = None
) -> HttpResponse:
    searched = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\x00", "").strip()
    sheet = sheet_of(found, searched=searched)
    strands = [strand.key for strand in sheet.strands]
    asked = request.GET.get("strand", "")
    with_hits = [strand.key for strand in sheet.strands if strand.found]
    chosen = asked if asked in strands else (with_hits or strands or [""])[0]
    context = {
        "edition": found,
        "sheet": sheet,
        "searched": searched,
        "chosen": chosen,
        "others": others or [],
        "is_newest": not _visible(request)
        .filter(programme=found.programme, number__gt=found.number, published_at__isnull=False)
        .exists(),
        "may_edit": request.user.has_perm(Assessments.EDIT_FRAMEWORK, found),
    }
    return render(request, "assessments/case_studies/framework.html", context)


@require_safe
def pdf(request: SignedInRequest, edition: UUID) -> HttpResponse:
    """The same on one sheet of paper."""
    found = _edition(request, edition)
    name = slugify(f"{found.title} edition {found.number}")[:80]
    return HttpResponse(
        framework_pdf(sheet_of(found), language=request.user.language),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


@require_safe
def editions(request: SignedInRequest, edition: UUID) -> HttpResponse:
    """Every edition of this framework, the newest first, each with what changed from the one before."""
    found = _edition(request, edition)
    rows = list(
        _visible(request)
        .filter(programme=found.programme)
        .order_by("-number")
        .prefetch_related("domains", "stages", "areas")
    )
    told = [(newer, changes_between(older, newer)) for newer, older in pairwise(rows)]
    told += [(first, []) for first in rows[-1:]]
    context = {
        "edition": found,
        "rows": told,
        "draft": rows[0] if rows[0].published_at is None else None,
        "may_edit": request.user.has_perm(Assessments.EDIT_FRAMEWORK, found),
    }
    return render(request, "assessments/case_studies/framework_editions.html", context)


def _edition(request: SignedInRequest, uuid: UUID) -> FrameworkEdition:
    return get_object_or_404(_visible(request), uuid=uuid)


def _visible(request: SignedInRequest) -> QuerySet[FrameworkEdition]:
    visible = FrameworkEdition.objects.visible_to(request.user)
    return visible.select_related("programme", "drafted_by", "published_by")
