"""Metrics: counted by all children together, served apart from the pages, and without anybody's secret."""

from __future__ import annotations

import os
import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client import values
from prometheus_client.parser import text_string_to_metric_families

from accounts.actions import queue_email
from accounts.models import OutgoingEmail
from aimcert.foundation.backlog import backlogs
from aimcert.foundation.metrics import REQUESTS, Waiting
from aimcert.foundation.metrics_server import serve_metrics
from tests.letters import MailServer
from tests.stack import Stack, wait_until

OPERATIONS = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text()
# What an invitation's token, or a certificate's code, might be.
SECRET = "Zk4-secret-that-no-label-holds"
ROUTE = "/verify/<path:code>/"

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(url: str) -> Samples:
    """Every sample that is served there, by its name and labels."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }


def serves(url: str) -> bool:
    """Whether metrics are served there already."""
    try:
        return bool(scraped(url))
    except urllib.error.URLError:
        return False


def asked(samples: Samples, route: str) -> float:
    """How many requests of `route` were counted."""
    return sum(
        value
        for (name, labels), value in samples.items()
        if name == "aimcert_requests_total" and ("route", route) in labels
    )


def ask(url: str) -> None:
    """Ask for a page, whatever it answers."""
    with suppress(urllib.error.HTTPError):
        urllib.request.urlopen(url, timeout=120).close()


@pytest.mark.django_db(transaction=True)
def test_requests_are_counted_by_all_workers_together_and_outlive_them(live_stack: Stack) -> None:
    at, page = live_stack.metrics["web"], f"{live_stack.url}/verify/{SECRET}/"
    ask(page)
    before = asked(scraped(at), ROUTE)
    for _ in range(12):
        ask(page)
    assert asked(scraped(at), ROUTE) == before + 12
    master = live_stack.web.process
    assert master is not None
    children = Path(f"/proc/{master.pid}/task/{master.pid}/children")
    old = children.read_text().split()
    for child in old:
        os.kill(int(child), signal.SIGKILL)
    wait_until(lambda: len(set(children.read_text().split()) - set(old)) == len(old))
    ask(page)
    assert asked(scraped(at), ROUTE) == before + 13
    # Their successors count on in the files of the dead, which have the lowest numbers and no process's id.
    folder = Path(os.environ["AIMCERT_VAR"]) / "metrics" / at.rsplit(":")[-1].split("/")[0]
    numbers = {int(path.stem.split("_")[1]) for path in folder.glob("counter_*.db")}
    assert numbers
    assert max(numbers) <= 2 * len(old)


@pytest.mark.django_db(transaction=True)
def test_labels_hold_nothing_of_an_address_and_pages_no_metrics(live_stack: Stack) -> None:
    for path in (
        f"/verify/{SECRET}/",
        reverse("courses:invitation", args=[SECRET]),
        f"/{SECRET}",
        "/metrics",
    ):
        ask(live_stack.url + path)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{live_stack.url}/metrics", timeout=30)
    with urllib.request.urlopen(live_stack.metrics["web"], timeout=10) as answer:
        text = answer.read().decode()
    assert SECRET not in text
    assert ROUTE in text
    assert 'route="no route"' in text


@pytest.mark.django_db(transaction=True)
def test_tasks_are_counted_where_they_run(live_stack: Stack, mail_server: MailServer) -> None:
    queue_email(to="x@people.example", subject="x", template="sign_in_code", context={"code": "1234"})
    mail_server.wait_for("x@people.example")
    name = "aimcert_tasks_total"
    sent = frozenset({("task", "accounts.send_urgent_email"), ("state", "success")})
    wait_until(lambda: scraped(live_stack.metrics["urgent"]).get((name, sent), 0) >= 1)
    assert (name, sent) not in scraped(live_stack.metrics["worker"])
    swept = frozenset({("task", "accounts.sweep_emails"), ("state", "success")})
    wait_until(lambda: scraped(live_stack.metrics["worker"]).get((name, swept), 0) >= 1)


def told() -> dict[tuple[str, str], float]:
    """What PostgreSQL is asked for, by its name and its one label."""
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in Waiting().collect()
        for sample in family.samples
    }


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_told_in_as_many_statements_whatever_waits(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        assert told()["aimcert_backlog_waiting", "letters"] == 0
    for number in range(3):
        letter = queue_email(to="x@people.example", subject="x", template="password_set")
        OutgoingEmail.objects.filter(pk=letter.pk).update(
            attempts=16 if number else 1,
            last_error=f"Error{number}",
            created_at=timezone.now() - timedelta(minutes=2),
        )
    with django_assert_num_queries(7):
        found = told()
    assert found["aimcert_database_up", ""] == 1
    of_letters = {name: value for (name, kind), value in found.items() if kind == "letters"}
    oldest = of_letters.pop("aimcert_backlog_oldest_seconds")
    assert 120 <= oldest < 900
    assert of_letters == {
        "aimcert_backlog_waiting": 1,
        "aimcert_backlog_failing": 1,
        "aimcert_backlog_given_up": 2,
        "aimcert_backlog_late": 0,
    }
    assert {kind for name, kind in found if name == "aimcert_backlog_late"} == {
        each.kind for each in backlogs()
    }


@pytest.mark.django_db(transaction=True)
def test_database_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", "9")
        assert told() == {("aimcert_database_up", ""): 0}
    assert told()["aimcert_database_up", ""] == 1


def test_port_that_is_taken_stops_nobody(
    settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    before = values.ValueClass
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.METRICS_PORT, settings.VAR_DIR = taken.getsockname()[1], tmp_path
        serve_metrics("web")
    assert "metrics are not served" in caplog.text
    # What is in the folder is another's, whoever has the port.
    assert (values.ValueClass, [*tmp_path.iterdir()]) == (before, [])


@pytest.mark.django_db
def test_method_that_somebody_made_up_gets_no_series_of_its_own() -> None:
    Client().generic("BREW", "/robots.txt")
    labels = [sample.labels for family in REQUESTS.collect() for sample in family.samples]
    assert "other" in {each["method"] for each in labels if each["route"] == "/robots.txt"}
    assert "BREW" not in {each["method"] for each in labels}


# --- The alerts that docs/operations.md proposes ------------------------------------------------


def parts_of(expression: Any) -> Iterator[Any]:
    """`expression` and all that it is made of."""
    yield expression
    for name in ("lhs", "rhs", "expr", "param", "vector_selector"):
        if (part := getattr(expression, name, None)) is not None:
            yield from parts_of(part)
    for part in getattr(expression, "args", None) or ():
        yield from parts_of(part)


def labels_named(expression: Any) -> set[str]:
    """The labels that an aggregation keeps or a comparison matches by."""
    modifier = getattr(expression, "modifier", None)
    matching = getattr(modifier, "matching", None) or modifier
    return set(getattr(matching, "labels", None) or ())


def alive(stack: Stack) -> set[str]:
    """The processes whose signs of life are served."""
    told = [
        labels for name, labels in scraped(stack.metrics["beat"]) if name == "aimcert_sign_of_life_seconds"
    ]
    return {value for labels in told for label, value in labels if label == "process"}


@pytest.mark.django_db(transaction=True)
def test_alerts_name_metrics_and_labels_that_are_exposed(live_stack: Stack, mail_server: MailServer) -> None:
    ask(f"{live_stack.url}/robots.txt")
    queue_email(to="x@people.example", subject="x", template="sign_in_code", context={"code": "1234"})
    mail_server.wait_for("x@people.example")
    urgent = live_stack.metrics["urgent"]
    wait_until(lambda: any(name == "aimcert_tasks_total" for name, _ in scraped(urgent)))
    wait_until(lambda: serves(live_stack.metrics["beat"]))
    # A test before this one may have taken the signs of life away with its rows.
    processes = {"beat", "urgent", "worker"}
    wait_until(lambda: alive(live_stack) >= processes)
    exposed: dict[str, dict[str, set[str]]] = {"up": {"job": {"aimcert"}, "instance": set()}}
    for url in live_stack.metrics.values():
        for name, labels in scraped(url):
            for label, value in labels:
                exposed.setdefault(name, {}).setdefault(label, set()).add(value)
            exposed.setdefault(name, {})
    [rules] = [
        yaml.safe_load(block)
        for block in re.findall(r"```yaml\n(.*?)```", OPERATIONS, re.DOTALL)
        if "alert:" in block
    ]
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in alerts}) == len(alerts) >= 5
    for rule in alerts:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["annotations"]["summary"]
        named: set[str] = set()
        selected = 0
        for part in parts_of(promql_parser.parse(rule["expr"])):
            named |= labels_named(part)
            if isinstance(part, promql_parser.VectorSelector):
                selected += 1
                assert part.name in exposed, f"{rule['alert']}: no process serves {part.name}"
                labels = exposed[part.name]
                for matcher in part.matchers.matchers:
                    assert matcher.name in labels, f"{rule['alert']}: {part.name} has no {matcher.name}"
                    if matcher.name in ("kind", "process", "task", "job"):
                        assert set(matcher.value.split("|")) <= labels[matcher.name]
        assert selected
        assert named <= {label for labels in exposed.values() for label in labels}
