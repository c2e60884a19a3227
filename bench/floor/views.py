"""The measured pages as barely as Django can serve them: same data, same locks, no forms library."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from accounts.models import OutgoingEmail
from assessments.marking.facts import with_assessment
from assessments.models import Answer, Question, Section, Submission
from certification.eligibility import with_facts
from certification.models import Certificate
from courses.models import Course, Enrolment

DECLARATION = "This is my own work."


def question(request: HttpRequest, enrolment: UUID, number: int) -> HttpResponse:
    """One question, one's own answer and the case study; posting saves the answer."""
    if request.method == "POST":
        return save(request, enrolment, number)
    submission = get_object_or_404(
        Submission.objects.select_related("enrolment", "version"),
        enrolment__uuid=enrolment,
        enrolment__person=request.user,
    )
    asked = get_object_or_404(Question, version=submission.version_id, number=number)
    answer = Answer.objects.filter(submission=submission, question=asked).first()
    sections = list(Section.objects.filter(version=submission.version_id))
    context = {"submission": submission, "asked": asked, "answer": answer, "sections": sections}
    return render(request, "question.html", context)


@transaction.atomic
def save(request: HttpRequest, enrolment: UUID, number: int) -> HttpResponse:
    """Lock the submission, then write the answer."""
    submission = get_object_or_404(
        Submission.objects.select_for_update(of=("self",)).select_related("enrolment__course__sitting"),
        enrolment__uuid=enrolment,
        enrolment__person=request.user,
        submitted_at__isnull=True,
        version__questions__number=number,
    )
    Answer.objects.filter(submission=submission, question__number=number).update(
        text=request.POST["text"], revision=int(request.POST["base_revision"]) + 1, saved_at=timezone.now()
    )
    return HttpResponseRedirect(f"/my/{enrolment}/questions/{number + 1}/")


@transaction.atomic
def submit(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Lock the submission, read its answers, write its fingerprint and a letter."""
    submission = get_object_or_404(
        Submission.objects.select_for_update(of=("self",)).select_related("enrolment__course__sitting"),
        enrolment__uuid=enrolment,
        enrolment__person=request.user,
    )
    texts = list(submission.answers.order_by("question__number").values_list("question__number", "text"))
    submission.submitted_at = timezone.now()
    submission.declaration = DECLARATION
    submission.fingerprint = hashlib.sha256(repr(texts).encode()).hexdigest()
    submission.receipt = secrets.token_hex(8)
    submission.save(update_fields=["submitted_at", "declaration", "fingerprint", "receipt"])
    OutgoingEmail.objects.create(
        to_address=request.user.email, subject="Your answers", text=f"Something waits: {enrolment}"
    )
    return HttpResponseRedirect(f"/my/{enrolment}/receipt/")


def marking(request: HttpRequest, course: UUID) -> HttpResponse:
    """Everyone on a course with the facts of marking."""
    of = get_object_or_404(Course.objects.trained_by(request.user), uuid=course)
    rows = with_assessment(Enrolment.objects.filter(course=of).with_attendance()).select_related("person")
    return render(request, "marking.html", {"course": of, "rows": rows})


def approvals(request: HttpRequest, course: UUID) -> HttpResponse:
    """Everyone on a course with the facts of eligibility."""
    of = get_object_or_404(Course, uuid=course)
    rows: Any = with_facts(Enrolment.objects.filter(course=of))
    return render(request, "approvals.html", {"course": of, "rows": rows})


@login_not_required
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate stands."""
    certificate = Certificate.objects.filter(code_sha256=hashlib.sha256(code.encode()).hexdigest()).first()
    return render(request, "verified.html", {"certificate": certificate}, status=200 if certificate else 404)


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """What only the floor answers."""
    return HttpResponse(status=204)


urlpatterns = [
    path("floor/", floor),
    path("my/<uuid:enrolment>/questions/<int:number>/", question),
    path("my/<uuid:enrolment>/submit/", submit),
    path("courses/<uuid:course>/marking/", marking),
    path("approvals/<uuid:course>/", approvals),
    path("verify/<str:code>/", verified),
]
