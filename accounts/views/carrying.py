"""Signing in on the way of a form that came without a session: what was typed goes along.

It goes in the pages' own hidden fields, from this browser to us and back: never into a session, an
address or a log. allauth's own steps are taken, so that its limits hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from accounts.forms import SignInCodeForm, SignInForm
from accounts.proofs import SecondStepForm
from accounts.sign_in_by_code import ANSWERS, TOKEN, begin
from aimcert.foundation.pages import render

PREFIX = "signing"
STEP = "signing-step"
OWN = {STEP, f"{PREFIX}-email", f"{PREFIX}-code", TOKEN, ANSWERS, "csrfmiddlewaretoken"}


def sign_in_carrying(
    request: HttpRequest, *, typed: Sequence[str], then: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Ask for address and code on this very address, then do what the form asked for.

    Args:
        request: a POST of somebody who is not signed in, again and again until they are.
        typed: the texts in it, for its author to see that they are there.
        then: what answers the form once somebody is signed in; whether they may, it finds out.
    """
    step = request.POST.get(STEP, "")
    if step == "email":
        return _ask_for_code(request, typed)
    if step == "code":
        return _take_code(request, typed, then)
    if step == "second":
        return _take_second_step(request, typed, then)
    return _carrying_page(request, typed, SignInForm(prefix=PREFIX))


def _ask_for_code(request: HttpRequest, typed: Sequence[str]) -> HttpResponse:
    form = SignInForm(request.POST, prefix=PREFIX)
    if not form.is_valid():
        return _carrying_page(request, typed, form)
    form.work = begin(request, form)
    if form.work is not None:
        return _carrying_page(request, typed, form)
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return _carrying_page(
        request, typed, SignInCodeForm(prefix=PREFIX, code=""), pending=stage.state if stage else None
    )


def _take_code(
    request: HttpRequest, typed: Sequence[str], then: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    process = LoginCodeVerificationProcess.resume(stage) if stage else None
    if process is None:
        again = _("That code is too old. Ask for a new one: what you typed is still here.")
        return _carrying_page(request, typed, SignInForm(prefix=PREFIX), notice=again)
    request._login_stage = stage  # type: ignore[attr-defined]  # where the form looks for the address
    form = SignInCodeForm(request.POST, prefix=PREFIX, code="")
    if form.is_valid():
        response: HttpResponse = process.finish(None)
        if _awaits_second_step(request):
            return _carrying_page(request, typed, _second_form(request))
        return _done(request, response, then)
    if not form.has_ended:
        return _carrying_page(request, typed, form, pending=process.state)
    if not form.was_used:
        process.abort()
    again = _("There were too many wrong codes. Ask for a new one: what you typed is still here.")
    return _carrying_page(request, typed, SignInForm(prefix=PREFIX), notice=again)


def _awaits_second_step(request: HttpRequest) -> bool:
    return LoginStageController.enter(request, AuthenticateStage.key) is not None


def _second_form(request: HttpRequest, data: QueryDict | None = None) -> SecondStepForm:
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return SecondStepForm(data, prefix=PREFIX, user=stage.login.user)


def _take_second_step(
    request: HttpRequest, typed: Sequence[str], then: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:
        again = _("That took too long. Ask for a new code: what you typed is still here.")
        return _carrying_page(request, typed, SignInForm(prefix=PREFIX), notice=again)
    form = _second_form(request, request.POST)
    if not form.is_valid():
        return _carrying_page(request, typed, form)
    form.save()
    response: HttpResponse = stage.exit()
    return _done(request, response, then)


def _done(
    request: HttpRequest, response: HttpResponse, then: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    if not request.user.is_authenticated:
        return response
    answer = then(request)
    # What signing in gives a device: see accounts/devices.py.
    answer.cookies.update(response.cookies)
    return answer


def _carrying_page(
    request: HttpRequest,
    typed: Sequence[str],
    form: Form,
    *,
    pending: Mapping[str, Any] | None = None,
    notice: str = "",
) -> HttpResponse:
    fields = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    is_second = isinstance(form, SecondStepForm)
    context = {"form": form, "pending": pending, "notice": notice, "typed": typed, "fields": fields}
    context["step"] = "second" if is_second else "code" if pending else "email"
    context["email"] = pending["email"] if pending else ""
    status = 429 if getattr(form, "work", None) else None
    return render(request, "account/carrying.html", context, status=status)
