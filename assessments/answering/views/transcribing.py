"""One person's paper: typed in question by question, scanned, compared with the paper, submitted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.files import open_stored
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.typed import laid_out
from assessments.answering import actions as answering_actions
from assessments.answering.codes import said_code
from assessments.answering.forms.answering import values_in
from assessments.answering.forms.paper import BeginForm, CheckForm, ReturnForm, ScansForm
from assessments.answering.models import Scan, ScanUpload, TranscribedAnswer, Transcription
from assessments.answering.scans import said_refusal
from assessments.answering.views.answering import fields_of
from assessments.case_studies import actions as case_study_actions
from assessments.case_studies.kinds import PLAIN_FIELD
from assessments.case_studies.reading import Asked, reading_of
from assessments.permissions import Assessments
from courses.forms import telling
from courses.models import Enrolment
from courses.views.finding import sent


@require_http_methods(["GET", "HEAD", "POST"])
def transcription(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """How far the paper has come, or why it was used; posting begins to type it in."""
    about = _enrolment(request, enrolment)
    row = _latest(request, about)
    if request.method == "POST":
        must(request.user, Assessments.TYPE_TRANSCRIPTION, about)
    form = BeginForm(sent(request))
    if form.is_valid():
        with telling(form):
            answering_actions.begin_transcription(enrolment=about, by=request.user, **form.cleaned_data)
            return redirect("assessments:transcription", enrolment)
    return _transcription_page(request, "transcription", about, row, form=form, scans_form=ScansForm())


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, enrolment: UUID, number: int) -> HttpResponse:
    """One question as the paper answers it."""
    about = _enrolment(request, enrolment)
    must(request.user, Assessments.TYPE_TRANSCRIPTION, about)
    row = _latest(request, about)
    asked = reading_of(row.version).question(number) if row is not None else None
    if row is None or asked is None:
        raise Http404
    if row.begun_by_id != request.user.pk or row.typed_at is not None or row.submission_id is not None:
        return redirect("assessments:transcription", enrolment)
    if request.method != "POST":
        answer = row.answers.filter(question=asked.pk).first()
        return _question(request, about, row, asked, answer)
    typed = values_in(request.POST)
    values = {PLAIN_FIELD: request.POST.get("text", "")} if typed is None else typed
    is_blank = "is_blank" in request.POST
    digits = request.POST.get("base_revision", "")
    base = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
    try:
        answering_actions.type_answer(
            transcription=row,
            number=number,
            values=values,
            is_blank=is_blank,
            base_revision=base,
            by=request.user,
        )
    except (case_study_actions.TextRefused, answering_actions.CannotTranscribe) as refused:
        redisplayed = {name: laid_out(value) for name, value in values.items()}
        context = {"values": redisplayed, "is_blank": is_blank, "base": base, "refused": refused}
        return _question(request, about, row, asked, None, **context)
    if number < len(reading_of(row.version).questions) and request.POST.get("then") != "list":
        return redirect("assessments:transcription_question", enrolment, number + 1)
    return redirect("assessments:transcription", enrolment)


@require_POST
def scans(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """More sheets."""
    about = _enrolment(request, enrolment)
    row = _underway(request, about)
    form = ScansForm(request.POST, request.FILES)
    if form.is_valid():
        with telling(form):
            answering_actions.receive_scans(
                transcription=row, sheets=form.cleaned_data["sheets"], by=request.user
            )
            messages.success(request, _("Received. Each file is read before it is kept: see below."))
            return redirect("assessments:transcription", enrolment)
    return _transcription_page(request, "transcription", about, row, form=BeginForm(), scans_form=form)


@require_safe
def scan(request: SignedInRequest, enrolment: UUID, scan: UUID) -> FileResponse:
    """One scan, to be saved: never shown as a page of ours."""
    about = _enrolment(request, enrolment)
    found = get_object_or_404(_scans(request, about), uuid=scan)
    suffix = found.file.rsplit(".", 1)[-1]
    response = FileResponse(
        open_stored(found.file),
        as_attachment=True,
        filename=f"paper-{found.sha256[:12]}.{suffix}",
        content_type=found.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_POST
def scan_remove(request: SignedInRequest, enrolment: UUID, scan: UUID) -> HttpResponse:
    """Not of this paper."""
    about = _enrolment(request, enrolment)
    must(request.user, Assessments.TYPE_TRANSCRIPTION, about)
    kept = _scans(request, about).filter(uuid=scan).first()
    if kept is not None:
        answering_actions.remove_scan(scan=kept, by=request.user)
    else:
        upload = get_object_or_404(_uploads(request, about), uuid=scan)
        answering_actions.remove_upload(upload=upload, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("assessments:transcription", enrolment)


@require_POST
def done(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """All is typed in."""
    about = _enrolment(request, enrolment)
    must(request.user, Assessments.TYPE_TRANSCRIPTION, about)
    answering_actions.hand_over(transcription=_underway(request, about), by=request.user)
    messages.success(request, _("Handed over. Somebody else now compares it with the paper."))
    return redirect("assessments:transcription", enrolment)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """What was typed, to be compared with the paper: submitted, or sent back."""
    about = _enrolment(request, enrolment)
    row = _latest(request, about)
    if row is None or row.typed_at is None or row.submission_id is not None:
        return redirect("assessments:transcription", enrolment)
    is_return = request.POST.get("do") == "return"
    form = CheckForm(None if is_return else sent(request))
    back = ReturnForm(sent(request) if is_return else None)
    if back.is_valid():
        with telling(back):
            answering_actions.return_transcription(transcription=row, by=request.user, **back.cleaned_data)
            messages.success(request, _("Sent back to who typed it."))
            return redirect("assessments:transcription", enrolment)
    if form.is_valid():
        with telling(form):
            answering_actions.check_transcription(
                transcription=row,
                is_the_same=form.cleaned_data["same"],
                is_signed=form.cleaned_data["signed"],
                by=request.user,
            )
            messages.success(request, _("Submitted. The receipt goes to the person by email."))
            return redirect("assessments:transcription", enrolment)
    return _transcription_page(request, "check", about, row, form=form, back=back)


@require_POST
def give_up(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Begun for the wrong person, or not wanted any more."""
    about = _enrolment(request, enrolment)
    must(request.user, Assessments.TYPE_TRANSCRIPTION, about)
    answering_actions.give_up_transcription(transcription=_underway(request, about), by=request.user)
    messages.success(request, _("Given up. What was typed was deleted; the paper is as it was."))
    return redirect("assessments:transcription", enrolment)


