"""Leads an AIM admin who has no second step yet to set one up, from whatever page that wants an AIM admin."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aimcert.foundation.refusals import asks_for_json


class SecondStepMiddleware:
    """Turns a refusal into the way on, for those who would not be refused with a second step.

    It grants nothing and takes nothing away: without one they are no AIM admin to any rule, see
    `Person.is_aim_admin`, and reach what anybody does who is signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PermissionDenied | Http404) or asks_for_json(request):
            return None
        # Public pages read no session.
        view = request.resolver_match.func if request.resolver_match else None
        if not getattr(view, "login_required", True) or hasattr(request, "confined"):
            return None
        if not getattr(request.user, "awaits_second_factor", False):
            return None
        messages.warning(request, _("Set up a second step first: an AIM admin needs one."))
        return redirect("account_second_step")
