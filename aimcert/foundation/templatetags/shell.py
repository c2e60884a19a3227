"""`{% load shell %}`: the frame of every page, and what it needs from the settings."""

from datetime import datetime, tzinfo
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aimcert.foundation.times import said_moment

register = template.Library()


@register.simple_tag
def frame(name: str) -> SafeString:
    """A part of the frame that is the same for everybody: `templates/frame/<name>.html`.

    Written once for each process and language: looking up its addresses, static files and
    translations anew cost more than a whole verification.
    """
    return _written(name, language_code())


@cache
def _written(name: str, language: str) -> SafeString:
    values = {"support_email": support_email(), "demo": settings.DEMO}
    return render_to_string(f"frame/{name}.html", values)


@register.simple_tag
def language_code() -> str:
    """The language in which this page is written, such as "en-gb"."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag
def as_it_stood() -> SafeString:
    """When the page was written, for who reads it on paper."""
    minute = timezone.now().replace(second=0, microsecond=0)
    return _stood(minute, timezone.get_current_timezone(), language_code())


@lru_cache(maxsize=64)
def _stood(minute: datetime, zone: tzinfo, language: str) -> SafeString:
    # Each page says it, so it is said once for a minute.
    words = _("As it stood on %(when)s") % {"when": said_moment(minute, zone)}
    return format_html('<p class="print-only">{}</p>', words)


@register.simple_tag
def whose(person: Any) -> SafeString:
    """The attribute that tells the page's scripts who is signed in."""
    return format_html('data-person="{}"', person.uuid)


@register.simple_tag
def support_email() -> str:
    """Where people ask The AIM Project for help or for an adjustment."""
    return settings.AIM["SUPPORT_EMAIL"]
