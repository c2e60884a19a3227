"""Which pages a session reaches that was signed in to by a code from a trainer: these, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.confinement import Confinement, confinement_of
from accounts.models import Roles
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import asks_for_json

# A page that is not here is refused: what is new is refused until somebody thought about it. Those about
# an enrolment or a course are open for the session's own alone. What a trainer, who knew the code, must
# not be able to do in a participant's name is left out: feedback, which goes on to the sponsor once it
# was opened, the confirmation that a place was accepted by oneself, and comparing what was typed in
# from paper, which must be another's than who typed it.
OPEN = frozenset(
    {
        "home",
        "account_logout",
        "certification:my_course",
        "assessments:case_study",
        "assessments:task_list",
        "assessments:question",
        "assessments:save",
        "assessments:earlier",
        "assessments:journal",
        "assessments:state",
        "assessments:help",
        "assessments:check",
        "assessments:submit",
        "assessments:receipt",
        "assessments:answers_text",
        "assessments:my_adjustments",
        "assessments:unsent",
        "assessments:framework",
        "assessments:framework_edition",
        "assessments:framework_pdf",
        # Whoever sees a child in danger tells of it, however they got in; what was sent is never shown.
        "safeguarding:tell_of_person",
        "safeguarding:sent_record",
    }
)


class ConfinedMiddleware:
    """Refuses every page but those to a confined session. Public pages read no session, and stay public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: dict[str, object]
    ) -> HttpResponse | None:
        if not getattr(view_func, "login_required", True):
            return None
        held = confinement_of(request)
        if held is None:
            return None
        request.confined = held  # type: ignore[attr-defined]  # the menu shows less
        # A second lock: whatever a page that is open asks, they are a participant here and nothing else.
        request.user.roles = Roles()  # type: ignore[union-attr]
        request.user.is_aim_admin = False  # type: ignore[union-attr]
        request.user.organisation_ids = frozenset()  # type: ignore[union-attr]
        route = request.resolver_match.view_name if request.resolver_match else ""
        if route == "home":
            return redirect("assessments:task_list", held.arguments["enrolment"])
        if route in OPEN and held.covers(view_kwargs):
            return None
        return _refused(request, held)


def _refused(request: HttpRequest, held: Confinement) -> HttpResponse:
    if asks_for_json(request):
        words = _("You signed in with a code from your trainer, which opens your place on this course only.")
        return JsonResponse({"state": "confined", "message": words}, status=403)
    return render(request, "confined.html", {"enrolment": held.arguments["enrolment"]}, status=403)
