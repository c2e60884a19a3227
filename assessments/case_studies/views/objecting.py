"""Objections to a passage: raised, read beside what stands there now, answered, withdrawn, closed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from assessments.case_studies import actions
from assessments.case_studies.agreement import lines_of, objections_of
from assessments.case_studies.canonical import HEAD, passages_of
from assessments.case_studies.changes import Text, changes_between, text_then
from assessments.case_studies.forms.agreeing import CloseForm, ObjectForm, ReplyForm
from assessments.case_studies.models import Objection, Version
from assessments.case_studies.views.agreeing import page, version_of
from assessments.permissions import Assessments
from courses.forms import telling
from courses.views.finding import sent


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def object_to(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Which passage, and why; `?passage=` chooses one beforehand."""
    found = version_of(request, version, Assessments.AGREE_TO_VERSION)
    text = passages_of(found)
    form = ObjectForm(sent(request), text=text, initial={"passage": request.GET.get("passage", "")})
    if form.is_valid():
        with telling(form):
            made = actions.object_to(version=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your objection stands until you withdraw it. The authors are told."))
            return redirect("assessments:version_objection", version, made.uuid)
    return page(request, "object", found, form=form)


@require_safe
def objection(request: SignedInRequest, version: UUID, objection: UUID) -> HttpResponse:
    """One objection: what it was raised against, what stands there now, what was said."""
    found = version_of(request, version, Assessments.READ_MODEL_ANSWERS)
    return _objection_page(request, found, _objection(request, found, objection), ReplyForm())


@require_POST
def reply(request: SignedInRequest, version: UUID, objection: UUID) -> HttpResponse:
    """An answer to it."""
    found = version_of(request, version, Assessments.READ_MODEL_ANSWERS)
    about = _objection(request, found, objection)
    must(request.user, Assessments.REPLY_TO_OBJECTION, about)
    form = ReplyForm(request.POST)
    if form.is_valid():
        with telling(form):
            actions.reply_to_objection(objection=about, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, _("Your answer is kept, and the other side is told by email."))
            return redirect("assessments:version_objection", version, objection)
    return _objection_page(request, found, about, form)


@require_POST
def withdraw(request: SignedInRequest, version: UUID, objection: UUID) -> HttpResponse:
    """Take one's own objection back."""
    found = version_of(request, version, Assessments.READ_MODEL_ANSWERS)
    about = _objection(request, found, objection)
    must(request.user, Assessments.WITHDRAW_OBJECTION, about)
    actions.withdraw_objection(objection=about, by=request.user)
    messages.success(request, _("Your objection is withdrawn. Agree to the version if nothing else stands."))
    return redirect("assessments:version_agreement", version)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def close(request: SignedInRequest, version: UUID, objection: UUID) -> HttpResponse:
    """End the objection of somebody who is not licensed any more."""
    found = version_of(request, version, Assessments.LEAD_AGREEMENT)
    about = _objection(request, found, objection)
    form = CloseForm(sent(request))
    if form.is_valid():
        with telling(form):
            actions.close_objection(objection=about, because=form.cleaned_data["because"], by=request.user)
            messages.success(request, _("The objection is closed."))
            return redirect("assessments:version_agreement", version)
    return page(request, "objection_close", found, form=form, objection=about)


def _objection(request: SignedInRequest, version: Version, objection: UUID) -> Objection:
    rows = objections_of(version).filter(pk__in=Objection.objects.visible_to(request.user))
    found: Objection = get_object_or_404(rows, uuid=objection)
    found.version = version
    return found


def _change_url(version: Version, passage: str, text: Text) -> str:
    """Where an author changes `passage`; "" where it was removed."""
    if passage not in text:
        return ""
    kind, _colon, part = passage.partition(":")
    if kind == HEAD:
        return reverse("assessments:version_edit_head", args=[version.uuid])
    return reverse(f"assessments:version_{kind}", args=[version.uuid, part])


def _objection_page(
    request: SignedInRequest, version: Version, about: Objection, form: ReplyForm
) -> HttpResponse:
    text = passages_of(version)
    then = text_then(version, {about.passage: about.passage_sha256}, text)
    (line,) = lines_of([about], text)
    return page(
        request,
        "objection",
        version,
        objection=about,
        line=line,
        then=then.get(about.passage),
        changes=changes_between({**text, **then}, text) if line.has_changed and then else None,
        form=form,
        has_errors=bool(form.errors),
        change_url=_change_url(version, about.passage, text),
        may_reply=line.stands and request.user.has_perm(Assessments.REPLY_TO_OBJECTION, about),
        may_withdraw=line.stands and request.user.has_perm(Assessments.WITHDRAW_OBJECTION, about),
        # Who raised it withdraws it, as long as they are licensed.
        may_close=line.stands
        and request.user.has_perm(Assessments.LEAD_AGREEMENT, version)
        and not about.raised_by.has_perm(Assessments.AGREE_TO_VERSION, version),
    )
