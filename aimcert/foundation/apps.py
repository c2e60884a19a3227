"""The foundation as a Django app: it owns a few tables and the two database roles."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "aimcert.foundation"
    label = "foundation"
