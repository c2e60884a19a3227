"""`{% load prose %}{{ text|prose }}`: a version's text as paragraphs and lists; `|prose:4` below an h3."""

from django import template
from django.utils.safestring import SafeString

from aimcert.foundation.prose import HIGHEST, prose

register = template.Library()


@register.filter("prose")
def as_prose(text: str, highest: int = HIGHEST) -> SafeString:
    """`text` as HTML, its highest headings at level `highest`."""
    return prose(text, highest=highest)
