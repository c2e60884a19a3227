"""Signing in: an emailed code first, a password for those who set one."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.mixins import AjaxCapableProcessFormViewMixin
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, LoginView, LogoutView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms import SignInCodeForm, SignInForm
from accounts.second_factors import factors_of
from accounts.sign_in_by_code import begin
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
        if request.method == "POST":
            # What was begun counts until something else has begun.
            return None
        if "another" in request.GET:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        form.work = begin(self.request, form)
        if form.work is None:
            return HttpResponseRedirect(self.get_success_url())
        # 429, Too Many Requests: the form comes back with what its device has to do first.
        return self.render_to_response(self.get_context_data(form=form), status=429)


class SignInCodeView(AnswersScripts, ConfirmLoginCodeView):
    """Takes the code."""

    def form_invalid(self, form: SignInCodeForm) -> HttpResponse:
        if not form.has_ended:
            return super().form_invalid(form)
        if form.was_used:
            # Perhaps the same was sent twice. The session is the other's then, and stays as it is.
            messages.info(
                self.request, _("That code was used. If you are not signed in now, ask for another one.")
            )
            return HttpResponseRedirect(f"{reverse('account_login')}?another")
        self._process.abort()
        messages.error(
            self.request,
            _("That code no longer works, or there were too many wrong tries. Ask for another one."),
        )
        return HttpResponseRedirect(reverse("account_login"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"pending": self._process.state}


class SecondStepView(AuthenticateView):
    """Takes a code of an app, a passkey or a recovery code from who has a second step."""

    template_name = "account/second_step.html"

    # Said again, since a view is as public as its outermost `dispatch`.
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not {"code", "credential"} & set(request.POST):
            # Neither came: what is missing is told beside the code, which anybody can type.
            sent = request.POST.copy()
            sent["code"] = ""
            request.POST = sent  # type: ignore[assignment]  # a copy, which nobody changes any more
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        factors = factors_of(self.stage.login.user)
        has_passkey = any(factor.is_passkey for factor in factors)
        forms = (context["form"], context["webauthn_form"])
        return context | {
            "options": context["js_data"]["request_options"] if has_passkey else None,
            "has_errors": any(form.errors for form in forms),
            "wrong_form": next((form for form in forms if form.errors), None),
        }


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
second_step = SecondStepView.as_view()
sign_out = SignOutView.as_view()
password_sign_in = PasswordSignInView.as_view()


@login_not_required
@require_safe
def how_to_get_an_account(request: HttpRequest) -> HttpResponse:
    """There is no sign-up: what to do instead."""
    return render(request, "account/how_to_get_an_account.html")
