"""Email addresses as AIMcert keeps them: one spelling for one mailbox, so that nobody gets two accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import HIDDEN, TOO_LONG, is_readable, redisplayed
from aimcert.foundation.typed import mailbox, turning


def normalised(address: str) -> str:
    """`address` as it was meant, in lower case, an international domain written as mail servers write it.

    Args:
        address: what somebody typed.

    Returns:
        ASCII after the last `@`, so that PostgreSQL and Python agree on its lower case.

    Raises:
        UnicodeError: the domain cannot be written so.
    """
    local, at, domain = mailbox(address).rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return f"{local}{at}{domain}".lower()


class AddressField(forms.EmailField):
    """An email address, in AIMcert's one spelling."""

    default_error_messages = {
        "required": _("Enter an email address."),
        "invalid": _("Enter an email address in the form name@example.org."),
        "max_length": TOO_LONG,
        "hidden": HIDDEN,
        "turned": _(
            "This address holds a hidden character that turns text around (%(code)s). Delete the address,"
            " and type it by hand."
        ),
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
        if not is_readable(text):
            raise ValidationError(self.error_messages["hidden"], code="hidden")
        if code := turning(text):
            raise ValidationError(self.error_messages["turned"], code="turned", params={"code": code})
        try:
            return normalised(text)
        except UnicodeError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return redisplayed(data) if isinstance(data, str) else data
