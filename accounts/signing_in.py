"""How django-allauth signs people in here: by invitation only, with letters through our queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.actions import queue_email, remember_device, set_password
from accounts.confinement import confine, confinement_of
from accounts.devices import named_device
from accounts.models import Person

# What allauth may write, by its own names; anything else it tries is an error.
LETTERS = {
    "account/email/login_code": ("sign_in_code", gettext_lazy("Your AIMcert sign-in code")),
    "account/email/unknown_account": ("no_account", gettext_lazy("Signing in to AIMcert")),
}


# What stands in the column where allauth would keep a network address.
NO_ADDRESS = "0.0.0.0"  # noqa: S104  # nosec B104: nobody listens on it


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This is not the code we sent last. Check the email and type it again."
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
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from nominations and invitations only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a letter of allauth's; the same work for an address with an account and one without."""
        template, subject = LETTERS[template_prefix]
        queue_email(
            to=email,
            subject=subject,
            template=template,
            context={
                "code": context.get("code", ""),
                "how_url": settings.SITE_URL + reverse("account_signup"),
            },
            language=get_language() or "en-gb",
        )

    def set_password(self, user: Person, password: str) -> None:
        """Set it through our action, which ends every other session."""
        set_password(person=user, password=password, by=user, keeping=self.request.session.session_key or "")

    def get_login_stages(self) -> list[str]:
        """What stands between a proof and a session; last of all, that nobody was signed out meanwhile."""
        return [*super().get_login_stages(), "accounts.sign_in_stages.NotOvertakenStage"]

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
        told: dict[str, Any] = {"location": redirect_to} if redirect_to else {}
        is_refused = form is not None and request.method == "POST" and not form.is_valid()
        if form is not None:
            told["form"] = self.ajax_response_form(form)
        answer = JsonResponse(told, status=400 if is_refused else 200)
        answer.cookies.update(response.cookies)
        return answer

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Somebody signed in fully: remember the device, unless a trainer's code let them in."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if confinement_of(request) is None:
            remember_device(person=user, device=named_device(request, response), by=user)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account page, which shows that it was done."""
        return reverse("account")

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Only somebody who proved who they are gets here, so they may be told."""
        messages.error(request, _("This account is closed. Ask The AIM Project if that surprises you."))
        return HttpResponseRedirect(reverse("account_login"))


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
    return perform_login(request, Login(user=person, redirect_url=then))
