"""The last step of every sign-in: what was begun before its person was signed out comes to nothing."""

from __future__ import annotations

from allauth.account.stages import LoginStage
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class NotOvertakenStage(LoginStage):
    """Refuses a sign-in that is older than the person's last signing out of every device."""

    key = "not_overtaken"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Go on, or begin again: whether the sign-in goes on."""
        if self.login.user.was_signed_out_after(self.login.initiated_at):
            messages.error(self.request, _("You were signed out meanwhile. Sign in again."))
            return redirect("account_login"), False
        return None, True
