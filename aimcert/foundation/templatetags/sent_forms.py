"""`{% load sent_forms %}{% idempotency_key %}`: what a form sent to a `@sent_once` view carries."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aimcert.foundation.sent_forms import FIELD

register = template.Library()


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden input with a key that is new each time the form is drawn."""
    # Without autocomplete="off" Firefox puts a reloaded page's old, perhaps spent, key back.
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, uuid4())
