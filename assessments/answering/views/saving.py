"""What the page of a question tells and asks by script: a save, its journal's key, where one stands."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused
from assessments.answering import actions as answering_actions
from assessments.answering.participation import Place
from assessments.answering.views.own_places import own_place
from assessments.case_studies import actions as case_study_actions

LARGEST = 400_000  # bytes: the longest answer in the longest encoding, and what goes with it
MOST = 2**31 - 1


class Unreadable(Exception):
    """What was sent is not a save."""


@dataclass(frozen=True)
class Sent:
    """A save as a page sends it."""

    submission: UUID
    page: answering_actions.Page
    base: int
    values: dict[str, str]
    finished: bool | None


@require_POST
def save(request: SignedInRequest, enrolment: UUID, number: int) -> HttpResponse:
    """Save one answer as JSON. The reply says what is kept, and its SHA-256, which the page compares.

    The states of a reply: `saved`; `conflict`, with both texts (409); `refused`, the text cannot be
    kept as it is (422); `closed`, `submitted` and `finished`, too late, and kept for its author alone
    where `kept` says so (409); `not_open` (409); `unreadable` (400) and `too_large` (413), nothing was kept.
    """
    try:
        sent = _sent(request)
    except RequestDataTooBig:
        own_place(request, enrolment)
        return _reply("too_large", 413, message=_("This answer is far too long to be saved. Shorten it."))
    except Unreadable:
        own_place(request, enrolment)
        return _reply("unreadable", 400, message=_("What arrived was no answer. Reload the page."))
    try:
        kept = answering_actions.save_answer(
            enrolment=enrolment,
            number=number,
            base_revision=sent.base,
            values=sent.values,
            finished=sent.finished,
            page=sent.page,
            submission=sent.submission,
            by=request.user,
        )
    except answering_actions.NotTheirs:
        own_place(request, enrolment)
        raise Http404 from None
    except answering_actions.StaleAnswer as refused:
        place = own_place(request, enrolment)
        return _conflict(place, number, refused)
    except case_study_actions.TextRefused as refused:
        return _reply("refused", refused.status, message=refused.message, field=refused.field)
    except tuple(TOO_LATE) as refused:
        own_place(request, enrolment)
        is_kept = isinstance(refused, answering_actions.TooLate) and refused.is_kept
        return _reply(TOO_LATE[type(refused)], 409, message=refused.message, kept=is_kept)
    return _reply("saved", 200, **_kept(kept.revision, kept.saved_at), sha256=kept.sha256)


TOO_LATE: dict[type[Refused], str] = {
    answering_actions.AnsweringClosed: "closed",
    answering_actions.AlreadySubmitted: "submitted",
    answering_actions.OutcomeFinalised: "finished",
    answering_actions.QuestionsNotOpen: "not_open",
    answering_actions.NotTakingPart: "finished",
}


@require_POST
def journal(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Give the author of a submission the key to what their device keeps of it; null once it is destroyed.

    A POST, since it begins the submission where there is none.
    """
    try:
        opened = answering_actions.open_journal(enrolment=enrolment, by=request.user)
    except answering_actions.NotTheirs:
        own_place(request, enrolment)
        raise Http404 from None
    place = own_place(request, enrolment)
    key = None if opened.key is None else b64encode(opened.key).decode()
    return JsonResponse({**_where(request, place), "submission": str(opened.submission.uuid), "key": key})


@require_safe
def state(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Who is signed in, which submission is theirs, how far each answer is, and the server's clock.

    Asking is also how a page says that it is there: see `actions.be_seen`.
    """
    place = own_place(request, enrolment)
    answering_actions.be_seen(place=place, by=request.user)
    return JsonResponse(_where(request, place))


# --- What they share ------------------------------------------------------------------------------


def _where(request: SignedInRequest, place: Place) -> dict[str, object]:
    revisions = {}
    if place.submission is not None:
        revisions = dict(place.submission.answers.values_list("question__number", "revision"))
    return {
        "state": "here",
        "person": str(request.user.uuid),
        "submission": str(place.submission.uuid) if place.submission else None,
        "stage": place.stage.value,
        "closes_at": place.closes_at and place.closes_at.isoformat(),
        "now": timezone.now().isoformat(),
        "revisions": revisions,
        "help_wanted": place.wants_help,
        # Signing in within the page made another one.
        "csrf": get_token(request),
    }


def _conflict(place: Place, number: int, refused: answering_actions.StaleAnswer) -> HttpResponse:
    task = next(task for task in place.tasks if task.asked.number == number)
    kind = task.asked.kind
    saved = refused.saved
    return _reply(
        "conflict",
        409,
        message=refused.message,
        saved={**_kept(saved.revision, saved.saved_at), "values": kind.values_of(saved.text)},
        mine=kind.values_of(refused.text),
    )


def _kept(revision: int, saved_at: datetime | None) -> dict[str, object]:
    return {"revision": revision, "saved_at": saved_at and saved_at.isoformat()}


def _reply(state: str, status: int, **told: Any) -> HttpResponse:
    return JsonResponse({"state": state, **told}, status=status)


def _sent(request: SignedInRequest) -> Sent:
    """Read what was sent, and nothing that is not a save.

    Raises:
        Unreadable: it is none.
        RequestDataTooBig: it is larger than any can be.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        raise RequestDataTooBig
    try:
        body = json.loads(request.body)
        sent = Sent(
            submission=UUID(body["submission"]),
            page=answering_actions.Page(UUID(body["device"]), _whole(body["sequence"], 2**53)),
            base=_whole(body["base"], MOST),
            values=body["values"],
            finished=body.get("finished"),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable from None
    texts = isinstance(sent.values, dict) and all(isinstance(each, str) for each in sent.values.values())
    # 1 is equal to True, and is not it.
    if not texts or not (sent.finished is None or isinstance(sent.finished, bool)):
        raise Unreadable
    return sent


def _whole(number: Any, most: int) -> int:
    if type(number) is not int or not 0 <= number <= most:
        raise Unreadable
    return number
