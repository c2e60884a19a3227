"""An SVG of somebody else's making, written anew from what it may hold: shapes, their colours and gradients.

An allow-list, after SVG 1.1 (https://www.w3.org/TR/SVG11/). What has no part in how it looks, such as an
editor's notes, is left out. What has one and is not allowed is refused rather than left out, so that nobody
gets another picture than the one they drew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
MOST_BYTES = 200_000
MOST_ELEMENTS = 3_000
MOST_DEPTH = 40

_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_ALLOWED = {"svg", "g", "defs", "linearGradient", "radialGradient", "stop", "clipPath"} | _SHAPES
# Nothing is seen of these.
_UNSEEN = {"title", "desc", "metadata"}
# fmt: off
_PRESENTATION = {
    "clip-path", "clip-rule", "color", "display", "fill", "fill-opacity", "fill-rule", "opacity",
    "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "visibility",
}
_ATTRIBUTES = _PRESENTATION | {
    "clipPathUnits", "cx", "cy", "d", "fx", "fy", "gradientTransform", "gradientUnits", "height", "id",
    "offset", "points", "r", "rx", "ry", "spreadMethod", "transform", "viewBox", "width", "x", "x1", "x2",
    "y", "y1", "y2",
}
# fmt: on
_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_VALUE = re.compile(r"[\w\s.,#%()+-]*\Z", re.ASCII)
_WITHIN = re.compile(r"""url\(\s*(["']?)#([A-Za-z_][\w.-]*)\1\s*\)\Z""", re.ASCII)
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_LENGTH = re.compile(rf"({_NUMBER})\s*(?:px|pt|mm|cm|in)?\Z", re.ASCII | re.IGNORECASE)
_BOX = re.compile(rf"{_NUMBER}(?:[\s,]+{_NUMBER}){{3}}\Z", re.ASCII | re.IGNORECASE)


class SvgRefused(Exception):
    """It is not kept.

    Attributes:
        reason: "no svg", "large", "doctype", "element", "script", "elsewhere", "size" or "empty".
        named: the element or attribute that it is about, or "".
    """

    def __init__(self, reason: str, named: str = "") -> None:
        super().__init__(reason, named)
        self.reason, self.named = reason, named


@dataclass(frozen=True)
class Svg:
    """What is kept of one.

    Args:
        content: the whole file, in UTF-8.
        width: of its view box, in its own units.
        height: likewise.
    """

    content: bytes
    width: float
    height: float


def rewritten(content: bytes) -> Svg:
    """`content` written anew; what this gives, given to it again, stays as it is.

    No declaration of a document's type is read, so that nothing in it is an entity.

    Raises:
        SvgRefused: it is no SVG, too much, or holds what is not allowed.
    """
    if len(content) > MOST_BYTES:
        raise SvgRefused("large")
    writer = _Writer()
    try:
        writer.parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise SvgRefused("no svg") from None
    if not writer.shapes:
        raise SvgRefused("empty")
    return Svg("".join(writer.written).encode(), *writer.size)


class _Writer:
    """Writes what the parser reads, as far as it is allowed."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.size = (0.0, 0.0)
        self.shapes = 0
        self._elements = 0
        self._depth = 0
        # How deep within something that is left out.
        self._left_out = 0
        # How deep within a path that clips.
        self._clipping = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise SvgRefused("doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements > MOST_ELEMENTS or self._depth > MOST_DEPTH:
            raise SvgRefused("large")
        space, _space, local = name.rpartition(" ")
        if self._depth == 1 and (space, local) != (SVG, "svg"):
            raise SvgRefused("no svg")
        if self._left_out or space != SVG or local in _UNSEEN:
            self._left_out += 1
            return
        if local == "script":
            raise SvgRefused("script", "script")
        if local not in _ALLOWED or (local == "svg" and self._depth > 1):
            raise SvgRefused("element", local)
        self.shapes += local in _SHAPES
        kept = _attributes(attributes)
        if self._clipping and "clip-path" in kept:
            # Each of many within each of many would take for ever to draw.
            raise SvgRefused("element", "clip-path")
        self._clipping += local == "clipPath" or bool(self._clipping)
        if local == "svg":
            kept = self._sized(kept)
        said = "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
        self.written.append(f'<svg xmlns="{SVG}"{said}>' if local == "svg" else f"<{local}{said}>")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._left_out:
            self._left_out -= 1
            return
        self._clipping -= bool(self._clipping)
        self.written.append(f"</{name.rpartition(' ')[2]}>")

    def _sized(self, kept: dict[str, str]) -> dict[str, str]:
        """A view box in place of a size, so that it is drawn as large as its place."""
        width, height = (_LENGTH.match(kept.pop(side, "").strip()) for side in ("width", "height"))
        box = kept.get("viewBox", "").strip()
        if _BOX.match(box):
            _x, _y, wide, high = (float(number) for number in re.split(r"[\s,]+", box))
        elif width and height:
            wide, high = float(width[1]), float(height[1])
            kept["viewBox"] = f"0 0 {width[1]} {height[1]}"
        else:
            raise SvgRefused("size")
        if not (0 < wide < 1e6 and 0 < high < 1e6):
            raise SvgRefused("size")
        self.size = (wide, high)
        return kept


def _attributes(attributes: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in attributes.items():
        space, _space, local = name.rpartition(" ")
        if local.lower().startswith("on"):
            raise SvgRefused("script", local)
        if local == "href":
            # To elsewhere, or a gradient that continues another one.
            raise SvgRefused("element" if value.startswith("#") else "elsewhere", local)
        if space:
            continue
        if local in ("filter", "mask", "marker-start", "marker-mid", "marker-end"):
            raise SvgRefused("element", local)
        if local == "style":
            kept |= _declared(value)
        elif local in _ATTRIBUTES:
            kept[local] = _value(local, value)
    return kept


def _declared(style: str) -> dict[str, str]:
    """The declarations of a `style` attribute, as attributes of their own."""
    kept = {}
    for declaration in filter(str.strip, style.split(";")):
        name, _colon, value = declaration.partition(":")
        name = name.strip().lower()
        if name in ("filter", "mask", "marker", "marker-start", "marker-mid", "marker-end"):
            if value.strip() == "none":
                continue
            raise SvgRefused("element", name)
        if name in _PRESENTATION:
            kept[name] = _value(name, value.replace("!important", ""))
    return kept


def _value(name: str, value: str) -> str:
    value = value.strip()
    if "url" in value.lower():
        within = _WITHIN.match(value)
        if not within:
            raise SvgRefused("elsewhere", name)
        return f"url(#{within[2]})"
    allowed = _NAME if name == "id" else _VALUE
    if not allowed.match(value):
        raise SvgRefused("element", name)
    return value
