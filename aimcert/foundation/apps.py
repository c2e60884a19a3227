"""The foundation as a Django app: it owns a few tables and the two database roles."""

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    name = "aimcert.foundation"
    label = "foundation"

    def ready(self) -> None:
        from aimcert.foundation.database_errors import watch
        from aimcert.foundation.languages import leave_out_empty_catalogues

        connection_created.connect(watch)
        for language, _name in settings.LANGUAGES:
            leave_out_empty_catalogues(language)
        # What waits for workers is counted wherever it is asked for, also where no page was opened yet.
        autodiscover_modules("backlog")
