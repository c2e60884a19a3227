"""Signing in by an emailed code, in django-allauth's steps: the session holds a sign-in's name, no code."""

from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest

from accounts.actions import HandedIn, WorkNeeded, begin_sign_in
from accounts.forms import SignInForm
from accounts.proof_of_work import Work
from accounts.requesters import requester_of

# What a form carries of work that its device was given: see templates/account/work.html.
TOKEN, ANSWERS = "signing-work", "signing-answers"


def begin(request: HttpRequest, form: SignInForm) -> Work | None:
    """Begin a sign-in in this session, for the address in `form`.

    Args:
        request: a POST; another sign-in that its session had begun is forgotten, and no other.
        form: a valid one.

    Returns:
        Work that the device has to do first; None where the sign-in has begun.
    """
    person, email = form._user, cast(str, form.cleaned_data["email"])
    handed_in = HandedIn(request.POST.get(TOKEN, "")[:1000], request.POST.get(ANSWERS, "")[:1000])
    requester = requester_of(request, email=email)
    try:
        pending, is_sent = begin_sign_in(email=email, person=person, requester=requester, handed_in=handed_in)
    except WorkNeeded as needed:
        return needed.work
    clear_login(request)
    login = Login(user=person, email=email)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state |= LoginCodeVerificationProcess.initial_state(user=person, email=email)
    stage.state |= {
        "initiated_by_user": True,
        "pending": str(pending.uuid),
        "label": pending.code.label,
        "is_long": pending.code.is_long,
        "is_sent": is_sent,
    }
    LoginCodeVerificationProcess(stage=stage).persist()
    return None
