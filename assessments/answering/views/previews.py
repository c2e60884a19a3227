"""A question of a version, previewed as it is answered."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from assessments.answering.views.answering import fields_of
from assessments.case_studies.reading import reading_of
from assessments.case_studies.views.version_pages import find_version


@require_safe
def preview_question(request: SignedInRequest, version: UUID, number: int) -> HttpResponse:
    """One question, exactly as a participant answers it; nothing can be sent from here."""
    found = find_version(request, version)
    reading = reading_of(found)
    asked = reading.question(number)
    if asked is None:
        raise Http404
    context = fields_of(asked, {}) | {
        "version": found,
        "asked": asked,
        "reading": reading,
        "total": len(reading.questions),
        "is_open": True,
        "preview": True,
        "is_last": number == len(reading.questions),
        "next": number + 1,
        "previous": number - 1,
    }
    return render(request, "assessments/case_studies/writing/preview_question.html", context)
