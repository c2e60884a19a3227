"""Waking a worker costs whoever waits on the page a second at most, whatever the broker does."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from aimcert.celery import App
from aimcert.foundation import task_queue

SEND = task_queue._send


@pytest.fixture
def frozen() -> Iterator[socket.socket]:
    """A broker that lets everybody in and answers nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def asked(server: socket.socket) -> int:
    """How many connections came since it was last asked."""
    came = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return came
        came += 1


@pytest.mark.whole_run
def test_a_broker_that_does_not_answer_is_asked_once_for_a_whole_course(
    frozen: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = App(set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{frozen.getsockname()[1]}/0"
    monkeypatch.setattr(task_queue, "current_app", app)
    monkeypatch.setattr(task_queue, "_rests_until", 0.0)
    for number in range(30):
        SEND("certification.build_document", (number,))
    assert asked(frozen) == 1
    assert caplog.text.count("task not enqueued") == 30
    # Once it has rested it is asked again.
    monkeypatch.setattr(task_queue, "_rests_until", 0.0)
    SEND("certification.build_document", (30,))
    assert asked(frozen) == 1


def test_who_writes_to_the_broker_is_impatient_and_who_reads_is_not() -> None:
    app = App(set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    # Pools are shared by address, and another test may have sent something with a policy of its own.
    app.conf.broker_url = "redis://127.0.0.1:9/7"
    assert app.connection_for_write().transport_options["socket_timeout"] == 1
    assert app.connection_for_read().transport_options["socket_timeout"] == 5
    with app.pool.acquire() as connection:
        assert connection.transport_options["max_retries"] == 0
