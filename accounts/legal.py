"""What the legal pages begin with: a model for each, with gaps that only The AIM Project can fill."""

from __future__ import annotations

import re

from django.conf import settings
from django.template.loader import render_to_string

from accounts.states import LegalPage

# A gap says in square brackets what belongs there; a link has its address behind them.
GAP = re.compile(r"\[([^\[\]\n]+)\](?!\()")


def model_text(page: LegalPage) -> str:
    """The text that staff begin with, in Markdown: what this software does by itself is filled in."""
    said = {"aim": settings.AIM, "session_hours": settings.SESSION_COOKIE_AGE // 3600}
    return render_to_string(f"accounts/legal/{page.value}.md", said).strip()


def gaps_in(text: str) -> list[str]:
    """What still has to be filled in, in the order in which it stands there, each once."""
    return list(dict.fromkeys(GAP.findall(text)))
