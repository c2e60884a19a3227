"""Steps of a sign-in that differ from allauth's: the second step, and the last of all."""

from __future__ import annotations

from allauth.account.stages import LoginStage
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

CONFINED = "confined"


class SecondStepStage(AuthenticateStage):
    """Asks for the second step, unless a trainer's code lets somebody in to their one place.

    The trainer has them before them; what makes their codes may lie at home. This sign-in itself says so:
    a session that is confined already says nothing about who signs in to it next.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        return CONFINED not in self.login.state and bool(super()._should_handle(request))


class NotOvertakenStage(LoginStage):
    """Refuses a sign-in that is older than the person's last signing out of every device."""

    key = "not_overtaken"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Go on, or begin again: whether the sign-in goes on."""
        if self.login.user.was_signed_out_after(self.login.initiated_at):
            messages.error(self.request, _("You were signed out meanwhile. Sign in again."))
            return redirect("account_login"), False
        return None, True
