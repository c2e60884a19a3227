"""Every response says what a browser may not do with it: pages, files, refusals and errors."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.templatetags.static import static
from django.test import Client

from tests.stack import Stack

ASKED = {
    "a page": (b"GET /account/sign-in/", 200),
    "one that leads on": (b"GET /account/", 302),
    "a page's head alone": (b"HEAD /verify/", 200),
    "a style sheet": (b"GET " + static("css/site.css").encode(), 200),
    "what is not there": (b"GET /static/none.css", 404),
    "no address": (b"GET /none/", 404),
    "a form without its token": (b"POST /account/sign-in/", 403),
    "a sign of life": (b"GET /healthz", None),
    "robots": (b"GET /robots.txt", 200),
}


def answer(url: str, line: bytes, host: bytes = b"") -> tuple[int, dict[str, str]]:
    """The status and headers of a real response, their names in lower case."""
    where = urlsplit(url)
    host = host or f"{where.hostname}:{where.port}".encode()
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(line + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
        came = b"".join(iter(lambda: connection.recv(65536), b""))
    status, *lines = came.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    return int(status.split()[1]), headers


def check(headers: dict[str, str]) -> None:
    assert "camera=()" in headers["permissions-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_every_response_of_the_server_has_them(live_stack: Stack) -> None:
    for what, (line, expected) in ASKED.items():
        status, headers = answer(live_stack.url, line)
        assert expected in (status, None), what
        check(headers)
    status, headers = answer(live_stack.url, b"GET /", host=b"another.example")
    assert status == 400
    check(headers)


@pytest.mark.django_db
def test_error_of_ours_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("certification.views.verification.render", broken)
    answer = Client(raise_request_exception=False).get("/verify/")
    assert answer.status_code == 500
    check({name.lower(): value for name, value in answer.headers.items()})
