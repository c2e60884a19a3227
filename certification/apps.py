"""The app's name, for Django."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"

    def ready(self) -> None:
        # What `courses` is told of earlier results, by what certificates are drawn, which kinds
        # of report there are.
        from certification import designs, earlier, reports  # noqa: F401
