"""`{% load sent_forms %}`: the key of a form sent to a `@sent_once` view; taking back what was done."""

from typing import Any
from uuid import uuid4

from django import template
from django.contrib.messages.storage.base import Message
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aimcert.foundation.sent_forms import FIELD
from aimcert.foundation.undoing import undo_of

register = template.Library()


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden input with a key that is new each time the form is drawn."""
    # Without autocomplete="off" Firefox puts a reloaded page's old, perhaps spent, key back.
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, uuid4())


@register.inclusion_tag("components/undo.html", takes_context=True)
def undo(context: dict[str, Any], message: Message) -> dict[str, Any]:
    """The way to take back what `message` says was done; nothing where there is none."""
    return {"undo": undo_of(message), "csrf_token": context.get("csrf_token")}
