"""Saying no: what an action raises, and the page a person then sees."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


class Refused(Exception):
    """An action that cannot be done now, by the right person: answered with 409 and these words.

    Args:
        message: what is wrong and what to do, in words for the person who asked.
    """

    status = 409

    def __init__(self, message: Any = "") -> None:
        super().__init__(message)
        self.message = message


def must(user: Any, permission: str, thing: Any = None) -> None:
    """Go on only if `user` has `permission` on `thing`.

    Args:
        user: who asks.
        permission: a member of an app's permission enum.
        thing: a row that `.visible_to(user)` already gave; a stranger's row was a 404 before.

    Raises:
        PermissionDenied: a wrong role on something that one may see (403).
    """
    if not user.has_perm(permission, thing):
        raise PermissionDenied


def asks_for_json(request: HttpRequest) -> bool:
    """Whether a script asks, that wants no page."""
    return request.headers.get("Accept") == "application/json"


def refusal_page(request: HttpRequest, message: Any, status: int, *, state: str = "refused") -> HttpResponse:
    """The page that says why not, with a way back; to a script, the same words as JSON.

    Args:
        request: what is refused.
        message: what is wrong and what to do.
        status: the HTTP status.
        state: what a script knows the refusal by.
    """
    if asks_for_json(request):
        return JsonResponse({"state": state, "message": str(message)}, status=status)
    return render(request, "refused.html", {"message": message}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django calls where a form's token is missing or old."""
    return refusal_page(
        request,
        _("This page was open for too long, or cookies are off. Go back, reload the page and try again."),
        403,
        state="csrf",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django calls where a request cannot be read: more was sent than is taken, or it is broken."""
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return render(request, "400.html", {"is_too_much": is_too_much}, status=413 if is_too_much else 400)
