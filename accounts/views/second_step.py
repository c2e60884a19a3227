"""The second step of one's own signing in: an app, passkeys, recovery codes."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.proofs import AddAppForm, AddPasskeyForm
from accounts.requests import SignedInRequest
from accounts.sealing import seal, unseal
from accounts.second_factors import factors_of, recovery_codes_of
from accounts.views.own import session_key
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.qr import qr_code

# What an app is being set up with, sealed: it stands in the session until its first code was typed.
SETTING_UP = "setting_up_app"


@require_safe
def second_step(request: SignedInRequest) -> HttpResponse:
    """What one proves who one is with, after the code that is emailed."""
    factors = factors_of(request.user)
    return render(
        request,
        "accounts/second_step.html",
        {
            "factors": factors,
            "has_app": any(not factor.is_passkey for factor in factors),
            "is_needed": request.user.awaits_second_factor,
        },
    )


@asks_anew("GET", "POST")
@require_http_methods(["GET", "POST"])
def add_app(request: SignedInRequest) -> HttpResponse:
    """Show the secret to an app, and take its first code."""
    secret = _secret(request)
    form = AddAppForm(request.POST if request.method == "POST" else None, person=request.user, secret=secret)
    if form.is_valid():
        actions.add_app(person=request.user, secret=secret, by=request.user, keeping=session_key(request))
        request.session.pop(SETTING_UP, None)
        messages.success(request, _("From now on you type a code from the app when you sign in."))
        return redirect("account_recovery_codes")
    url = get_adapter().build_totp_url(request.user, secret)
    context = {"form": form, "code": qr_code(url), "url": url, "secret": secret}
    return render(request, "accounts/add_app.html", context)


@asks_anew("GET", "POST")
@require_http_methods(["GET", "POST"])
def add_passkey(request: SignedInRequest) -> HttpResponse:
    """Let the browser make a passkey, and take it."""
    form = AddPasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.add_passkey(
            person=request.user,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
            by=request.user,
            keeping=session_key(request),
        )
        messages.success(request, _("From now on you use a passkey, or a code, when you sign in."))
        return redirect("account_recovery_codes")
    context = {"form": form, "options": begin_registration(request.user, False)}
    return render(request, "accounts/add_passkey.html", context)


@asks_anew("POST")
@require_POST
def remove_factor(request: SignedInRequest, handle: str) -> HttpResponse:
    """Take one of them away."""
    if actions.remove_factor(
        person=request.user, handle=handle, by=request.user, keeping=session_key(request)
    ):
        messages.success(request, _("It was removed. Other devices are signed out."))
    return redirect("account_second_step")


@asks_anew("GET", "POST")
@require_http_methods(["GET", "POST"])
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    """The codes for when the app or the passkeys are lost; POST makes new ones."""
    if request.method == "POST":
        actions.renew_recovery_codes(person=request.user, by=request.user)
        messages.success(request, _("These are new codes. The old ones no longer work."))
        return redirect("account_recovery_codes")
    codes = recovery_codes_of(request.user)
    return render(
        request, "accounts/recovery_codes.html", {"codes": codes or [], "has_any": codes is not None}
    )


def _secret(request: SignedInRequest) -> str:
    """What the app is set up with: the same while it is, so that a mistyped code needs no new picture."""
    try:
        return unseal(request.session[SETTING_UP])
    except (KeyError, InvalidToken):
        secret: str = generate_totp_secret()
        request.session[SETTING_UP] = seal(secret)
        return secret
