"""Paper of a course: codes and booklets to print, and how far each person's has come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from assessments.answering import actions
from assessments.answering.codes import read_code, said_code
from assessments.answering.forms.paper import CodeForm
from assessments.answering.hours import with_answers_in
from assessments.answering.lists import PAPER_COLUMNS, PaperNarrowing
from assessments.answering.models import Adjustment, Submission, Transcription
from assessments.answering.personal_booklets import IN_ONE_FILE, Owner, personal_booklets_pdf
from assessments.permissions import Assessments
from assessments.states import Adjusted
from courses.models import Course, Enrolment


@require_safe
def course(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone who takes part, their code, and what is to be done with their paper."""
    found = _course(request, course)
    form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
    people = _people(request, found)
    if form.is_bound and form.is_valid():
        code = read_code(form.cleaned_data["code"])
        owner = people.filter(booklet__code=code).first() if code else None
        if owner is not None:
            return redirect("assessments:transcription", owner.uuid)
        if code is None:
            form.add_error("code", _("This is no code of ours: one letter may be wrong. Read it again."))
        else:
            form.add_error("code", _("Nobody on this course has this code. Is it another course’s paper?"))
    rows = list(people)
    printed = sum(_is_printed(one) for one in rows)
    lines = [(one, _code_of(one), _is_printed(one), next(iter(one.underway), None)) for one in rows]
    narrowing = PaperNarrowing(request.GET)
    context = {
        "course": found,
        "pinned": hasattr(found, "pin"),
        "form": form,
        "rows": rows,
        "listing": listed_rows(request, lines, columns=PAPER_COLUMNS, narrowing=narrowing),
        "without": sum(not (hasattr(one, "booklet") or one.has_answers_in) for one in rows),
        "parts": range(1, -(-printed // IN_ONE_FILE) + 1),
    }
    return render(request, "assessments/answering/paper/course.html", context)


@require_POST
def codes(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone gets a code."""
    found = _course(request, course)
    given = actions.give_codes(course=found, by=request.user)
    words = ngettext("%(count)d person has a code now.", "%(count)d people have a code now.", given)
    messages.success(request, words % {"count": given})
    return redirect("assessments:paper", course)


@require_safe
def booklets(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The room's booklets as one file, or a part of it."""
    found = _course(request, course)
    digits = request.GET.get("part", "1")
    part = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0
    people = _printable(request, found)
    chosen = list(people[(part - 1) * IN_ONE_FILE : part * IN_ONE_FILE]) if part else []
    if not chosen:
        raise Http404
    return _printed(found, chosen, f"booklets-{found.reference}-{part}")


@require_safe
def booklet(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """One person's booklet."""
    found = _course(request, course)
    owner = get_object_or_404(_printable(request, found), uuid=enrolment)
    return _printed(found, [owner], f"booklet-{owner.booklet.code}")


@require_safe
def to_check(request: SignedInRequest) -> HttpResponse:
    """What was typed in by others, for this person to compare with its paper."""
    rows = (
        Transcription.objects.visible_to(request.user)
        .to_check()
        .exclude(typed_by=request.user)
        .select_related("enrolment__person", "enrolment__course", "typed_by")
        .order_by("typed_at", "pk")
    )
    return render(request, "assessments/answering/paper/to_check.html", {"rows": rows})


# --- What they share ------------------------------------------------------------------------------


def _course(request: SignedInRequest, course: UUID) -> Course:
    visible = Course.objects.visible_to(request.user).select_related("pin__version__case_study__programme")
    found = get_object_or_404(visible, uuid=course)
    must(request.user, Assessments.PRINT_BOOKLETS, found)
    return found


def _people(request: SignedInRequest, course: Course) -> QuerySet[Any]:
    larger = Adjustment.objects.visible_to(request.user).standing().filter(kind=Adjusted.LARGE_PRINT)
    underway = Transcription.objects.visible_to(request.user).filter(
        Q(ended_at__isnull=True), enrolment__course=course
    )
    submitted = Submission.objects.visible_to(request.user).filter(submitted_at__isnull=False)
    return (
        with_answers_in(course.enrolments.visible_to(request.user))
        .filter(withdrawn_at__isnull=True)
        .annotate(
            is_larger=Exists(larger.filter(enrolment=OuterRef("pk"))),
            has_submitted=Exists(submitted.filter(enrolment=OuterRef("pk"))),
        )
        .select_related("person", "booklet")
        .prefetch_related(Prefetch("transcriptions", underway.order_by("-pk"), to_attr="underway"))
        .order_by(InOrder("person__name"), "pk")
    )


def _printable(request: SignedInRequest, course: Course) -> QuerySet[Enrolment]:
    """Whose booklets are printed: who has a code and could still write on it."""
    return _people(request, course).filter(booklet__isnull=False, has_answers_in=False)


def _is_printed(enrolment: Any) -> bool:
    """The same of one of `_people`."""
    return hasattr(enrolment, "booklet") and not enrolment.has_answers_in


def _code_of(enrolment: Enrolment) -> str:
    return said_code(enrolment.booklet.code) if hasattr(enrolment, "booklet") else ""


def _printed(course: Course, people: list[Enrolment], name: str) -> HttpResponse:
    owners = [
        Owner(one.person.name, one.booklet.code, one.is_larger)  # type: ignore[attr-defined]
        for one in people
    ]
    content = personal_booklets_pdf(
        course.pin.version,
        owners,
        course=f"{course.title}, {course.reference}",
        made_at=max(one.booklet.made_at for one in people),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slugify(name)}.pdf"'
    return response
