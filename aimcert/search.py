"""Search: people, courses, certificates and organisations, by whatever one knows of them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.requests import SignedInRequest
from accounts.search import search as search_accounts
from aimcert.foundation.fields import one_line
from aimcert.foundation.pages import render
from aimcert.foundation.search import MOST, Group
from certification.search import search as search_certification
from courses.search import search as search_courses

SOURCES: tuple[Callable[[Person, str], list[Group]], ...] = (
    search_certification,
    search_courses,
    search_accounts,
)
LONGEST = 150


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """What is found by `q`, of each kind the first few: only what whoever asks may open.

    Where that is one thing alone, its page is opened at once, and says so.
    """
    q = one_line(request.GET.get("q", "").replace("\0", ""))[:LONGEST]
    groups = [group for source in SOURCES for group in source(request.user, q)] if q else []
    found = [one for group in groups for one in group.found]
    if len(found) == 1:
        words = _("“%(typed)s” was found once: %(name)s.") % {"typed": q, "name": found[0].words}
        messages.info(request, words)
        return redirect(found[0].url)
    context = {"q": q, "groups": [one for one in groups if one.found], "most": MOST, "longest": LONGEST}
    return render(request, "search.html", context)
