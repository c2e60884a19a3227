"""The app's name, for Django."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"

    def ready(self) -> None:
        # What `courses` is told of earlier results, and which kinds of report there are.
        from certification import earlier, reports  # noqa: F401
