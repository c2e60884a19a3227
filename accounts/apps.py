"""The app's name, for Django; what every app holds about somebody is found when it starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # An export tells of every app's tables, wherever it is made.
        autodiscover_modules("holdings")
