"""The Celery app: how background work is queued, and what runs by the clock."""

import os
from typing import Any

from celery import Celery
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aimcert.settings")

# Somebody waits on a page while a worker is woken: one attempt, of a second. Who reads is patient.
WRITING = {"max_retries": 0, "socket_timeout": 1, "socket_connect_timeout": 1, "retry_on_timeout": False}


class App(Celery):
    """Celery's app, which gives up at once where the broker does not take what it is told."""

    def connection_for_write(self, url: str | None = None, *args: Any, **options: Any) -> Connection:
        """A connection to send messages over."""
        transport = {**WRITING, **(options.pop("transport_options", None) or {})}
        return super().connection_for_write(url, *args, transport_options=transport, **options)


app = App("aimcert")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")
# What waits, which beat tells Prometheus of.
app.autodiscover_tasks(related_name="backlog")
