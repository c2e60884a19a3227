"""How django-allauth signs people in here: by invitation only, and by limits of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import remember_device, set_password, vouch_for_network
from accounts.confinement import confine, confinement_of
from accounts.devices import device_of, named_device
from accounts.limits import Limit, give_back, spend
from accounts.models import Person
from accounts.networks import network_of, vouches
from accounts.requesters import requester_of
from accounts.sign_in_stages import CONFINED

# Wrong passwords, on the owner's own device or in their room, and by strangers. A code signs in all the same.
PASSWORD_OWN = Limit("passwords of one's own", 10, timedelta(seconds=90))
PASSWORD_NETWORK = Limit("passwords from a network", 30, timedelta(seconds=30))
PASSWORD_ADDRESS = Limit("passwords for an address", 10, timedelta(seconds=90))

# What stands in the column where allauth would keep a network address.
NO_ADDRESS = "0.0.0.0"  # noqa: S104  # nosec B104: nobody listens on it


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This is not the code for this sign-in. Check that the email’s subject ends with the letters "
            "shown here, and type its code again."
        ),
        "incorrect_emailed_code": gettext_lazy(
            "This is not the code that we emailed last. Check it, and type it again."
        ),
        "code_overtaken": gettext_lazy(
            "This code is too old: you were signed out since we sent it. Ask for a new one."
        ),
        "email_password_mismatch": gettext_lazy(
            "The email address and the password do not go together. "
            "Check both, or sign in with an emailed code."
        ),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "too_many_login_attempts": gettext_lazy(
            "There were too many tries for this address. Wait 15 minutes, then try again."
        ),
        "too_many_passwords": gettext_lazy(
            "There were too many tries with a password. Sign in with an emailed code instead."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from nominations and invitations only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """allauth writes no letter here: ours are queued by actions."""
        raise NotImplementedError(template_prefix)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password before it is compared; one that was right is given back."""
        email = str(credentials.get("email", ""))
        requester = requester_of(request, email=email)
        spent: list[tuple[Limit, tuple[str, ...]]]
        if requester.own:
            spent = [(PASSWORD_OWN, (requester.own, email))]
        else:
            spent = [(PASSWORD_NETWORK, (requester.network,)), (PASSWORD_ADDRESS, (email,))]
        for limit, of in spent:
            if spend(limit, *of):
                raise self.validation_error("too_many_passwords")
        self._login_failed_rl_usage = _Counted(spent)

    def set_password(self, user: Person, password: str) -> None:
        """Set it through our action, which ends every other session."""
        set_password(person=user, password=password, by=user, keeping=self.request.session.session_key or "")

    def get_login_stages(self) -> list[str]:
        """What stands between a proof and a session; last of all, that nobody was signed out meanwhile."""
        own = {"allauth.mfa.stages.AuthenticateStage": "accounts.sign_in_stages.SecondStepStage"}
        stages = [own.get(stage, stage) for stage in super().get_login_stages()]
        return [*stages, "accounts.sign_in_stages.NotOvertakenStage"]

    def is_reauthentication_required(self, app: str) -> bool:
        """Never allauth's own page: views that need it ask by accounts/views/proving.py."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """No network address is kept or counted: a training room shares one."""
        return NO_ADDRESS

    def ajax_response(
        self,
        request: HttpRequest,
        response: HttpResponse,
        redirect_to: str | None = None,
        form: BaseForm | None = None,
        data: Any = None,
    ) -> HttpResponse:
        """What a script is told: where it leads on, and each field's errors; the page itself is left out."""
        told: dict[str, object] = {"location": redirect_to} if redirect_to else {}
        is_refused = form is not None and request.method == "POST" and not form.is_valid()
        if form is not None:
            told["form"] = self.ajax_response_form(form)
        status = 400 if is_refused else 200
        if (work := getattr(form, "work", None)) is not None:
            told["work"], status = work.as_json(), 429
        answer = JsonResponse(told, status=status)
        answer.cookies.update(response.cookies)
        return answer

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Somebody signed in fully: remember the device, unless a trainer's code let them in."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if confinement_of(request) is None:
            remember_device(
                person=user,
                device=named_device(request, response),
                name=device_of(request.headers.get("User-Agent", "")),
                by=user,
            )
            vouch_for_room(request, user)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account page, which shows that it was done."""
        return reverse("account")

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Only somebody who proved who they are gets here, so they may be told."""
        messages.error(request, _("This account is closed. Ask The AIM Project if that surprises you."))
        return HttpResponseRedirect(reverse("account_login"))


def vouch_for_room(request: HttpRequest, person: Person) -> None:
    """Let whoever else is where `request` came from be no strangers, where `person` is of a course of today.

    Args:
        request: of somebody who signed in by themself.
        person: who they are.
    """
    if vouches(person, timezone.now()):
        vouch_for_network(network=network_of(request), by=person)


class _Counted:
    """What was counted of a password that turned out to be right, as allauth gives it back."""

    def __init__(self, spent: Sequence[tuple[Limit, tuple[str, ...]]]) -> None:
        self.spent = spent

    def rollback(self) -> None:
        for limit, of in self.spent:
            give_back(limit, *of)


def sign_in_confined(
    request: HttpRequest, person: Person, *, to: Mapping[str, UUID], until: datetime, then: str
) -> HttpResponse:
    """Sign `person` in to a session that reaches one place's pages alone: see accounts/confinement.py.

    Args:
        request: whoever asks is not signed in; what their session held is forgotten.
        person: whom to sign in.
        to: the arguments of addresses that are fixed in it, with their values.
        until: when it ends.
        then: where it leads on.
    """
    request.session.flush()
    # First, so that it is at no moment a session that reaches more.
    confine(request.session, to=to, until=until)
    return perform_login(request, Login(user=person, redirect_url=then, state={CONFINED: True}))
