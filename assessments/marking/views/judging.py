"""One judgement, saved as soon as it is made; and what each was before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist
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
    return save_judgement(request, f"{question}_{criterion}", of_enrolment(request, enrolment))


@dataclass(frozen=True)
class Judging:
    """What a judgement is of.

    Args:
        save: saves one, which builds on the attempt that the page says it showed.
        require: refuses whoever may not; else tells the zone of its course. Asked where nothing was saved.
        says_attempt: whether the page says which attempt it showed.
    """

    save: Callable[[actions.Mark, actions.Page, UUID | None], list[actions.Judged]]
    require: Callable[[], ZoneInfo]
    says_attempt: bool


def of_enrolment(request: SignedInRequest, enrolment: UUID, *, seen: UUID | None = None) -> Judging:
    """Judgements of the latest answers of an enrolment.

    Args:
        request: who judges.
        enrolment: whose script.
        seen: the attempt that the page shows, where the page itself must not say it.
    """

    def save(mark: actions.Mark, page: actions.Page, said: UUID | None) -> list[actions.Judged]:
        return actions.mark(enrolment=enrolment, marks=[mark], seen=seen or said, page=page, by=request.user)

    return Judging(save, lambda: _require_marker(request, enrolment), says_attempt=seen is None)


def save_judgement(request: SignedInRequest, name: str, of: Judging) -> HttpResponse:
    """Save one judgement. The reply says what stands now, which the page compares.

    Not an irreversible form: the mark that the page showed is sent with it, and the same judgement sent
    again changes nothing. The states of a reply: `saved`; `clash`, somebody changed it meanwhile, and
    `unexplained`, a co-trainer judged it and no reason is given, each with a part of the page; `refused`, it
    cannot be kept as it is; `over`, nothing of this script is marked any more; `unreadable`.

    Args:
        request: who judges, and what.
        name: the criterion, as `Mark` calls it.
        of: what it is a judgement of.
    """
    form, sent = MarkForm(name, request.POST), SentForm(request.POST, says_attempt=of.says_attempt)
    if not sent.is_valid() or not form.is_valid():
        of.require()
        if not sent.is_valid():
            return _reply("unreadable", message=_("What arrived was no judgement. Reload the page."))
        field, words = next(iter(form.errors.items()))
        return _reply("refused", message=str(words[0]), field=form.add_prefix(field))
    try:
        judged = of.save(form.mark, sent.page, sent.cleaned_data["submission"])
    except actions.MarkedMeanwhile as refused:
        return _refused(request, of.require(), refused)
    except actions.MarkNotPossible as refused:
        return _reply("refused", message=refused.message)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        of.require()
        return _reply("over", message=refused.message)
    return _reply("saved", **_told(judged[0]))


@require_safe
def history(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Who judged what of a script and when, what it was before, and what was not saved."""
    found = course_to_mark(request, course)
    about = enrolment_to_mark(request, found, enrolment)
    context: dict[str, object] = {"criteria": history_of(about)}
    return page(request, "assessments/marking/mark_history.html", found, about, context)


def _require_marker(request: SignedInRequest, enrolment: UUID) -> ZoneInfo:
    """Strangers find nothing, others on the course are refused."""
    visible = Enrolment.objects.visible_to(request.user).select_related("course")
    found = get_object_or_404(visible, uuid=enrolment)
    must(request.user, Assessments.SEE_MARKING, found.course)
    must(request.user, Assessments.MARK, found)
    return found.course.zone


def _refused(request: SignedInRequest, zone: ZoneInfo, refused: actions.MarkedMeanwhile) -> HttpResponse:
    """What stands now beside what was sent, as a part of the page."""
    judged = refused.refused[0]
    row = RefusedMark.of(judged, what_stands(judged), request.user, because=judged.sent.because)
    with timezone.override(zone):
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
