"""How things go over time, as pictures, as tables and as a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.lists import here_of
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from certification.forms import OverTimeForm
from certification.over_time import (
    SPANS,
    By,
    Chart,
    Window,
    charts_of,
    drawn,
    first_year,
    over_time_xlsx,
    programmes_by_code,
    read_facts,
    sponsors_for,
    swatches,
)
from certification.over_time.groups import Asked
from certification.permissions import Certification
from certification.states import ReportFormat
from certification.views.sponsors import CONTENT_TYPES


@dataclass(frozen=True)
class Shown:
    """What was asked for and counted.

    Args:
        form: what it is narrowed by.
        window: which years.
        charts: what was counted.
        first: the first year of which there is anything; None: there is nothing at all so far.
        about: how it is narrowed, and whose it is, in words.
        now: when it was counted.
    """

    form: OverTimeForm
    window: Window
    charts: list[Chart]
    first: int | None
    about: list[tuple[str, str]]
    now: datetime


@require_safe
def over_time(request: SignedInRequest) -> HttpResponse:
    """Four pictures, each with its table."""
    shown = _shown(request)
    window = shown.window
    earlier, later = window.first - 1, min(window.last + SPANS[window.by], timezone.localdate(shown.now).year)
    context = {
        # Not as `form`, whose errors would make an error of the page.
        "narrowing": shown.form,
        "is_narrowed": any(shown.form.asked(name) for name in ("programme", "organisation")),
        "has_any": shown.first is not None,
        "window": window,
        "charts": [(chart, drawn(chart), swatches(chart)) for chart in shown.charts],
        "asked": [f"{name}: {words}" for name, words in shown.about],
        "earlier": earlier if shown.first is not None and shown.first <= earlier else None,
        "later": later if later > window.last else None,
        "least": settings.AIM["COHORT_LEAST"],
        "is_admin": request.user.is_aim_admin,
        "here": here_of(request.GET),
    }
    return render(request, "certification/over_time.html", context)


@require_safe
def over_time_file(request: SignedInRequest) -> HttpResponse:
    """The same tables as a spreadsheet."""
    shown = _shown(request)
    content = over_time_xlsx(shown.charts, shown.about, now=shown.now)
    response = HttpResponse(content, content_type=CONTENT_TYPES[ReportFormat.XLSX])
    response["Content-Disposition"] = 'attachment; filename="aimcert-over-time.xlsx"'
    return response


def _shown(request: SignedInRequest) -> Shown:
    user, now = request.user, timezone.now()
    must(user, Certification.SEE_OVER_TIME)
    today = timezone.localdate(now)
    first = first_year(user, now)
    programmes = programmes_by_code()
    sponsors = {str(one.uuid): one for one in sponsors_for(user)}
    form = OverTimeForm(
        request.GET,
        programmes={code: one.name for code, one in programmes.items()},
        organisations={uuid: one.name for uuid, one in sponsors.items()},
        first=first or today.year,
        last=today.year,
    )
    programme, sponsor = programmes.get(form.asked("programme")), sponsors.get(form.asked("organisation"))
    window = Window(By(form.asked("by") or By.QUARTER), form.asked("to") or today.year, today)
    asked = Asked(sponsor.pk if sponsor else None, programme.pk if programme else None)
    facts = read_facts(user, window, organisation=asked.organisation, now=now)
    everything = _("All that The AIM Project knows of") if user.is_aim_admin else _("Your organisation’s")
    about = [
        (_("Years"), window.words),
        (_("By"), str(window.by.label)),
        (_("Programme"), programme.name if programme else _("All")),
        (_("People of"), sponsor.name if sponsor else everything),
    ]
    return Shown(form, window, charts_of(facts, window, asked), first, about, now)
