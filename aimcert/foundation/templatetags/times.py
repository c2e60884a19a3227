"""How templates say a time: `{{ at|moment }}`, `{{ at|clock }}`, `{% times_are_those %}`, in every template.

The one way, and where a place may be left out, stands in `aimcert/foundation/times.py`.
"""

from datetime import datetime, tzinfo
from typing import Any

from django import template
from django.utils.translation import gettext as _

from aimcert.foundation.times import said_clock, said_moment, said_place, unbroken

register = template.Library()

# What may stand behind the colon.
_WAYS: dict[str, dict[str, bool]] = {"": {}, "no place": {"place": False}, "seconds": {"seconds": True}}


@register.filter
def moment(at: datetime | None, way: str = "") -> str:
    """The day and the time: "22 November 2026, 14:05 (London time)"; nothing where there is none."""
    said: dict[str, Any] = _WAYS[way]
    return said_moment(at, **said) if at else ""


@register.filter
def clock(at: datetime | None, way: str = "") -> str:
    """The time, and the day where that is not today: "14:05 (London time)"; nothing where there is none."""
    said: dict[str, Any] = _WAYS[way]
    return said_clock(at, **said) if at else ""


@register.simple_tag
def times_are_those(zone: tzinfo | None = None) -> str:
    """Once for a table or a list: "All times are London time."; the current time zone where none is given."""
    return _("All times are %(clock)s.") % {"clock": said_place(zone)}


@register.simple_tag
def whose_clock(zone: tzinfo | None = None) -> str:
    """ "London time": for a field in which somebody types a time, and for the page's scripts."""
    return unbroken(said_place(zone))
