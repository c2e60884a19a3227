"""Asking one route as one role, and seeing whether anything changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import LimitCount, PendingSignIn, Person, VouchedNetwork
from aimcert.foundation.models import Heartbeat
from assessments.models import EntryCode
from certification.models import FollowUp
from courses.models import Enrolment, Nomination
from safeguarding.models import RecordReading
from tests.permissions.world import World

# One sign per answer, in the rows of matrix.py.
SIGNS = {
    **{200: ".", 302: ">", 403: "x", 404: "-", 405: "m", 409: "c"},
    **{422: "e", 400: "b", 503: "!", 304: "="},
}
SIGN_IN = "L"
# By which argument a route is asked about a thing.
ARGUMENTS: dict[type, str] = {Enrolment: "enrolment", Nomination: "nomination", FollowUp: "follow_up"}


def routes() -> Iterator[str]:
    """The name of every route that the project has, with its namespace."""
    return (route for route, _ in _walk(get_resolver().url_patterns, "", {}))


def arguments_of(route: str) -> dict[str, Any]:
    """The converter of each argument in the address of `route`, those of included prefixes too."""
    return dict(_walk(get_resolver().url_patterns, "", {}))[route]


def _walk(
    patterns: list[URLPattern | URLResolver], namespace: str, before: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for pattern in patterns:
        here = before | pattern.pattern.converters
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, here)
        else:
            yield f"{namespace}{pattern.name or pattern.pattern}", here


def path_of(route: str, world: World, about: str) -> str:
    """The address of `route`, its arguments taken from `world`.

    Args:
        route: its name.
        world: what there is.
        about: which of the world's things the route is asked about; "" for the participant's own.
    """
    known: dict[str, object] = {
        "course": world.course.uuid,
        "enrolment": world.enrolment.uuid,
        "nomination": world.nomination.uuid,
        "number": 1,
        "minutes": 5,
        **world.names,
    }
    known |= world.own.get(route, {})
    if about:
        known[ARGUMENTS[type(world.things[about])]] = world.things[about].uuid
    return reverse(route, kwargs={name: known[name] for name in arguments_of(route)})


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def browser_of(world: World, role: str) -> Client:
    """A browser in which `role` is signed in."""
    client = Client(raise_request_exception=False)
    person = world.people[role]
    if person is not None:
        client.force_login(person)
    return client


def ask(client: Client, method: str, path: str, sends: dict[str, str] | None = None) -> HttpResponse:
    """The answer to a GET, or to a POST of an irreversible form's key and of `sends`.

    The browser then has the cookies that it had before, as if it had not asked.
    """
    cookies = deepcopy(client.cookies)
    try:
        if method == "GET":
            return client.get(path)  # type: ignore[return-value]
        form = {"idempotency_key": str(uuid.uuid4()), **(sends or {})}
        return client.post(path, form)  # type: ignore[return-value]
    finally:
        client.cookies = cookies


def sign(response: HttpResponse) -> str:
    """The sign in matrix.py for `response`."""
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return SIGN_IN
    return SIGNS.get(response.status_code, f"[{response.status_code}]")


def state_of_everything(but: Iterable[type[Model]] = ()) -> str:
    """One text that differs if any row of ours differs, those of the models `but` left out.

    Sessions, the counts of limits and the networks of rooms aside, and when all of somebody's sessions
    ended; the wrong tries that a code counts; the heartbeats, which a stack that another test left running
    goes on writing; and that a lead was shown a safeguarding record again, with a form that was refused.
    """
    tables = _tables(frozenset(but))
    row = "SELECT '{0}', count(*), md5(coalesce(string_agg({1}, '|' ORDER BY {1}), '')) FROM {0} t"
    tries = "(to_jsonb(t) - 'wrong_tries' - 'ended_at' - 'ended_because')::text"
    # Who signs out everywhere is led to sign in, as if it were refused.
    texts = {
        EntryCode._meta.db_table: tries,
        PendingSignIn._meta.db_table: tries,
        Person._meta.db_table: "(to_jsonb(t) - 'signed_out_at')::text",
    }
    parts = " UNION ALL ".join(row.format(table, texts.get(table, "t::text")) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(parts)
        return str(cursor.fetchall())


def rows_written() -> int:
    """How many rows of what `state_of_everything` compares this transaction wrote, also what it took back.

    Where it did not grow nothing differs, and PostgreSQL counts it anyway.
    """
    # As pg_stat_xact_user_tables counts them, which works out much beside that for every table there is.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_stat_get_xact_tuples_inserted(t) + pg_stat_get_xact_tuples_updated(t)"
            " + pg_stat_get_xact_tuples_deleted(t)) FROM unnest(%s::regclass[]) t",
            [_tables()],
        )
        return int(cursor.fetchone()[0])


@cache
def _tables(but: frozenset[type[Model]] = frozenset()) -> list[str]:
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label
        in ("foundation", "accounts", "courses", "assessments", "certification", "safeguarding")
        and model not in (Heartbeat, LimitCount, RecordReading, VouchedNetwork, *but)
    )
