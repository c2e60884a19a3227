"""The foundation as a Django app: it owns a few tables and the two database roles."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    name = "aimcert.foundation"
    label = "foundation"

    def ready(self) -> None:
        from aimcert.foundation.database_errors import watch

        connection_created.connect(watch)
        # What waits for workers is counted wherever it is asked for, also where no page was opened yet.
        autodiscover_modules("backlog")
