"""Names of people and organisations, as typed by anybody in any script."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import OneLineField


class NameField(OneLineField):
    """A name; at most 150 characters unless said otherwise."""

    default_error_messages = {"required": _("Enter a name.")}

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {"label": _("Name"), "max_length": 150}
        super().__init__(**(options | kwargs))
