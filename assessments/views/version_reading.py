"""A version read whole, and previewed as it is answered and marked."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from assessments.canonical import questions_of
from assessments.forms.marking import MarksForm
from assessments.kinds import kind_of
from assessments.reading import reading_of
from assessments.scripts import Part, Script
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


@require_safe
def preview_case_study(request: SignedInRequest, version: UUID) -> HttpResponse:
    """The case study, exactly as a participant reads it."""
    found = find_version(request, version)
    context = {
        "version": found,
        # All that the page asks of a course is whose case study it is.
        "course": {"programme": found.case_study.programme},
        "reading": reading_of(found),
        "support_email": settings.AIM["SUPPORT_EMAIL"],
    }
    return render(request, "assessments/writing/preview_case_study.html", context)


@require_safe
def preview_question(request: SignedInRequest, version: UUID, number: int) -> HttpResponse:
    """One question, exactly as a participant answers it; nothing can be sent from here."""
    found = find_version(request, version)
    reading = reading_of(found)
    asked = reading.question(number)
    if asked is None:
        raise Http404
    context = {
        "version": found,
        "asked": asked,
        "reading": reading,
        "total": len(reading.questions),
        "text": "",
        "is_open": True,
        "preview": True,
        "is_last": number == len(reading.questions),
        "next": number + 1,
        "previous": number - 1,
    }
    return render(request, "assessments/writing/preview_question.html", context)


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
    form = MarksForm(script)
    context = {"preview": True, "edits": True, "parts": [(part, form.rows(part.criteria)) for part in parts]}
    return version_page(request, "preview_marker.html", found, context)
