"""The measured pages as barely as Django can serve them: same data, same locks, no forms library."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from accounts.models import OutgoingEmail
from assessments.marking.facts import with_assessment
from assessments.marking.piles import attempt_behind
from assessments.models import Answer, Criterion, CriterionMark, Question, Section, Submission
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


def script(request: HttpRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """One script: its answers, criteria and marks; the list to go on in."""
    of = get_object_or_404(Course.objects.trained_by(request.user), uuid=course)
    rows = (
        with_assessment(Enrolment.objects.filter(course=of)).select_related("person").order_by("person__name")
    )
    order = list(rows)
    about: Any = next(one for one in order if one.uuid == enrolment)
    answers = Answer.objects.filter(submission=about.submission_id).select_related("question")
    marks = CriterionMark.objects.filter(marking=about.marking_id)
    context = {"answers": answers, "criteria": _criteria(about.version_id), "marks": marks, "order": order}
    return render(request, "script.html", context | {"about": about})


def answer(request: HttpRequest, course: UUID, number: int, code: str) -> HttpResponse:
    """One answer to a question, found by its code, with its criteria and marks, and how many are left."""
    of = get_object_or_404(Course.objects.trained_by(request.user), uuid=course)
    behind = attempt_behind(course, number, code)
    if behind is None:
        raise Http404
    text = Answer.objects.select_related("question").get(submission__uuid=behind[1], question__number=number)
    marks = CriterionMark.objects.filter(
        marking__submission=text.submission_id, criterion__question=text.question
    )
    marked = (
        CriterionMark.objects.filter(marking__submission__course=of, criterion__question=text.question)
        .values("marking")
        .annotate(judged=Count("pk"))
    )
    context = {"answers": [text], "criteria": _criteria(text.version_id), "marks": marks, "order": marked}
    return render(request, "script.html", context | {"about": None, "number": number})


def _criteria(version: int) -> Any:
    criteria = Criterion.objects.filter(question__version=version).select_related("question")
    return criteria.order_by("question__number", "number")


@transaction.atomic
def judge(request: HttpRequest, enrolment: UUID, question: int, criterion: int) -> HttpResponse:
    """Lock the enrolment, ask who marks there, write the mark."""
    name, posted = f"{question}_{criterion}", request.POST
    about = Enrolment.objects.select_for_update().get(uuid=enrolment)
    get_object_or_404(Course.objects.trained_by(request.user), pk=about.course_id)
    CriterionMark.objects.filter(
        marking__submission__uuid=posted["submission"],
        criterion__question__number=question,
        criterion__number=criterion,
    ).update(
        judged=posted[f"judged_{name}"],
        note=posted[f"note_{name}"],
        revision=int(posted[f"base_{name}"]) + 1,
        judged_at=timezone.now(),
    )
    return JsonResponse({"state": "saved"})


def piles(request: HttpRequest, course: UUID) -> HttpResponse:
    """How far each question's answers are marked."""
    of = get_object_or_404(Course.objects.trained_by(request.user), uuid=course)
    marks = CriterionMark.objects.filter(marking__submission__course=of)
    counted = marks.values("marking", "criterion__question__number").annotate(judged=Count("pk")).order_by()
    found: dict[int, list[int]] = {}
    for number, count in counted.values_list("criterion__question__number", "judged"):
        found.setdefault(number, []).append(count)
    questions = Question.objects.filter(version__pins__course=of).annotate(total=Count("criteria"))
    rows = [(one, sum(count >= one.total for count in found.get(one.number, []))) for one in questions]
    total = Submission.objects.filter(course=of, submitted_at__isnull=False).count()
    return render(request, "piles.html", {"rows": rows, "total": total})


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
    path("courses/<uuid:course>/marking/questions/", piles),
    path("courses/<uuid:course>/marking/questions/<int:number>/<slug:code>/", answer),
    path("courses/<uuid:course>/marking/<uuid:enrolment>/", script),
    path("marking/<uuid:enrolment>/<int:question>/<int:criterion>/", judge),
    path("approvals/<uuid:course>/", approvals),
    path("verify/<str:code>/", verified),
]
