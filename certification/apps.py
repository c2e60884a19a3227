"""The app's name, for Django."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"

    def ready(self) -> None:
        # What `courses` is told of earlier results.
        from certification import earlier  # noqa: F401
