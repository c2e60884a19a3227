"""Signing in on the way of a form that came without a session: what was typed goes along.

It goes in the pages' own hidden fields, from this browser to us and back: never into a session, an
address or a log. allauth's own steps are taken, so that its limits hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.forms import SignInCodeForm, SignInForm
from aimcert.foundation.pages import render

PREFIX = "signing"
STEP = "signing-step"
OWN = {STEP, f"{PREFIX}-email", f"{PREFIX}-code", "csrfmiddlewaretoken"}


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
    return _page(request, typed, SignInForm(prefix=PREFIX))


def _ask_for_code(request: HttpRequest, typed: Sequence[str]) -> HttpResponse:
    clear_login(request)
    form = SignInForm(request.POST, prefix=PREFIX)
    if not form.is_valid():
        return _page(request, typed, form)
    email = form.cleaned_data["email"]
    LoginCodeVerificationProcess.initiate(request=request, user=form._user, email=email)
    return _page(request, typed, SignInCodeForm(prefix=PREFIX, code=""), email=email)


def _take_code(
    request: HttpRequest, typed: Sequence[str], then: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    process = LoginCodeVerificationProcess.resume(stage) if stage else None
    if process is None:
        again = _("That code is too old. Ask for a new one: what you typed is still here.")
        return _page(request, typed, SignInForm(prefix=PREFIX), notice=again)
    request._login_stage = stage  # type: ignore[attr-defined]  # where the form looks for the address
    email = process.state["email"]
    form = SignInCodeForm(request.POST, prefix=PREFIX, code=process.code)
    if form.is_valid():
        response: HttpResponse = process.finish(None)
        if not request.user.is_authenticated:
            return response
        answer = then(request)
        # What signing in gives a device: see accounts/devices.py.
        answer.cookies.update(response.cookies)
        return answer
    if process.record_invalid_attempt():
        return _page(request, typed, form, email=email)
    again = _("There were too many wrong codes. Ask for a new one: what you typed is still here.")
    return _page(request, typed, SignInForm(prefix=PREFIX), notice=again)


def _page(
    request: HttpRequest, typed: Sequence[str], form: Form, *, email: str = "", notice: str = ""
) -> HttpResponse:
    fields = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    context = {"form": form, "email": email, "notice": notice, "typed": typed, "fields": fields}
    return render(request, "account/carrying.html", context)
