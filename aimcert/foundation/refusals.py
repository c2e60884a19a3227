"""Saying no: what an action raises, and the page a person then sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Refused(Exception):
    """An action that cannot be done now, by the right person: answered with 409 and these words.

    Args:
        message: what is wrong and what to do, in words for the person who asked.
    """

    status = 409

    def __init__(self, message: StrOrPromise = "") -> None:
        super().__init__(message)
        self.message = message


def refused_with(refuse: Callable[..., object], *of: object) -> str:
    """The words with which `refuse`, asked `of` these, refuses; "" where it does not."""
    try:
        refuse(*of)
    except Refused as refused:
        return str(refused.message)
    return ""


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


def asks_for_itself(request: HttpRequest) -> bool:
    """Whether a page that is open asks how things are, without anybody having done anything."""
    by_script = asks_for_json(request) or "HX-Request" in request.headers
    return by_script and request.method in ("GET", "HEAD")


def refusal_page(
    request: HttpRequest,
    message: StrOrPromise,
    status: int,
    *,
    state: str = "refused",
    typed: Sequence[str] = (),
) -> HttpResponse:
    """The page that says why not, with a way back; to a script, the same words as JSON.

    Args:
        request: what is refused.
        message: what is wrong and what to do.
        status: the HTTP status.
        state: what a script knows the refusal by.
        typed: what was typed and not taken, to be copied from the page.
    """
    if asks_for_json(request):
        return JsonResponse({"state": state, "message": str(message)}, status=status)
    return render(request, "refused.html", {"message": message, "typed": typed}, status=status)


def keeping_typed(texts: Callable[[QueryDict], list[str]]) -> Callable[[View], View]:
    """Declare of a view that what is typed into its form must not be lost where it cannot be taken.

    Where the form's token is missing or old, the refusal carries these texts, to be copied. A POST of
    somebody who is not signed in reaches the view, which asks them to sign in without losing it.

    Args:
        texts: what somebody typed, out of what was sent.
    """

    def decorate(view: View) -> View:
        view.typed_in = texts  # type: ignore[attr-defined]
        return view

    return decorate


def keeps_typed(view: Any) -> bool:
    """Whether `keeping_typed` was said of `view`."""
    return hasattr(view, "typed_in")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django calls where a form's token is missing or old."""
    words = _("This page was open for too long, or cookies are off. Go back, reload the page and try again.")
    view: Any = request.resolver_match.func if request.resolver_match else None
    typed = view.typed_in(request.POST) if keeps_typed(view) and _is_from_here(request) else []
    typed = [text for text in typed if text.strip()]
    if typed:
        words = _(
            "This page was open for too long, or cookies are off, so nothing was saved. What you typed is"
            " below: copy it, open the page again and paste it there."
        )
    return refusal_page(request, words, 403, state="csrf", typed=typed)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent it: another's could put its own words on the page that says no."""
    sent_by = request.headers.get("Origin") or request.headers.get("Referer", "")
    site = f"{request.scheme}://{request.get_host()}"
    return sent_by == site or sent_by.startswith(f"{site}/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django calls where a request cannot be read: more was sent than is taken, or it is broken."""
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return render(request, "400.html", {"is_too_much": is_too_much}, status=413 if is_too_much else 400)
