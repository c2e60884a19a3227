"""Signing in: an emailed code first, a password for those who set one."""

from __future__ import annotations

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import LoginView, RequestLoginCodeView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe


class SignInView(RequestLoginCodeView):
    """Asks for the address; while a code is on its way, shows where to type it."""

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if request.method == "POST" or "another" in request.GET:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)


class PasswordSignInView(LoginView):
    """Asks for address and password; a code that is on its way does not stand in between."""

    template_name = "account/password_sign_in.html"

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        clear_login(request)
        return None


sign_in = SignInView.as_view()
password_sign_in = PasswordSignInView.as_view()


@login_not_required
@require_safe
def how_to_get_an_account(request: HttpRequest) -> HttpResponse:
    """There is no sign-up: what to do instead."""
    return render(request, "account/how_to_get_an_account.html")
