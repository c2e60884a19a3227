"""The second marking of one script: why, how far it is, where the two differ, what was settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.fields import redisplayed
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must, refusal_page
from aimcert.foundation.stale_forms import ChangedMeanwhile
from aimcert.foundation.typed import uuid_of
from assessments.marking import actions
from assessments.marking.forms.second_marking import NO, YES, SayForm, SettleForm
from assessments.marking.models import SecondMarker
from assessments.marking.readiness import assessment_of
from assessments.marking.settlements import Settling, settling_of
from assessments.marking.views.marking import course_to_mark, enrolment_to_mark
from assessments.marking.views.second_marking import script_asked
from assessments.permissions import Assessments
from courses.models import Enrolment
from courses.rules import course_nav


@dataclass(frozen=True)
class Side:
    """Who reads the page: a trainer of the course, the second marker, or an admin who may settle.

    Args:
        enrolment: whose answers.
        script: what asked the second marker; None: another reads it.
        acts: whether they say, propose and agree.
        settles: whether they settle it as an admin.
        url: the name of the page and its arguments.
        context: what only their page shows.
    """

    enrolment: Enrolment
    script: SecondMarker | None
    acts: bool
    settles: bool
    url: tuple[Any, ...]
    context: dict[str, object]


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """As the trainers of the course and The AIM Project read it."""
    found = course_to_mark(request, course)
    about = enrolment_to_mark(request, found, enrolment)
    nav = course_nav(request.user, found)
    settles = request.user.has_perm(Assessments.SETTLE_AS_ADMIN, about)
    acts = request.user.has_perm(Assessments.MARK, about)
    context: dict[str, object] = {"course": found, "enrolment": about, "nav": nav}
    side = Side(about, None, acts, settles and not acts, ("assessments:settle", course, enrolment), context)
    return _answer(request, side)


@require_http_methods(["GET", "HEAD", "POST"])
def second_settle(request: SignedInRequest, script: UUID) -> HttpResponse:
    """As the second marker reads it: still without whose it is."""
    found = script_asked(request, script)
    enrolment = found.submission.enrolment
    side = Side(enrolment, found, True, False, ("assessments:second_settle", script), {"script": found})
    return _answer(request, side)


def _answer(request: SignedInRequest, side: Side) -> HttpResponse:
    submission = side.script.submission_id if side.script else None
    about = settling_of(assessment_of(side.enrolment), submission)
    if request.method != "POST":
        return _page(request, side, about)
    then = request.POST.get("then", "")
    if then == "settle":
        must(request.user, Assessments.SETTLE_AS_ADMIN, side.enrolment)
    elif side.script is None:
        must(request.user, Assessments.MARK, side.enrolment)
    saying = SayForm(request.POST if then == "say" else None)
    form = _form(about, side, request.POST if then in ("propose", "settle") else None)
    try:
        if then == "say" and saying.is_valid():
            words = saying.cleaned_data["text"]
            actions.discuss(enrolment=side.enrolment, text=words, by=request.user, script=side.script)
            messages.success(request, _("Your message is sent."))
        elif then == "agree" and (proposal := uuid_of(request.POST.get("proposal", ""))):
            actions.agree_to_settlement(
                enrolment=side.enrolment, proposal=proposal, by=request.user, script=side.script
            )
            messages.success(request, _("Agreed. The settled marks count from now on."))
        elif then in ("propose", "settle") and form is not None and form.is_valid():
            _send(request, side, form, then)
        elif then in ("propose", "settle") and form is None:
            settled = about.settlement
            if settled is None or settled.settled_by_id != request.user.pk:
                raise actions.NothingToSettle(_("This was settled meanwhile, and does not change any more."))
        elif then in ("say", "propose", "settle"):
            return _page(request, side, about, saying=saying, form=form)
    except actions.NothingToSettle as refused:
        return refusal_page(request, refused.message, refused.status, typed=_typed(request))
    except actions.NotWholeProposal as refused:
        errors = form if form is not None and refused.field in form.fields else None
        if errors is None:
            raise
        errors.add_error(refused.field, refused.message)
        return _page(request, side, about, saying=saying, form=form)
    except ChangedMeanwhile as refused:
        # What was chosen stays on the page, beside what stands by now.
        about = settling_of(assessment_of(side.enrolment), submission)
        return _page(request, side, about, saying=saying, form=form, stale=refused)
    return redirect(*side.url)


def _typed(request: SignedInRequest) -> list[str]:
    return [redisplayed(text) for name in ("text", "reason") if (text := request.POST.get(name, "").strip())]


def _send(request: SignedInRequest, side: Side, form: SettleForm, then: str) -> None:
    said: dict[str, Any] = {
        "enrolment": side.enrolment,
        "judged": form.judged,
        "supports_override": form.supports,
        "seen": uuid_of(request.POST.get("seen", "")),
        "by": request.user,
    }
    if then == "propose":
        actions.propose_settlement(**said, script=side.script)
        messages.success(request, _("Your proposal is sent."))
        return
    actions.settle_as_admin(**said, reason=form.cleaned_data["reason"])
    messages.success(request, _("Settled. The settled marks count from now on."))


def _form(about: Settling, side: Side, data: Any = None) -> SettleForm | None:
    if not about.is_to_settle or not (side.acts or side.settles):
        return None
    standing = about.proposal
    initial: dict[str, Any] = {}
    if standing is not None:
        initial |= {f"judged_{name}": judged for name, judged in about.proposed.items()}
        supports = {True: YES, False: NO}
        if standing.supports_override is not None:
            initial["supports_override"] = supports[standing.supports_override]
    return SettleForm(
        data,
        pairs=about.differing,
        asks_support=about.asks_support,
        asks_reason=side.settles,
        initial=initial,
    )


def _page(
    request: SignedInRequest,
    side: Side,
    about: Settling,
    *,
    saying: SayForm | None = None,
    form: SettleForm | None = None,
    stale: ChangedMeanwhile | None = None,
) -> HttpResponse:
    form = form or _form(about, side)
    is_own = about.proposal is not None and about.proposal.is_from_second == (side.script is not None)
    context = {
        **side.context,
        "about": about,
        "side": side,
        "is_blind": side.script is not None,
        "form": form,
        "saying": saying or SayForm(),
        "stale": stale.message if stale else "",
        "may_agree": side.acts and about.proposal is not None and not is_own,
        "is_own_proposal": is_own,
        "has_errors": stale is not None or bool(saying and saying.errors) or bool(form and form.errors),
    }
    status = stale.status if stale else None
    return render(request, "assessments/marking/settle.html", context, status=status)
