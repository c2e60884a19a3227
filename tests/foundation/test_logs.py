"""Logs tell an operator what happened, and hold no token, code, name, address or text of anybody's."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from aimcert.foundation.logs import EXTRA, error_code, formatter
from tests import factories
from tests.architecture.test_habits import SOURCES
from tests.permissions.asking import arguments_of, routes
from tests.stack import Stack, StackProcess

SECRET = "planted-5ecret-0F-somebody"
PLANTED = {"str": SECRET, "slug": SECRET, "path": f"{SECRET}/{SECRET}", "int": 918273645}
PLANTED_ID = UUID("5ec2e7ed-5ec2-4e7e-85ec-2e7ed5ec2e7e")


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What any logger says meanwhile, written as in production."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield written
    finally:
        root.removeHandler(handler)


def lines(written: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.splitlines()]


def planted_in(route: str) -> dict[str, Any]:
    """A planted value for each argument of `route`."""
    found: dict[str, Any] = {}
    for name, converter in arguments_of(route).items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        found[name] = PLANTED.get(kind, PLANTED_ID)
    return found


def path_of(route: str) -> str:
    given = planted_in(route)
    for value in (None, "1"):
        # A converter of our own takes other texts.
        try:
            return reverse(route, kwargs={key: value or each for key, each in given.items()})
        except NoReverseMatch:
            continue
    raise AssertionError(route)


@pytest.mark.whole_run
@pytest.mark.django_db
def test_no_route_brings_what_it_carries_into_a_log() -> None:
    admin = factories.admin()
    with everything_logged() as written:
        for signed_in in (False, True):
            client = Client(raise_request_exception=False, enforce_csrf_checks=True)
            if signed_in:
                client.force_login(admin)
            for route in routes():
                path = path_of(route)
                for answer in (
                    client.get(path, {"code": SECRET}, headers={"referer": f"https://x.example/{SECRET}"}),
                    client.post(path, {"text": SECRET}, headers={"origin": f"https://{SECRET}.example"}),
                    client.get(f"{path}{SECRET}"),
                ):
                    assert answer.status_code < 600
        client.get("/", headers={"host": f"{SECRET}.example"})
    text = written.getvalue()
    assert SECRET.lower() not in text.lower()
    assert str(PLANTED_ID) not in text
    assert "918273645" not in text
    said = lines(text)
    assert all({"timestamp", "level", "logger", "event"} <= set(line) for line in said)
    assert {"GET /verify/<path:code>/", "POST /courses/invitations/<str:token>/", "GET no route"} <= {
        line.get("request") for line in said
    }
    refused = [line for line in said if line["event"] == "request refused"]
    assert {"django.request", "django.security.csrf", "django.security.DisallowedHost"} <= {
        line["logger"] for line in refused
    }
    assert all(line.get("request_id") for line in refused)


def test_request_has_one_line_of_its_own(db: None) -> None:
    with everything_logged() as written:
        Client().get("/robots.txt")
        Client().get("/nowhere/")
    said = lines(written.getvalue())
    own = [line for line in said if line["event"].startswith("request_")]
    assert [(line["event"], line["code"]) for line in own] == [
        ("request_finished", 200),
        ("request_finished", 404),
    ]
    first, second = (line["request_id"] for line in own)
    assert first != second
    assert {line["request_id"] for line in said if line["event"] == "request refused"} == {second}


def test_line_has_when_how_grave_whose_ids_and_which_error() -> None:
    with everything_logged() as written:
        logging.getLogger("certification").warning(
            "document not built", extra={"document": 7, "error": "OSError ENOSPC", "name_of_somebody": "Zoë"}
        )
    [line] = lines(written.getvalue())
    assert (line["event"], line["level"], line["logger"]) == (
        "document not built",
        "warning",
        "certification",
    )
    assert (line["document"], line["error"]) == (7, "OSError ENOSPC")
    assert re.match(r"\d{4}-\d\d-\d\dT", line["timestamp"])
    # As JSON has it, no name with an accent would stand there as it is written.
    assert "Zoë" not in str(line)


def test_error_is_told_by_its_class_and_where_it_was_raised() -> None:
    with everything_logged() as written:
        try:
            try:
                int("Zoë O’Neill")
            except ValueError as error:
                raise RuntimeError("Zoë O’Neill's answer") from error
        except RuntimeError:
            logging.getLogger("django.dispatch").exception(
                "Error for %s (%s)", "x@people.example", ValueError("Zoë")
            )
    [line] = lines(written.getvalue())
    assert (line["error"], line["cause"]) == ("RuntimeError", "ValueError")
    assert "test_logs.py" in line["at"][0]
    assert "Zoë" not in str(line)
    assert "people.example" not in str(line)


FAILED_TASK = {"name": "a.b", "id": "1", "description": "raised unexpected", "exc": f"ValueError('{SECRET}')"}


@pytest.mark.parametrize(
    ("logger", "message", "given", "event"),
    [
        ("gunicorn.error", "Error handling request %s %s", ("GET", f"/verify/{SECRET}/"), "Error handling request GET /…"),
        ("gunicorn.error", f"Invalid request from ip=10.0.0.1: 'GET /{SECRET}'", (), "a request that is none was refused"),
        ("gunicorn.error", "Booting worker with pid: %s", (4711,), "Booting worker with pid: 4711"),
        ("gunicorn.access", "%(r)s", ({"r": f"GET /{SECRET}", "s": "200", "m": "GET"},), "answered"),
        ("celery.worker", "Task %(name)s got %(args)s", ({"name": "a.b", "args": SECRET},), "Task a.b got …"),
        ("celery.app.trace", "Task %(name)s[%(id)s] %(description)s: %(exc)s", (FAILED_TASK,), "Task a.b[1] raised unexpected: …"),
        ("celery.worker", "Cannot connect to %s: %s", (f"redis://:{SECRET}@redis:6379//", ConnectionError(SECRET)), "Cannot connect to /… ConnectionError"),
        ("any", f"100% of https://aimcert.example/{SECRET}", (), "100% of /…"),
        ("any", f"Written to {SECRET}@people.example", (), "Written to …"),
    ],
)  # fmt: skip
def test_library_says_what_happened_without_what_it_was_about(
    logger: str, message: str, given: tuple[Any, ...], event: str
) -> None:
    with everything_logged() as written:
        logging.getLogger(logger).error(message, *given)
    [line] = lines(written.getvalue())
    assert line["event"] == event
    assert SECRET not in written.getvalue()


def test_error_has_the_code_that_its_library_gives() -> None:
    assert error_code(OSError(28, "No space left on device", "/srv/files/ab")) == "OSError ENOSPC"
    assert error_code(smtplib.SMTPDataError(554, b"x@people.example")) == "SMTPDataError 554"
    refused = smtplib.SMTPRecipientsRefused({"x@people.example": (550, b"no such person")})
    assert error_code(refused) == "SMTPRecipientsRefused 550"
    assert error_code(ValueError("Zoë")) == "ValueError"


def test_what_our_own_lines_carry_is_on_the_list() -> None:
    """`extra` that is not on the list would be left out without a word."""
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("logger."):
                for keyword in call.keywords:
                    if keyword.arg == "extra":
                        assert isinstance(keyword.value, ast.Dict), path
                        names = {ast.literal_eval(key) for key in keyword.value.keys if key}
                        assert names <= set(EXTRA), f"{path.name} logs {names - set(EXTRA)}"


def said_since(process: StackProcess, start: int) -> str:
    return process.log.read_bytes()[start:].decode()


def test_running_server_logs_no_path(live_stack: Stack) -> None:
    where = urlsplit(live_stack.url)
    start = live_stack.web.log.stat().st_size
    for head in (
        f"GET /courses/invitations/{SECRET}/ HTTP/1.1\r\nHost: {where.netloc}",
        f"POST /verify/{SECRET}/ HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: 0",
        f"POST /verify/{SECRET}/ HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: 99\r\nConnection: close",
        f"GET /none/{SECRET} HTTP/1.1\r\nHost: {SECRET}.example",
        f"GET /verify/{SECRET}/ HTTP/nine",
        f"{SECRET}",
    ):
        with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
            connection.sendall(head.encode() + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            connection.recv(100)
    deadline = time.monotonic() + 30
    while "request that is none" not in said_since(live_stack.web, start) and time.monotonic() < deadline:
        time.sleep(0.05)
    text = said_since(live_stack.web, start)
    assert SECRET.lower() not in text.lower()
    assert "request that is none" in text
    assert all({"timestamp", "level", "event"} <= set(line) for line in lines(text))
