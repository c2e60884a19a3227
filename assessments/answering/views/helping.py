"""Asking for help in the room: a button of the participant's own pages."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from assessments.answering import actions
from assessments.answering.views.answering import HELP
from assessments.answering.views.own_places import own_place


@require_http_methods(["GET", "HEAD", "POST"])
def help_(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Ask for help, or take that back; a script is given the button as it then is."""
    if request.method == "POST":
        act = HELP.get(request.POST.get("then"), actions.ask_for_help)
        try:
            act(enrolment=enrolment, by=request.user)
        except actions.NotTheirs:
            own_place(request, enrolment)
            raise Http404 from None
    place = own_place(request, enrolment)
    if "HX-Request" not in request.headers:
        return redirect("assessments:task_list", enrolment)
    with timezone.override(place.course.zone):
        return render(request, "assessments/answering/help.html", {"place": place})
