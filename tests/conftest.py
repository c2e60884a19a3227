"""What every test stands on: real servers, the application's role on every connection, no network.

Fixtures: `mail_server`, `celery_worker`, `live_stack`; the browser's are in tests/journeys/conftest.py.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import environment

# Before Django's settings load, which read the environment.
environment.prepare()

import django

django.setup()

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.mail.utils import DNS_NAME
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.template.base import Template
from django.test import TransactionTestCase
from django.test.utils import _TestState

from tests.letters import MailServer
from tests.stack import Stack, StackProcess, empty_broker


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    # A worker that inherits this would load the settings before it prepared its own environment.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


# Each test client would list every static file anew. The stack's own processes do as in production.
settings.WHITENOISE_AUTOREFRESH = True


# Playwright's event loop runs in the test's own thread; Django would open a connection of its own for what
# happens inside it, and nobody would close that one.
connections._connections = threading.local()  # type: ignore[assignment]


# Each takes a minute and more: begun last, they would hold up the end of a run.
LONGEST = (
    "tests/rehearsal/test_small_",
    "tests/permissions/test_felt.py",
    # On tables that nobody has filled and emptied yet it takes a fraction of the time.
    "tests/accounts/test_home_statements.py::",
)


# What `make test-fast` leaves to the whole run: the browser, the running stack, and what asks every page or
# sends every form.
OF_THE_WHOLE_RUN = (
    "tests/journeys/",
    "tests/rehearsal/",
    "tests/permissions/",
    "tests/bad_input/",
    "tests/demo/",
    "tests/deployment/",
)
STACK = {"celery_worker", "live_stack", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        if item.nodeid.startswith(OF_THE_WHOLE_RUN) or STACK.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.whole_run)


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_sessionstart(session: pytest.Session) -> None:
    if not environment.WORKER and not session.config.option.collectonly:
        environment.collect_static()


# --- The application's role -------------------------------------------------------------------

_owner_acts = True


def _take_role(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE" if _owner_acts else f"SET ROLE {settings.DATABASE_APP_ROLE}")


def _take_role_when_connected(connection: BaseDatabaseWrapper, **_: Any) -> None:
    _take_role(connection)


connection_created.connect(_take_role_when_connected)


def _switch(owner_acts: bool) -> None:
    global _owner_acts
    _owner_acts = owner_acts
    for each in connections.all(initialized_only=True):
        if each.connection is not None:
            if each.is_usable():
                _take_role(each)
            else:
                each.close()


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the owner of the tables, as only migrating, emptying and purging may."""
    _switch(True)
    try:
        yield
    finally:
        _switch(False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's database is a copy of one that has the tables already."""
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = environment.template_database() or None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, made by the owner; from then on everything is done as the application."""
    with django_db_blocker.unblock():
        _switch(False)
    yield
    with django_db_blocker.unblock():
        _switch(True)


_fill = TransactionTestCase._fixture_setup.__func__  # type: ignore[attr-defined]
# What migrating fills, and no test changes: emptied, it would have to be filled again.
_FILLED = {"django_content_type", "auth_permission"}


def _fill_as_owner(case: type[TransactionTestCase]) -> None:
    with as_owner():
        _fill(case)


def _empty_as_owner(_: TransactionTestCase) -> None:
    """Empty the tables; a process of the stack may hold some of them for a moment, so try thrice."""
    for attempt in (1, 2, 3):
        try:
            with as_owner():
                tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
                wanted = sorted(set(tables) - _FILLED)
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '20s'")
                    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), wanted))
            return
        except DatabaseError:
            if attempt == 3:
                raise
            time.sleep(0.5)


TransactionTestCase._fixture_setup = classmethod(_fill_as_owner)  # type: ignore[attr-defined]
TransactionTestCase._fixture_teardown = _empty_as_owner  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _plain_rendering(django_test_environment: None) -> None:
    """Templates are rendered as in production: nobody asks for the context of each, a copy every time."""
    Template._render = _TestState.saved_data.template_render  # type: ignore[attr-defined]


# --- Signed in by force -------------------------------------------------------------------------


def _proved_just_now(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Whom a test signs in by force has just proved who they are, as by every real way in."""
    if not get_authentication_records(request, user):
        record_authentication(request, user, method="forced")


user_logged_in.connect(_proved_just_now)


# --- The outside: letters, the worker, the whole stack ----------------------------------------


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[MailServer]:
    DNS_NAME._fqdn = "localhost"  # type: ignore[attr-defined]  # else the resolver is asked, at length
    server = MailServer(settings.EMAIL_PORT)
    yield server
    server.stop()


@pytest.fixture
def mail_server(_mail_server: MailServer, settings: Any) -> Iterator[MailServer]:
    """A real mail server, empty, to which this test's letters go over SMTP; `mailoutbox` stays empty."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    _mail_server.start()
    _mail_server.messages.clear()
    yield _mail_server
    _mail_server.release()
    _mail_server.start()  # where a test stopped it


@pytest.fixture(scope="session")
def _stack(django_db_setup: None) -> Iterator[Stack]:
    stack = Stack()
    yield stack
    stack.stop()


@pytest.fixture
def _broker(transactional_db: None) -> Iterator[None]:
    """An empty broker before, and after, so that no old task meets the next test's rows."""
    empty_broker()
    yield
    empty_broker()


@pytest.fixture(autouse=True)
def _nobody_woken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that has no worker wakes none: one that another left running would be at its rows too."""
    if "_stack" not in request.fixturenames:
        monkeypatch.setattr("aimcert.foundation.task_queue._send", lambda *_: None)


@pytest.fixture
def celery_worker(_stack: Stack, _broker: None, mail_server: MailServer) -> StackProcess:
    """A running Celery worker, and no beat beside it: kill, stop, start and restart it.

    It stays for the tests that follow. What a test commits is real, and cleared away afterwards.
    """
    _pause_beat(_stack)
    _stack.worker.start()
    return _stack.worker


@pytest.fixture
def live_stack(_stack: Stack, _broker: None, mail_server: MailServer) -> Iterator[Stack]:
    """The running web server, workers and beat on this test's database; see tests/stack.py."""
    for process in _stack.processes:
        process.start()
    yield _stack
    _pause_beat(_stack)


def _pause_beat(stack: Stack) -> None:
    """Pause beat, which would go on asking for what is due while others test; between two transactions.

    Paused within one, it would hold its tables for good.
    """
    for _ in range(200):
        stack.beat.pause()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%%' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
        if not stack.beat.running:
            return
        stack.beat.start()
        time.sleep(0.05)
    raise AssertionError("beat never was between two transactions")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Show, beside a failure, what the stack's processes last wrote."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("_stack")
    if report.failed and stack is not None:
        for process in stack.processes:
            report.sections.append((f"the end of {process.name}.log", process.tail()))
    return report
