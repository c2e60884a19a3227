"""Email addresses as AIMcert keeps them: one spelling for one mailbox, so that nobody gets two accounts."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import TOO_LONG, is_readable, shown


def normalised(address: str) -> str:
    """`address` trimmed and in lower case, an international domain written as mail servers write it.

    Args:
        address: what somebody typed.

    Returns:
        ASCII after the last `@`, so that PostgreSQL and Python agree on its lower case.

    Raises:
        UnicodeError: the domain cannot be written so.
    """
    address = unicodedata.normalize("NFKC", address).strip()
    mailbox, at, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return f"{mailbox}{at}{domain}".lower()


class AddressField(forms.EmailField):
    """An email address, in AIMcert's one spelling."""

    default_error_messages = {
        "required": _("Enter an email address."),
        "invalid": _("Enter an email address in the form name@example.org."),
        "max_length": TOO_LONG,
    }

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {
            "label": _("Email address"),
            "max_length": 254,
            "widget": forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        }
        super().__init__(**(options | kwargs))

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        try:
            if is_readable(text):
                return normalised(text)
        except UnicodeError:
            pass
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def bound_data(self, data: Any, initial: Any) -> Any:
        return shown(data) if isinstance(data, str) else data
