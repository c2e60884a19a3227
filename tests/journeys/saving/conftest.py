"""Somebody who answers in a browser whose line to the server can be cut.

Fixtures: `enrolment`, `line` (a `proxy.Line`), `claims`, `open_page` (a page of theirs, through the line).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Person
from courses.models import Enrolment
from tests import factories
from tests.journeys.saving.proxy import Line
from tests.journeys.saving.watching import Claims
from tests.stack import Stack

OpenPage = Callable[..., Page]


@pytest.fixture
def enrolment(live_stack: Stack) -> Enrolment:
    """Somebody whose course asks two written questions, now."""
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course, attended=True)


@pytest.fixture
def line(live_stack: Stack) -> Iterator[Line]:
    made = Line(int(live_stack.url.rsplit(":", 1)[1]))
    yield made
    made.close()


@pytest.fixture
def claims(enrolment: Enrolment) -> Claims:
    return Claims(enrolment)


def enter(context: BrowserContext, url: str, person: Person) -> None:
    """Be signed in as `person`, without the letter."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    host = str(urlsplit(url).hostname)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])


@pytest.fixture
def open_page(
    browser: Browser, line: Line, enrolment: Enrolment, claims: Claims
) -> Iterator[Callable[..., Page]]:
    """Opens question 1 in a browser of its own; takes Playwright's context options."""
    contexts, wrong = [], []

    def open_(number: int = 1, **options: Any) -> Page:
        context = browser.new_context(base_url=line.url, locale="en-GB", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        claims.watch(context)
        enter(context, line.url, enrolment.person)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{error}\n{error.stack}"))
        page.goto(question_url(enrolment, number))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


def question_url(enrolment: Enrolment, number: int = 1) -> str:
    return f"/my/{enrolment.uuid}/questions/{number}/"
