"""Images as staff upload them for certificates."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 80">
<defs><linearGradient id="a"><stop offset="0" stop-color="#1c5a54"/><stop offset="1" stop-color="#9fb9aa"/>
</linearGradient></defs><circle cx="40" cy="40" r="38" fill="url(#a)"/>
<path d="M100 60L120 20L140 60h-9l-4-9h-14l-4 9zM155 20h10v40h-10z" fill="#12423e"/></svg>"""

SIGNATURE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 90">
<path d="M10 70C40 10 60 5 55 45S20 80 60 60 100 30 95 55 120 70 130 50 150 35 145 60 205 60 290 40"
fill="none" stroke="#1b2a4a" stroke-width="3"/></svg>"""


def png(width: int, height: int, **options: Any) -> bytes:
    """A PNG of this size: a disc and a bar on nothing."""
    picture = Image.new("RGBA", (width, height))
    drawn = ImageDraw.Draw(picture)
    drawn.ellipse((0, 0, height - 1, height - 1), fill="#1c5a54")
    drawn.rectangle((width * 0.6, height * 0.3, width * 0.9, height * 0.7), fill="#ad4f2d")
    written = BytesIO()
    picture.save(written, "PNG", **options)
    return written.getvalue()
