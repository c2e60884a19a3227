"""A form that was posted without a session: sign-in carries it along, then it is saved for its author."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.requests import SignedInRequest
from accounts.views.carrying import sign_in_carrying
from aimcert.foundation.pages import render

Save = Callable[[SignedInRequest], HttpResponse]


def signed_out(request: HttpRequest, *, typed: list[str], save: Save) -> HttpResponse:
    """Sign in, then save as the form asked, where that person may.

    To anybody else it says that nothing was saved, whether or not there is such a page.

    Args:
        request: a POST of nobody who is signed in.
        typed: the texts in it, for its author to read.
        save: answers the form for somebody who is signed in.
    """

    def then(request: HttpRequest) -> HttpResponse:
        try:
            # History was told before that nobody acts.
            with pghistory.context(actor=request.user.pk):
                return save(request)  # type: ignore[arg-type]  # somebody is, by now
        except (Http404, PermissionDenied):
            return render(request, "assessments/answering/not_saved.html", {"typed": typed}, status=404)

    return sign_in_carrying(request, typed=typed, then=then)
