"""What happens around every request: it came whole, what is private is not stored, who acts, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import uuid4

import pghistory
import structlog
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django_structlog.middlewares import RequestMiddleware

from aimcert.foundation.logs import route_of
from aimcert.foundation.pages import status_of
from aimcert.foundation.refusals import Refused, asks_for_json, keeps_typed, refusal_page

GetResponse = Callable[[HttpRequest], HttpResponse]


class BrowserLimitsMiddleware:
    """Says on every response, static files and errors included, what a browser may not do with it.

    It stands first, so that nothing answers without it. Django and django-csp say the rest.
    """

    # What no page of ours asks for. Signing in with a passkey is not here.
    NOT_USED = (
        "accelerometer", "bluetooth", "camera", "display-capture", "geolocation", "gyroscope", "hid",
        "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
        "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )  # fmt: skip
    HEADERS = {
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOT_USED),
        # No other site embeds a page, a picture or a file of ours.
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response[name] = value
        return response


class SignedInMiddleware(LoginRequiredMiddleware):
    """Signed in everywhere but on public pages, which read no session: Django's own reads it for all."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if asks_for_json(request) and not request.user.is_authenticated:
            return JsonResponse({"state": "signed_out"}, status=401)
        if "HX-Request" in request.headers and not request.user.is_authenticated:
            return _to_sign_in(request)
        if request.method == "POST" and keeps_typed(view_func):
            # It asks for signing in by itself, without losing what was typed.
            return None
        if request.path == "/" and not request.user.is_authenticated:
            # Nobody was on their way anywhere: first they are told what this is.
            return redirect(settings.WELCOME_URL)
        return super().process_view(request, view_func, view_args, view_kwargs)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead a page that asks by itself away: the sign-in page must not stand in a part of it.

    So what a shared screen showed does not stay on it either.
    """
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    then = urlunsplit(("", "", here.path, here.query, "")) or request.path
    query = urlencode({REDIRECT_FIELD_NAME: then})
    return HttpResponse(status=401, headers={"HX-Redirect": f"{resolve_url(settings.LOGIN_URL)}?{query}"})


class WholeRequestMiddleware:
    """Refuses what was cut off on its way: the server hands on whatever came before the connection ended.

    Half a form is a form too, and half an answer would be kept as if its author had ended there.
    What is larger than a request may be in memory is a file, and not looked at here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and 0 < int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            try:
                came = len(request.body)
            except UnreadablePostError:
                came = 0
            if came < int(length):
                raise BadRequest("The request did not arrive whole.")
        return self.get_response(request)


class NoStoreMiddleware:
    """Signed-in pages are never stored by a browser or a proxy: training rooms share devices."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Reading `request.user` would read the session where the page itself did not.
        if "Cache-Control" not in response.headers and request.session.accessed:
            add_never_cache_headers(response)
        return response


class HistoryMiddleware:
    """Says who acts, by id alone, to the history that PostgreSQL writes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with pghistory.context(actor=request.user.pk):
            return self.get_response(request)


class RefusalMiddleware:
    """Turns an action's refusal into a page with its words, at its status; allauth's forms likewise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refusal_page(request, exception.message, exception.status)
        return None

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if response.status_code == 200:
            response.status_code = status_of(response.context_data or {})
        return response


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request by its method and route, once it was answered: one line, with how.

    A path may be an invitation's token or a certificate's code, which no log holds. What is refused after
    the answer is logged by Django, so the request itself keeps the id by which its lines belong together.
    """

    def prepare(self, request: HttpRequest) -> None:
        """Begin with the id alone: that it came is said with how it was answered."""
        request.log_id = str(uuid4())  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=request.log_id)  # type: ignore[attr-defined]

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        if request.resolver_match is None:
            # It was answered before anybody looked for its route.
            try:
                return f"{request.method} /{resolve(request.path_info).route}"
            except Resolver404:
                pass
        return f"{request.method} {route_of(request)}"
