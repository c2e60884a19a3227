"""The app's name, for Django; what every app holds and tells is found when it starts."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Of every app's tables an export tells, wherever it is made, and the audit log; of the lowest app's
        # first.
        for app in reversed([*apps.get_app_configs()]):
            for room in ("holdings", "audit"):
                if module_has_submodule(app.module, room):
                    import_module(f"{app.name}.{room}")
