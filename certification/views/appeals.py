"""A participant's own review; The AIM Project's list of appeals; the file of one, and deciding it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.files import open_stored
from aimcert.foundation.lists import listed
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from certification import actions
from certification.appeals import (
    appeal_window,
    draft_of,
    members_of,
    needs_unconnected,
    overdue_first,
    panel_missing,
    parts_in,
    place_of,
    unconfirmed,
)
from certification.evidence import evidence
from certification.forms.appealing import AskForm, DraftForm, MemberForm, RuleForm, ViewForm
from certification.lists.appeals import AppealFilter, AppealTable, stands
from certification.models import Appeal, AppealDraft, PanelMember
from certification.permissions import Certification
from certification.states import AppealKind
from courses.forms import telling
from courses.models import Enrolment
from courses.views.finding import sent

FOLDER = "certification/appeals"


# --- The person themself --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def mine(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Asking for a review; what was asked, by when it is answered, and the answer."""
    found = _own(request, enrolment)
    window = appeal_window(found)
    form = AskForm(sent(request), request.FILES or None)
    if form.is_valid():
        with telling(form):
            actions.ask_for_review(
                enrolment=found,
                kinds=form.cleaned_data["kinds"],
                words=form.cleaned_data["words"],
                attached=form.attached(),
                by=request.user,
            )
            messages.success(request, _("We have it. You get an email that says by when it is answered."))
            return redirect("certification:my_appeal", enrolment)
    asked = list(found.appeals.prefetch_related("drafts").order_by("-pk"))
    for appeal in asked:
        drafts = list(appeal.drafts.all())
        appeal.answer = drafts[-1] if appeal.answered_at else None  # type: ignore[attr-defined]
    context = {
        "course": found.course,
        "enrolment": found,
        "asked": asked,
        "window": window,
        "form": form if form.is_bound or window.is_open else None,
        "rule": needs_unconnected(),
        "days": settings.AIM["APPEAL_ANSWER_WORKING_DAYS"],
        "support_email": settings.AIM["SUPPORT_EMAIL"],
    }
    return _page(request, found, "mine", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def withdraw(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Withdrawing what one asked, after reading what that means."""
    found = _own(request, enrolment)
    appeal = found.appeals.order_by("-pk").first()
    if appeal is None:
        raise actions.AppealOver(_("You have not asked for a review, so there is nothing to withdraw."))
    if request.method == "POST":
        actions.withdraw_appeal(appeal=appeal, by=request.user)
        messages.success(request, _("Withdrawn. Nothing is looked at again."))
        return redirect("certification:my_appeal", enrolment)
    if not appeal.is_open:
        raise actions.AppealOver(_("It was answered or withdrawn, so there is nothing to withdraw."))
    return _page(request, found, "withdraw", {"course": found.course, "enrolment": found, "appeal": appeal})


# --- The AIM Project, and those who decide --------------------------------------------------------


@require_safe
def everything(request: SignedInRequest) -> HttpResponse:
    """All appeals; those to be answered first, by when."""
    must(request.user, Certification.SEE_APPEALS)
    rows = Appeal.objects.visible_to(request.user).select_related(
        "enrolment__person", "enrolment__course", "taken_by"
    )
    listing = listed(request, overdue_first(rows), table=AppealTable, narrowing=AppealFilter)
    needed, rule = needs_unconnected()
    return render(request, f"{FOLDER}/all.html", {"listing": listing, "needed": needed, "rule": rule})


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def panel_rule(request: SignedInRequest) -> HttpResponse:
    """Whether one who decides has to be unconnected with The AIM Project."""
    must(request.user, Certification.SEE_APPEALS)
    needed, rule = needs_unconnected()
    form = RuleForm(sent(request))
    if form.is_valid():
        with telling(form):
            actions.set_panel_rule(
                needs=form.cleaned_data["needs"] == "yes",
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            messages.success(request, _("Saved. It is so from now on."))
            return redirect("certification:appeals")
    return render(request, f"{FOLDER}/rule.html", {"form": form, "needed": needed, "rule": rule})


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def one(request: SignedInRequest, appeal: UUID) -> HttpResponse:
    """The file of one appeal: what was asked, and what it is about; POST takes it in hand, or declares."""
    found = _appeal(request, appeal)
    must(request.user, Certification.OPEN_APPEAL, found)
    if request.method == "POST":
        return _acted(request, found, found.members.standing().filter(person=request.user).first())
    return _page(request, found.enrolment, "one", _file(request, found))


def _acted(request: SignedInRequest, appeal: Appeal, member: PanelMember | None) -> HttpResponse:
    if request.POST.get("do") == "declare":
        must(request.user, Certification.DECIDE_APPEAL, appeal)
        actions.declare_no_part(member=cast(PanelMember, member), by=request.user)
        messages.success(request, _("Declared. You can read the file now."))
    else:
        must(request.user, Certification.HANDLE_APPEAL, appeal.enrolment)
        actions.take_appeal(appeal=appeal, by=request.user)
        messages.success(request, _("It is in your hand. Appoint who decides it."))
    return redirect("certification:appeal", appeal.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def panel(request: SignedInRequest, appeal: UUID) -> HttpResponse:
    """Who decides an appeal: appointing somebody, or taking somebody off."""
    found = _appeal(request, appeal)
    must(request.user, Certification.HANDLE_APPEAL, found.enrolment)
    if request.method == "POST" and request.POST.get("do") == "end":
        return _ended(request, found)
    form = MemberForm(sent(request))
    if form.is_valid():
        with telling(form):
            actions.appoint_member(
                appeal=found,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                is_unconnected=form.cleaned_data["side"] == "unconnected",
                by=request.user,
            )
            messages.success(request, _("Appointed, and told by email."))
            return redirect("certification:appeal_panel", appeal)
    context = _about(found) | {"form": form, "parts": parts_in(request.user, found.enrolment)}
    return _page(request, found.enrolment, "panel", context)


def _ended(request: SignedInRequest, appeal: Appeal) -> HttpResponse:
    try:
        named = UUID(request.POST.get("member", ""))
    except ValueError:
        named = UUID(int=0)
    member = get_object_or_404(appeal.members.all(), uuid=named)
    actions.end_member(member=member, by=request.user)
    messages.success(request, _("Taken off. They no longer read anything of it."))
    return redirect("certification:appeal_panel", appeal.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def decision(request: SignedInRequest, appeal: UUID) -> HttpResponse:
    """Writing the decision, for a member."""
    found = _appeal(request, appeal)
    must(request.user, Certification.DECIDE_APPEAL, found)
    draft = draft_of(found)
    form = DraftForm(sent(request), initial=_initial(draft))
    seen = _number(request.POST.get("seen", "")) if request.method == "POST" else _revision(draft)
    if form.is_valid():
        with telling(form):
            actions.draft_decision(appeal=found, proposed=form.proposed(), seen=seen, by=request.user)
            messages.success(request, _("Written. The others are asked to confirm it."))
            return redirect("certification:appeal", appeal)
    context = _about(found) | {"form": form, "seen": seen, "draft": draft}
    return _page(request, found.enrolment, "decision", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def view(request: SignedInRequest, appeal: UUID) -> HttpResponse:
    """Confirming the decision as it is drafted, or saying what one sees otherwise, for a member."""
    found = _appeal(request, appeal)
    must(request.user, Certification.DECIDE_APPEAL, found)
    draft = draft_of(found)
    form = ViewForm(sent(request))
    seen = _number(request.POST.get("seen", "")) if request.method == "POST" else _revision(draft)
    if form.is_valid():
        with telling(form):
            actions.view_draft(
                appeal=found,
                confirms=form.cleaned_data["confirms"] == "yes",
                words=form.cleaned_data["words"],
                seen=seen,
                by=request.user,
            )
            messages.success(request, _("Noted. All who decide read it."))
            return redirect("certification:appeal", appeal)
    context = _about(found) | {"form": form, "seen": seen, "draft": draft}
    return _page(request, found.enrolment, "view", context)


@require_safe
def record(request: SignedInRequest, appeal: UUID) -> HttpResponse:
    """What an appeal can be about, of this one person: outcomes, decisions, register, answers and marks."""
    found = _appeal(request, appeal)
    must(request.user, Certification.OPEN_APPEAL, found)
    if not _reads(request, found):
        must(request.user, Certification.HANDLE_APPEAL, found.enrolment)
    person = place_of(found)
    context = {
        "appeal": found,
        "enrolment": found.enrolment,
        "course": found.enrolment.course,
        "evidence": evidence(person),
        # These say something of somebody's health: nobody reads them who decides on something else.
        "requests": person.adjustment_requests.all() if AppealKind.ADJUSTMENT in found.kinds else [],
        "considerations": person.considerations.select_related("decision")
        if AppealKind.CONSIDERATION in found.kinds
        else [],
    }
    return _page(request, found.enrolment, "record", context)


@require_safe
def file(request: SignedInRequest, appeal: UUID) -> FileResponse:
    """What somebody added, to be saved: never shown as a page of ours."""
    found = get_object_or_404(Appeal.objects.visible_to(request.user).exclude(file=""), uuid=appeal)
    if found.asked_by_id != request.user.pk and not _reads(request, found):
        must(request.user, Certification.HANDLE_APPEAL, found.enrolment)
    response = FileResponse(
        open_stored(found.file),
        as_attachment=True,
        filename=f"review-{found.sha256[:12]}.{found.file.rsplit('.', 1)[-1]}",
        content_type=found.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


# --- What they share ------------------------------------------------------------------------------


def _own(request: SignedInRequest, enrolment: UUID) -> Enrolment:
    visible = Enrolment.objects.visible_to(request.user).select_related("course__programme")
    found = get_object_or_404(visible, uuid=enrolment)
    must(request.user, Certification.ASK_FOR_REVIEW, found)
    return found


def _appeal(request: SignedInRequest, appeal: UUID) -> Appeal:
    related = ("enrolment__person", "enrolment__course__programme", "taken_by")
    return get_object_or_404(Appeal.objects.visible_to(request.user).select_related(*related), uuid=appeal)


def _reads(request: SignedInRequest, appeal: Appeal) -> bool:
    """Whether they handle it, or decide it and have declared to have no part in it."""
    declared = appeal.members.standing().filter(person=request.user, declared_at__isnull=False)
    return request.user.has_perm(Certification.HANDLE_APPEAL, appeal.enrolment) or declared.exists()


def _about(appeal: Appeal) -> dict[str, Any]:
    needed, rule = needs_unconnected()
    members = members_of(appeal)
    return {
        "appeal": appeal,
        "enrolment": appeal.enrolment,
        "course": appeal.enrolment.course,
        "members": members,
        "lacks": panel_missing(members, needed=needed) if appeal.is_open else [],
        "needed": needed,
        "rule": rule,
        "stands": stands(appeal),
    }


def _file(request: SignedInRequest, appeal: Appeal) -> dict[str, Any]:
    """All of one appeal, as far as whoever asks may read it now."""
    draft = draft_of(appeal)
    handles = request.user.has_perm(Certification.HANDLE_APPEAL, appeal.enrolment)
    context = _about(appeal)
    standing = (one for one in context["members"] if one.ended_at is None)
    member = next((one for one in standing if one.person_id == request.user.pk), None)
    has_declared = member is not None and member.declared_at is not None
    context |= {
        "member": member,
        "handles": handles,
        "reads": handles or has_declared,
        "decides": has_declared and appeal.is_open,
        "parts": parts_in(request.user, appeal.enrolment) if appeal.is_open else [],
        "draft": draft,
        "awaited": unconfirmed(context["members"], draft) if draft and appeal.is_open else [],
    }
    return context


def _initial(draft: AppealDraft | None) -> dict[str, Any]:
    names = ("result", "follows", "found", "answer", "touches")
    return {name: getattr(draft, name) for name in names} if draft else {}


def _revision(draft: AppealDraft | None) -> int:
    return draft.revision if draft else 0


def _number(typed: str) -> int:
    """Which draft the sent page showed; one that does not exist where it does not say."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1


def _page(request: SignedInRequest, enrolment: Enrolment, name: str, context: dict[str, Any]) -> HttpResponse:
    with timezone.override(enrolment.course.zone):
        return render(request, f"{FOLDER}/{name}.html", context)
