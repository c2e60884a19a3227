"""A version read whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from assessments.canonical import questions_of
from assessments.kinds import kind_of
from assessments.views.version_pages import find_version, version_page


@require_safe
def version(request: SignedInRequest, version: UUID) -> HttpResponse:
    """All of it, model answers and criteria too, each passage with a place to point to."""
    found = find_version(request, version)
    questions = []
    for question in questions_of(found):
        kind = kind_of(question.kind)
        parts = dict(kind.parts(question.settings))
        criteria = [(criterion, parts.get(criterion.part, "")) for criterion in question.criteria.all()]
        questions.append((question, kind, kind.groups(question.settings), criteria))
    context = {"sections": found.sections.all(), "questions": questions}
    return version_page(request, "version.html", found, context)
