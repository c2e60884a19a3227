"""Proving anew who one is, before what cannot be undone: on the page of the act itself, whose form is kept.

What was filled in goes along in the page's own hidden fields, as in carrying.py, its idempotency key
too: never into a session, an address or a log.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.internal.cryptokit import generate_user_code
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import actions
from accounts.forms import fingerprint_of
from accounts.limits import Limit, spend
from accounts.proofs import ProvingCodeForm, ProvingEmailForm, ProvingPasskeyForm, ProvingPasswordForm
from accounts.requests import SignedInRequest
from accounts.second_factors import factors_of
from aimcert.foundation.pages import render

View = Callable[..., HttpResponseBase]

PREFIX = "proving"
STEP = "proving-step"
# How the form came that is kept: by GET there was none, only a page that was asked for.
CAME_BY = "proving-came-by"
SENT = "proving_anew"
MOST_TRIES = 5
# Of one person, over all their sessions.
TRIES = Limit("proofs anew", 10, timedelta(seconds=90))
CODES = Limit("codes for a proof anew", 6, timedelta(seconds=150))


def asks_anew(*methods: str) -> Callable[[View], View]:
    """Let a view act only for somebody who proved within `AIM["ASKED_ANEW_MINUTES"]` who they are.

    It stands outermost, above `require_…` and `sent_once`: until the proof nothing of the view is
    done, no key is spent, and nothing is told that a stranger would not be told too. Whoever has a
    second step proves with it: a mailbox that stands open on the same machine proves nothing. Others
    prove with a code that is emailed, or their password. Files cannot be kept meanwhile.

    Args:
        methods: those that are asked for a proof, such as "POST" for a page whose form acts.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_step = request.method == "POST" and STEP in request.POST
            came_by = request.POST.get(CAME_BY, "POST") if is_step else request.method or ""
            # What the form says of itself never makes less be asked.
            if not {request.method, came_by}.isdisjoint(methods) and not _proved_lately(request):
                page = _ask(request, came_by)
                if page is not None:
                    return page
            if is_step and came_by == "GET":
                return redirect(request.get_full_path())
            return view(request, *args, **kwargs)

        wrapper.asks_anew = methods  # type: ignore[attr-defined]  # which acts ask is told by a test
        return wrapper

    return decorate


def _proved_lately(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    within = settings.AIM["ASKED_ANEW_MINUTES"] * 60
    return bool(records) and time.time() - records[-1]["at"] < within


def _ask(request: SignedInRequest, came_by: str) -> HttpResponse | None:
    """The page that asks; None once it was proved."""
    step = request.POST.get(STEP, "") if request.method == "POST" else ""
    has_factor = bool(factors_of(request.user))
    if not step:
        return _proving_page(request, came_by)
    if step == "send" and not has_factor:
        return _send(request, came_by)
    # Tries are counted for the person, over all their sessions and before comparing.
    if spend(TRIES, request.user.pk):
        return _proving_page(
            request,
            came_by,
            notice=_("There were too many tries. Wait 15 minutes, then try again."),
            status=429,
        )
    if has_factor:
        return _take_factor(request, came_by, step)
    if step == "password" and request.user.has_usable_password():
        form = ProvingPasswordForm(request.POST, prefix=PREFIX, person=request.user)
        if not form.is_valid():
            return _proving_page(request, came_by, password=form)
        _taken(request, "password")
        return None
    if step == "code":
        return _take_code(request, came_by)
    return _proving_page(request, came_by)


def _take_factor(request: SignedInRequest, came_by: str, step: str) -> HttpResponse | None:
    if step == "passkey":
        passkey = ProvingPasskeyForm(request.POST, prefix=PREFIX, user=request.user)
        if not passkey.is_valid():
            return _proving_page(request, came_by, passkey=passkey)
        passkey.save()
        return None
    code = ProvingCodeForm(request.POST, prefix=PREFIX, user=request.user)
    if not code.is_valid():
        return _proving_page(request, came_by, code=code)
    code.save()
    return None


def _send(request: SignedInRequest, came_by: str) -> HttpResponse:
    if spend(CODES, request.user.pk):
        return _proving_page(
            request,
            came_by,
            notice=_("We sent several codes already. Wait 15 minutes, then try again."),
            status=429,
        )
    code = generate_user_code(**settings.ACCOUNT_LOGIN_BY_CODE_FORMAT)
    actions.send_proving_code(person=request.user, code=code, by=request.user)
    request.session[SENT] = {"fingerprint": fingerprint_of(code), "at": time.time(), "tries": 0}
    return _proving_page(request, came_by, code=ProvingEmailForm(prefix=PREFIX, fingerprint=""))


def _take_code(request: SignedInRequest, came_by: str) -> HttpResponse | None:
    sent = request.session.get(SENT)
    if sent is None or time.time() - sent["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return _proving_page(request, came_by, notice=_("That code is too old. Ask for a new one."))
    form = ProvingEmailForm(request.POST, prefix=PREFIX, fingerprint=sent["fingerprint"])
    if form.is_valid():
        del request.session[SENT]
        _taken(request, "code")
        return None
    sent["tries"] += 1
    request.session[SENT] = sent
    if sent["tries"] >= MOST_TRIES:
        del request.session[SENT]
        return _proving_page(
            request, came_by, notice=_("There were too many wrong codes. Ask for a new one.")
        )
    return _proving_page(request, came_by, code=form)


def _taken(request: SignedInRequest, method: str) -> None:
    record_authentication(request, request.user, method=method, reauthenticated=True)


def _proving_page(
    request: SignedInRequest,
    came_by: str,
    *,
    code: Form | None = None,
    password: Form | None = None,
    passkey: Form | None = None,
    notice: str = "",
    status: int | None = None,
) -> HttpResponse:
    own = {STEP, CAME_BY, "csrfmiddlewaretoken"}
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in own and not name.startswith(f"{PREFIX}-")
        for value in values
    ]
    factors = factors_of(request.user)
    has_passkey = any(factor.is_passkey for factor in factors)
    if factors and code is None:
        code = ProvingCodeForm(prefix=PREFIX, user=request.user)
    if not factors and password is None and request.user.has_usable_password():
        password = ProvingPasswordForm(prefix=PREFIX, person=request.user)
    context = {
        "kept": kept,
        "came_by": came_by,
        "has_factor": bool(factors),
        "code_form": code,
        "password_form": password,
        "passkey_form": passkey
        or (ProvingPasskeyForm(prefix=PREFIX, user=request.user) if has_passkey else None),
        "options": begin_authentication(request.user) if has_passkey else None,
        "notice": notice,
        "has_errors": any(form is not None and form.errors for form in (code, password, passkey)),
        "wrong_form": next(
            (form for form in (code, password, passkey) if form is not None and form.errors), None
        ),
    }
    return render(request, "account/proving.html", context, status=status)
