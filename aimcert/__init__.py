"""AIMcert: the project that joins the apps."""

from aimcert.celery import app as celery_app

__all__ = ["celery_app"]
