"""A version, previewed as it is marked."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from assessments.case_studies.canonical import questions_of
from assessments.case_studies.views.version_pages import find_version, version_page
from assessments.marking.forms.marking import MarksForm
from assessments.marking.scripts import Part, Script


@require_safe
def preview_marker(request: SignedInRequest, version: UUID) -> HttpResponse:
    """The marking page of an imagined script; nothing can be sent from here."""
    found = find_version(request, version)
    parts = []
    for question in questions_of(found):
        criteria = list(question.criteria.all())
        for criterion in criteria:
            criterion.question = question
        parts.append(Part(question, text="", is_blank=False, criteria=criteria))
    script = Script(parts=parts, marking=None, marks={})
    form = MarksForm(script, reader=request.user)
    context = {"preview": True, "edits": True, "parts": [(part, form.rows(part)) for part in parts]}
    return version_page(request, "preview_marker.html", found, context)
