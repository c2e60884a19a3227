"""What goes by the clock waits for no worker longer than until its next message comes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from celery.schedules import maybe_schedule
from django.utils import timezone

from aimcert.celery import app
from aimcert.foundation.models import Heartbeat
from tests.stack import Stack, wait_until


def waiting() -> list[dict[str, Any]]:
    """The headers of each message that waits for the worker, as Redis has them."""
    with app.connection_for_read() as connection:
        messages = connection.default_channel.client.lrange("celery", 0, -1)  # type: ignore[attr-defined]
    return [json.loads(message)["headers"] for message in messages]


def test_every_periodic_message_is_worth_nothing_once_the_next_is_sent() -> None:
    assert app.conf.beat_schedule
    for name, entry in app.conf.beat_schedule.items():
        period = maybe_schedule(entry["schedule"]).run_every.total_seconds()
        # Were it less, a worker that is busy for a moment could find none that counts.
        assert entry["options"]["expires"] == period, name


def test_worker_that_was_out_passes_over_what_waited_by_the_clock(live_stack: Stack) -> None:
    worker = live_stack.worker
    worker.kill()
    wait_until(lambda: len(waiting()) >= 30)
    live_stack.beat.stop()
    late = {each["id"]: each for each in waiting()}
    assert {"foundation.beat", "accounts.sweep_emails"} <= {each["task"] for each in late.values()}
    wait_until(
        lambda: all(datetime.fromisoformat(each["expires"]) < timezone.now() for each in late.values())
    )
    came = timezone.now()
    worker.start()
    live_stack.beat.start()
    # Of what is sent anew it does each; its turn comes after all that waited.
    wait_until(lambda: Heartbeat.objects.filter(name="worker", beat_at__gt=came).exists())
    # The heartbeat's row is there a moment before the log says that its task was done.
    wait_until(lambda: worker.said("succeeded"))
    assert [each["task"] for one, each in late.items() if worker.said(f"[{one}] succeeded")] == []
