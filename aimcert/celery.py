"""The Celery app: how background work is queued, and what runs by the clock."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aimcert.settings")

app = Celery("aimcert")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")
# What waits, which beat tells Prometheus of.
app.autodiscover_tasks(related_name="backlog")
