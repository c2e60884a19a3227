"""An answer that was posted without a session: sign-in carries it along, then it is saved for its author."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pghistory
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.requests import SignedInRequest
from accounts.views.carrying import sign_in_carrying
from aimcert.foundation.pages import render
from aimcert.foundation.typed import laid_out
from assessments.answering.forms.answering import typed_in

Save = Callable[[SignedInRequest, UUID, int], HttpResponse]


def signed_out(request: HttpRequest, enrolment: UUID, number: int, *, save: Save) -> HttpResponse:
    """Sign in, then save as the form asked, where the place is that person's own.

    To anybody else it says that nothing was saved, whether or not there is such a place.

    Args:
        request: a POST of nobody who is signed in.
        enrolment: the place that was posted to, if it is one.
        number: the question's.
        save: the view that saves for somebody who is signed in.
    """
    typed = [laid_out(text) for text in typed_in(request.POST) if text.strip()]

    def then(request: HttpRequest) -> HttpResponse:
        try:
            # History was told before that nobody acts.
            with pghistory.context(actor=request.user.pk):
                return save(request, enrolment, number)  # type: ignore[arg-type]  # somebody is, by now
        except (Http404, PermissionDenied):
            return render(request, "assessments/answering/not_saved.html", {"typed": typed}, status=404)

    return sign_in_carrying(request, typed=typed, then=then)
