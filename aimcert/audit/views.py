"""The page of the audit log, and the same as a spreadsheet."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit_log import TOLD
from accounts.permissions import Accounts
from accounts.requests import SignedInRequest
from aimcert.audit.asked import Place, codes
from aimcert.audit.narrowing import LogNarrowing
from aimcert.audit.reading import Line, LogPage, every_line, log_page
from aimcert.foundation.lists import asked_words, here_of, is_narrowed_by, kept_of
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.spreadsheets import MEDIA_TYPE, Column, Sheet, write_xlsx
from aimcert.foundation.times import said_place

MOST_ROWS = 10_000
# The largest key that a row can have.
LARGEST = 2**63 - 1


@require_safe
def audit_log(request: SignedInRequest) -> HttpResponse:
    """Who did what and when, the newest first, narrowed as the address asks."""
    must(request.user, Accounts.SEE_AUDIT_LOG)
    narrowing = LogNarrowing(request.GET, reader=request.user)
    asked = narrowing.asked()
    place = _place(request.GET.get("after", ""))
    page = log_page(request.user, asked, place) if asked else LogPage([], None)
    kept = request.GET.copy()
    kept.pop("after", None)
    context = {
        "page": page,
        "narrowing": narrowing,
        "is_narrowed": is_narrowed_by(narrowing),
        "is_further": place is not None,
        "asked_words": asked_words(narrowing, [], ""),
        "leaves_out": bool(narrowing.hidden),
        "kept": kept_of(kept),
        "here": here_of(kept),
        "further": page.further and _written(page.further),
        "most": f"{MOST_ROWS:,}",
    }
    return render(request, "audit/log.html", context)


@require_safe
def audit_log_sheet(request: SignedInRequest) -> HttpResponse:
    """What the log is narrowed to as a spreadsheet, the newest ten thousand lines of it at most."""
    must(request.user, Accounts.SEE_AUDIT_LOG)
    narrowing = LogNarrowing(request.GET, reader=request.user)
    asked = narrowing.asked()
    lines = every_line(request.user, asked, most=MOST_ROWS) if asked else ()
    columns = [
        Column(_("When (%(place)s)") % {"place": said_place()}, 22),
        Column(_("Who"), 28),
        Column(_("What was done"), 50),
        Column(_("Whom or what it is about"), 32),
        Column(_("Course"), 12),
        Column(_("Course’s title"), 32),
    ]
    sheet = Sheet(_("Audit log"), columns, (_cells(line) for line in lines))
    response = HttpResponse(write_xlsx([sheet], title=_("Audit log")), content_type=MEDIA_TYPE)
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="audit-log-{day}.xlsx"'
    return response


def _cells(line: Line) -> tuple[str | datetime, ...]:
    about = [str(one) for one in (line.person or line.name, line.organisation) if one]
    return (
        line.at,
        str(line.who or line.without),
        line.what,
        "; ".join(about),
        line.course.reference if line.course else "",
        line.course.title if line.course else "",
    )


def _written(place: Place) -> str:
    """A line of the log, as an address has it."""
    moment, source, key = place
    return f"{moment.isoformat()}~{codes()[source]}~{key}"


def _place(written: str) -> Place | None:
    """The line that an address has; None where it has none that there can be."""
    moment, _tilde, rest = written.partition("~")
    code, _tilde, key = rest.partition("~")
    if code not in TOLD or not (key.isascii() and key.isdigit()) or len(key) > 19 or int(key) > LARGEST:
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if timezone.is_naive(at) or not 2000 <= at.year <= 2200:
        return None
    return at, codes().index(code), int(key)
