"""A version read whole, previewed as it is answered and marked, and printed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from assessments.case_studies.booklets import booklet_pdf
from assessments.case_studies.figures import figure_shown
from assessments.case_studies.kinds import kind_of
from assessments.case_studies.reading import reading_of
from assessments.case_studies.views.version_pages import find_version, version_page
from assessments.permissions import Assessments


@require_safe
def version(request: SignedInRequest, version: UUID) -> HttpResponse:
    """All of it, model answers and criteria too, each passage with a place to point to."""
    found = find_version(request, version)
    questions = []
    for question in found.questions.prefetch_related("criteria__constructs", "criteria__areas"):
        kind = kind_of(question.kind)
        parts = dict(kind.parts(question.settings))
        criteria = [(criterion, parts.get(criterion.part, "")) for criterion in question.criteria.all()]
        questions.append((question, kind, kind.groups(question.settings), criteria))
    sections = [
        (section, figure_shown(section.figure_kind, section.figure, title=section.title))
        for section in found.sections.all()
    ]
    may_export = request.user.has_perm(Assessments.WRITE_VERSION, found)
    context = {"sections": sections, "questions": questions, "may_export": may_export}
    return version_page(request, "version.html", found, context)


@require_safe
def preview_case_study(request: SignedInRequest, version: UUID) -> HttpResponse:
    """The case study, exactly as a participant reads it."""
    found = find_version(request, version)
    context = {
        "version": found,
        # All that the page asks of a course is whose case study it is.
        "course": {"programme": found.case_study.programme},
        "reading": reading_of(found),
    }
    return render(request, "assessments/case_studies/writing/preview_case_study.html", context)


@require_safe
def booklet(request: SignedInRequest, version: UUID) -> HttpResponse:
    """The case study and its questions with room for answers, to print."""
    return _booklet(request, version, for_marker=False)


@require_safe
def booklet_marker(request: SignedInRequest, version: UUID) -> HttpResponse:
    """The same with model answers and criteria, for markers alone."""
    return _booklet(request, version, for_marker=True)


def _booklet(request: SignedInRequest, version: UUID, *, for_marker: bool) -> HttpResponse:
    found = find_version(request, version)
    response = HttpResponse(booklet_pdf(found, for_marker=for_marker), content_type="application/pdf")
    whose = "marker" if for_marker else "participant"
    name = f"{found.case_study.programme.code}-version-{found.number}-{whose}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
