"""Signing in: an emailed code first, a password for those who set one."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.mixins import AjaxCapableProcessFormViewMixin
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, LoginView, LogoutView, RequestLoginCodeView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from aimcert.foundation.pages import render

# What a device keeps of us goes with its session: a training room shares devices. Of pages it keeps
# nothing, so there is nothing else to clear; the page of a question asks before, where words are unsaved.
FORGET = ("Clear-Site-Data", '"storage"')


class AnswersScripts(AjaxCapableProcessFormViewMixin):
    """Answers a page that signs its person in without leaving it: JSON, wherever allauth leads on too."""

    # Said again, since a view is as public as its outermost `dispatch`.
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        adapter = get_adapter(request)
        if isinstance(response, HttpResponseRedirect) and adapter.is_ajax(request):
            return adapter.ajax_response(request, response, redirect_to=response.url)
        return response


class SignInView(AnswersScripts, RequestLoginCodeView):
    """Asks for the address; while a code is on its way, shows where to type it."""

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if request.method == "POST" or "another" in request.GET:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)


class SignInCodeView(AnswersScripts, ConfirmLoginCodeView):
    """Takes the code."""


class SignOutView(LogoutView):
    """Ends the session, and with it what this browser keeps."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers.setdefault(*FORGET)
        return response


class PasswordSignInView(LoginView):
    """Asks for address and password; a code that is on its way does not stand in between."""

    template_name = "account/password_sign_in.html"

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        clear_login(request)
        return None


sign_in = SignInView.as_view()
sign_in_code = SignInCodeView.as_view()
sign_out = SignOutView.as_view()
password_sign_in = PasswordSignInView.as_view()


@login_not_required
@require_safe
def how_to_get_an_account(request: HttpRequest) -> HttpResponse:
    """There is no sign-up: what to do instead."""
    return render(request, "account/how_to_get_an_account.html")
