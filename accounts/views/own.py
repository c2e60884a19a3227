"""One's own account: name, address, password, and where one is signed in."""

from __future__ import annotations

import time
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.logout import logout
from allauth.core.internal.cryptokit import generate_user_code
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.devices import devices_of
from accounts.forms import NewAddressCodeForm, NewAddressForm, OwnNameForm, fingerprint_of
from accounts.limits import Limit, spend
from accounts.requests import SignedInRequest
from accounts.second_factors import factors_of
from accounts.views.proving import asks_anew
from accounts.views.signing_in import FORGET
from aimcert.foundation.pages import render, tell_saved

CHANGING = "changing_email"
TRIES = Limit("codes typed for one new address", 4, timedelta(hours=1))
EMAIL_CHANGES = Limit("changes of address", 6, timedelta(seconds=150))
# Whoever asks: the address may be somebody else's.
LETTERS_TO_NEW = Limit("letters to a new address", 3, timedelta(minutes=10))


def session_key(request: SignedInRequest) -> str:
    """The key of the session that asks."""
    return request.session.session_key or ""


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """What AIMcert knows of oneself, and where one is signed in."""
    return render(
        request,
        "accounts/account.html",
        {
            "devices": devices_of(request.user, request.session.session_key, timezone.now()),
            "factors": factors_of(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def change_name(request: SignedInRequest) -> HttpResponse:
    """Change one's name."""
    form = OwnNameForm(
        request.POST if request.method == "POST" else None, initial={"name": request.user.name}
    )
    if form.is_valid():
        before = request.user.name
        named = actions.change_name(person=request.user, name=form.cleaned_data["name"], by=request.user)
        tell_saved(request, _("Your name was changed."), changed=named.name != before)
        return redirect("account")
    return render(request, "accounts/change_name.html", {"form": form})


@asks_anew("GET", "POST")
@require_http_methods(["GET", "POST"])
def change_email(request: SignedInRequest) -> HttpResponse:
    """Ask for a new address and send a code to it."""
    form = NewAddressForm(request.POST if request.method == "POST" else None, current=request.user.email)
    if form.is_valid():
        new = form.cleaned_data["email"]
        if spend(EMAIL_CHANGES, request.user.pk) or spend(LETTERS_TO_NEW, new):
            form.add_error("email", get_adapter().validation_error("too_many_login_attempts"))
        else:
            code = generate_user_code(**settings.ACCOUNT_LOGIN_BY_CODE_FORMAT)
            actions.announce_email_change(person=request.user, email=new, code=code, by=request.user)
            request.session[CHANGING] = {
                "email": new,
                "fingerprint": fingerprint_of(code),
                "at": time.time(),
            }
            return redirect("account_confirm_email_change")
    return render(request, "accounts/change_email.html", {"form": form})


@require_http_methods(["GET", "POST"])
def confirm_email_change(request: SignedInRequest) -> HttpResponse:
    """Take the code, and move the account to the address that it went to."""
    changing = request.session.get(CHANGING)
    if changing is None or time.time() - changing["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        messages.error(request, _("That code is too old. Ask for a new one."))
        return redirect("account_change_email")
    form = NewAddressCodeForm(
        request.POST if request.method == "POST" else None, fingerprint=changing["fingerprint"]
    )
    # Counted before it is compared, apart from the session: several can be sent at once.
    if form.is_bound and spend(TRIES, changing["fingerprint"]):
        del request.session[CHANGING]
        messages.error(request, _("There were too many wrong codes. Ask for a new one."))
        return redirect("account_change_email")
    if form.is_valid():
        del request.session[CHANGING]
        actions.change_email(
            person=request.user, email=changing["email"], by=request.user, keeping=session_key(request)
        )
        messages.success(
            request,
            _("Your email address was changed. Sign in with it from now on. Other devices are signed out."),
        )
        return redirect("account")
    return render(request, "accounts/confirm_email_change.html", {"form": form, "email": changing["email"]})


@require_POST
def end_session(request: SignedInRequest, handle: str) -> HttpResponse:
    """End one of one's sessions."""
    if actions.end_session(person=request.user, handle=handle, by=request.user):
        messages.success(request, _("You are signed out there."))
    return redirect("account")


@require_POST
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    ended = actions.end_sessions(person=request.user, by=request.user, but=session_key(request))
    words = ngettext(
        "You are signed out on %(n)d other device.", "You are signed out on %(n)d other devices.", ended
    )
    messages.success(request, words % {"n": ended})
    return redirect("account")


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """End all of one's sessions, this one too, and know none of one's devices any more."""
    actions.forget_known_devices(person=request.user, by=request.user)
    actions.end_sessions(person=request.user, by=request.user, but=session_key(request))
    logout(request, show_message=False)
    messages.success(request, _("You are signed out on every device."))
    response = redirect("account_login")
    response.headers.setdefault(*FORGET)
    return response