# --- What they share ------------------------------------------------------------------------------


def _enrolment(request: SignedInRequest, enrolment: UUID) -> Enrolment:
    visible = Enrolment.objects.visible_to(request.user).select_related(
        "course__pin__version", "person", "booklet"
    )
    about = get_object_or_404(visible, uuid=enrolment)
    must(request.user, Assessments.SEE_TRANSCRIPTION, about)
    return about


def _latest(request: SignedInRequest, about: Enrolment) -> Transcription | None:
    rows = Transcription.objects.visible_to(request.user).filter(enrolment=about, ended_at__isnull=True)
    people = ("version", "begun_by", "typed_by", "checked_by", "returned_by", "submission")
    return rows.select_related(*people).order_by("-pk").first()


def _underway(request: SignedInRequest, about: Enrolment) -> Transcription:
    row = _latest(request, about)
    if row is None:
        raise answering_actions.CannotTranscribe(_("Nothing is being typed in for this person. Begin first."))
    return row


def _scans(request: SignedInRequest, about: Enrolment) -> Any:
    rows = Transcription.objects.visible_to(request.user).filter(enrolment=about, ended_at__isnull=True)
    found = Scan.objects.visible_to(request.user).select_related("transcription__enrolment")
    return found.filter(transcription__in=rows, removed__isnull=True)


def _uploads(request: SignedInRequest, about: Enrolment) -> Any:
    rows = Transcription.objects.visible_to(request.user).filter(enrolment=about, ended_at__isnull=True)
    found = ScanUpload.objects.visible_to(request.user).select_related("transcription__enrolment")
    return found.filter(transcription__in=rows)


def _question(
    request: SignedInRequest,
    about: Enrolment,
    row: Transcription,
    asked: Asked,
    answer: TranscribedAnswer | None,
    **more: Any,
) -> HttpResponse:
    values = more.pop("values", None)
    if values is None:
        values = asked.kind.values_of(answer.text if answer else "")
    refused = more.get("refused")
    text_refused = refused if isinstance(refused, case_study_actions.TextRefused) else None
    context = {
        "enrolment": about,
        "course": about.course,
        "asked": asked,
        "total": len(reading_of(row.version).questions),
        "base": answer.revision if answer else 0,
        "is_blank": answer is not None and (answer.is_blank or bool(answer.blank_parts)),
        **fields_of(asked, values, text_refused),
        "has_errors": refused is not None,
        **more,
    }
    status = refused.status if refused is not None else None
    return render(request, "assessments/answering/paper/question.html", context, status=status)


def _transcription_page(
    request: SignedInRequest, name: str, about: Enrolment, row: Transcription | None, **more: Any
) -> HttpResponse:
    lines: list[tuple[Asked, TranscribedAnswer | None, Any]] = []
    if row is not None and row.submission_id is None:
        typed = {answer.question_id: answer for answer in row.answers.all()}
        for asked in reading_of(row.version).questions:
            answer = typed.get(asked.pk)
            said = asked.kind.said(answer.text, asked.settings) if answer else ()
            lines.append((asked, answer, said))
    unread = row.uploads.unread() if row is not None else ()
    uploads = [(one, said_refusal(one.refused) if one.refused else "") for one in unread]
    is_own = about.person_id == request.user.pk
    forms = [more.get(each) for each in ("form", "scans_form", "back")]
    wrong = next((form for form in forms if form is not None and form.errors), None)
    context = {
        "enrolment": about,
        "course": about.course,
        "row": row,
        "lines": lines,
        "scans": list(row.scans.all()) if row is not None else [],
        "uploads": uploads,
        "is_reading": any(not why for _one, why in uploads),
        "code": said_code(about.booklet.code) if hasattr(about, "booklet") else "",
        "is_own": is_own,
        "types": row is not None and row.begun_by_id == request.user.pk,
        "may_type": request.user.has_perm(Assessments.TYPE_TRANSCRIPTION, about),
        "may_check": row is not None and row.typed_at is not None and row.typed_by_id != request.user.pk,
        "has_errors": wrong is not None,
        "shown_errors": wrong,
        **more,
    }
    return render(request, f"assessments/answering/paper/{name}.html", context)
