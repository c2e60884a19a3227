"""What is still to be sent and written, for AIM admins: how much, since when, why, and once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import retry_exports, retry_letters
from accounts.backlog import EXPORTS, LETTERS, URGENT_LETTERS
from accounts.models import Person
from accounts.requests import SignedInRequest
from aimcert.foundation.backlog import Backlog, backlogs
from aimcert.foundation.health import silent
from aimcert.foundation.pages import render
from aimcert.foundation.plain_errors import plain
from aimcert.foundation.refusals import must
from assessments.backlog import SCANS
from certification.actions import retry_documents, retry_reports
from certification.backlog import CERTIFICATES, REPORTS
from certification.permissions import Certification

NAMES: dict[str, Promise] = {
    URGENT_LETTERS: gettext_lazy("Sign-in codes and other emails that somebody waits for"),
    LETTERS: gettext_lazy("Other emails to be sent"),
    CERTIFICATES: gettext_lazy("Certificates to be written"),
    REPORTS: gettext_lazy("Reports to be written"),
    EXPORTS: gettext_lazy("Copies of everything held about somebody to be written"),
    SCANS: gettext_lazy("Scans of paper to be read"),
}
# A scan is tried again by itself, and its sender is told what came of it.
RETRIES: dict[str, Callable[..., int]] = {
    URGENT_LETTERS: partial(retry_letters, are_urgent=True),
    LETTERS: retry_letters,
    CERTIFICATES: retry_documents,
    REPORTS: retry_reports,
    EXPORTS: retry_exports,
}


@dataclass(frozen=True)
class Line:
    """One kind, as the page shows it."""

    backlog: Backlog
    name: Promise
    is_late: bool
    reasons: list[tuple[str, int]]
    can_retry: bool
    # Where those that were given up stand one by one.
    given_up_url: str


@dataclass(frozen=True)
class Process:
    """One process that does not show a sign of life, and what that means."""

    words: str
    since: datetime | None


def _silent(now: datetime) -> list[Process]:
    last = silent(now)
    codes = _(
        "Codes to sign in with are sent late at the moment, because the process for them gives no sign of"
        " life."
    )
    if len(last) > 1:
        codes = _(
            "Codes to sign in with are not sent at the moment, because the process for them gives no sign of"
            " life, and none of the others can do it in its place."
        )
    meanings = {
        "worker": _(
            "Certificates, reports and scans of paper wait at the moment, and so do all emails but codes to"
            " sign in with, because the worker for them gives no sign of life. Nor is feedback sent on when"
            " its time is over. What people do in AIMcert is kept, and all this goes on by itself once the"
            " worker works again."
        ),
        "urgent": codes,
        "beat": _(
            "What goes by the clock does not happen at the moment, because the process for it gives no sign"
            " of life: nothing is tried again by itself, and feedback is not sent on when its time is over."
            " Whether the other processes go on cannot be seen here meanwhile. Tell whoever runs AIMcert."
        ),
    }
    return [Process(meanings[name], since) for name, since in last.items()]


@require_safe
def backlog(request: SignedInRequest) -> HttpResponse:
    """How much of each kind waits."""
    must(request.user, Certification.SEE_BACKLOG)
    now = timezone.now()
    lines = [
        Line(
            backlog=one,
            name=NAMES[one.kind],
            is_late=one.is_late(now),
            reasons=_in_words(one.reasons),
            can_retry=one.kind in RETRIES and bool(one.failing or one.given_up),
            given_up_url=reverse("unsent_emails") if one.kind in (LETTERS, URGENT_LETTERS) else "",
        )
        for one in sorted(backlogs(), key=lambda one: [*NAMES].index(one.kind))
    ]
    waits = any(line.backlog.waiting or line.backlog.given_up for line in lines)
    page = {"lines": lines, "silent": _silent(now), "waits": waits, "now": now}
    return render(request, "certification/backlog.html", page)


def _in_words(reasons: tuple[tuple[str, int], ...]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for code, count in reasons:
        found[plain(code)] = found.get(plain(code), 0) + count
    return list(found.items())


@require_POST
def try_again(request: SignedInRequest, kind: str) -> HttpResponse:
    """Try all of one kind again now."""
    must(request.user, Certification.SEE_BACKLOG)
    if kind not in RETRIES:
        raise Http404
    by: Person = request.user
    tried = RETRIES[kind](by=by)
    messages.success(
        request,
        ngettext("%(n)d is tried again now.", "%(n)d are tried again now.", tried) % {"n": tried}
        if tried
        else _("Nothing was waiting for another try."),
    )
    return redirect("certification:backlog")
