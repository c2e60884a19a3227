"""One judgement, saved as soon as it is made; and what each was before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused, must
from assessments.marking import actions
from assessments.marking.forms.judging import MarkForm, SentForm
from assessments.marking.forms.marking import Refused as RefusedMark
from assessments.marking.forms.marking import what_stands
from assessments.marking.histories import history_of
from assessments.marking.views.marking import course_to_mark, enrolment_to_mark, page
from assessments.permissions import Assessments
from courses.models import Enrolment

# How a judgement went, for the page's script.
STATUS = {"saved": 200, "clash": 409, "unexplained": 409, "refused": 422, "over": 409, "unreadable": 400}


@require_POST
def judge(request: SignedInRequest, enrolment: UUID, question: int, criterion: int) -> HttpResponse:
    """Save one judgement of somebody's script as JSON: see `save_judgement`."""
    return save_judgement(request, enrolment, f"{question}_{criterion}")


def save_judgement(
    request: SignedInRequest, enrolment: UUID, name: str, *, seen: UUID | None = None
) -> HttpResponse:
    """Save one judgement. The reply says what stands now, which the page compares.

    Not an irreversible form: the mark that the page showed is sent with it, and the same judgement sent
    again changes nothing. The states of a reply: `saved`; `clash`, somebody changed it meanwhile, and
    `unexplained`, a co-trainer judged it and no reason is given, each with a part of the page; `refused`, it
    cannot be kept as it is; `over`, nothing of this script is marked any more; `unreadable`.

    Args:
        enrolment: whose script.
        name: the criterion, as `Mark` calls it.
        seen: the attempt that the page shows, where the page itself must not say it.
    """
    form, sent = MarkForm(name, request.POST), SentForm(request.POST, says_attempt=seen is None)
    if not sent.is_valid() or not form.is_valid():
        _require_marker(request, enrolment)
        if not sent.is_valid():
            return _reply("unreadable", message=_("What arrived was no judgement. Reload the page."))
        field, words = next(iter(form.errors.items()))
        return _reply("refused", message=str(words[0]), field=form.add_prefix(field))
    try:
        judged = actions.mark(
            enrolment=enrolment,
            marks=[form.mark],
            seen=seen or sent.cleaned_data["submission"],
            page=sent.page,
            by=request.user,
        )
    except actions.MarkedMeanwhile as refused:
        return _refused(request, enrolment, refused)
    except actions.MarkNotPossible as refused:
        return _reply("refused", message=refused.message)
    except Enrolment.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        _require_marker(request, enrolment)
        return _reply("over", message=refused.message)
    return _reply("saved", **_told(judged[0]))


@require_safe
def history(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Who judged what of a script and when, what it was before, and what was not saved."""
    found = course_to_mark(request, course)
    about = enrolment_to_mark(request, found, enrolment)
    context: dict[str, object] = {"criteria": history_of(about)}
    return page(request, "assessments/marking/mark_history.html", found, about, context)


def _require_marker(request: SignedInRequest, enrolment: UUID) -> None:
    """Strangers find nothing, others on the course are refused: asked only where nothing can be saved."""
    visible = Enrolment.objects.visible_to(request.user).select_related("course")
    found = get_object_or_404(visible, uuid=enrolment)
    must(request.user, Assessments.SEE_MARKING, found.course)
    must(request.user, Assessments.MARK, found)


def _refused(request: SignedInRequest, enrolment: UUID, refused: actions.MarkedMeanwhile) -> HttpResponse:
    """What stands now beside what was sent, as a part of the page."""
    judged = refused.refused[0]
    found = Enrolment.objects.visible_to(request.user).select_related("course").get(uuid=enrolment)
    row = RefusedMark.of(judged, what_stands(judged), request.user, because=judged.sent.because)
    with timezone.override(found.course.zone):
        html = render_to_string(
            "assessments/marking/mark_clash.html", {"one": row, "by_script": True}, request
        )
    state = "clash" if judged.verdict is actions.Verdict.STALE else "unexplained"
    return _reply(state, message=refused.message, html=html, **_told(judged))


def _told(judged: actions.Judged) -> dict[str, Any]:
    mark = judged.mark
    return {
        "mark": {name: getattr(mark, name) for name in actions.SAID},
        "base": mark.base,
        "had": actions.sign_of(mark),
    }


def _reply(state: str, **told: Any) -> HttpResponse:
    return JsonResponse({"state": state, **told}, status=STATUS[state])
