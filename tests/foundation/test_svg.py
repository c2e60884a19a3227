"""SVGs of somebody else's making: written anew from shapes and colours, or refused for what they hold."""

from __future__ import annotations

import pytest

from aimcert.foundation.svg import MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS, SvgRefused, rewritten

BOX = 'viewBox="0 0 20 10"'


def svg(inside: str, about: str = BOX) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {about}>{inside}</svg>'.encode()


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(SvgRefused) as refused:
        rewritten(content)
    return refused.value.reason, refused.value.named


def test_shapes_colours_and_gradients_stay() -> None:
    inside = (
        '<defs><linearGradient id="a" x1="0"><stop offset="0" stop-color="#123"/></linearGradient>'
        '<clipPath id="b"><rect width="4" height="4"/></clipPath></defs>'
        '<g transform="translate(1, -2) rotate(4)"><path d="M0 0h4v4z" fill="url(#a)" clip-path="url(#b)"/>'
        '<circle cx="1" cy="1" r="1" fill="rgb(10%, 2, 3)" stroke-width="1.5"/></g>'
    )
    kept = rewritten(svg(inside)).content.decode()
    for words in ('stop-color="#123"', 'fill="url(#a)"', 'clip-path="url(#b)"', 'd="M0 0h4v4z"', "rgb(10%"):
        assert words in kept


def test_written_again_it_stays_as_it_is() -> None:
    first = rewritten(svg('<!-- x --><g style="fill: red; -inkscape-x: 1"><path d="M0 0h1v1z"/></g>'))
    assert rewritten(first.content) == first
    assert (first.width, first.height) == (20, 10)
    assert b'fill="red"' in first.content
    assert b"inkscape" not in first.content


def test_what_is_not_seen_is_left_out() -> None:
    kept = rewritten(
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:s="urn:editor" s:version="1"'
        b' viewBox="0 0 2 1" data-x="y"><title>Drawn by Zoe</title><metadata><s:rdf>Zoe</s:rdf></metadata>'
        b'<s:view><s:guide/></s:view><path class="a" d="M0 0h1v1z" s:node="c"/></svg>'
    ).content
    assert kept == (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h1v1z"></path></svg>'
    )


def test_a_size_becomes_a_view_box() -> None:
    kept = rewritten(svg('<path d="M0 0h1v1z"/>', 'width="240px" height="80"'))
    assert b'viewBox="0 0 240 80"' in kept.content
    assert b"width" not in kept.content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (svg("<script>alert(1)</script>"), ("script", "script")),
        (svg('<path d="M0 0h1" onload="alert(1)"/>'), ("script", "onload")),
        (svg('<foreignObject><p xmlns="urn:x">x</p></foreignObject>'), ("element", "foreignObject")),
        (svg("<style>path { fill: url(https://a.example/) }</style>"), ("element", "style")),
        (svg('<image href="https://a.example/x.png" width="1" height="1"/>'), ("element", "image")),
        (svg('<use href="#a"/>'), ("element", "use")),
        (svg('<a href="https://a.example/"><path d="M0 0h1"/></a>'), ("element", "a")),
        (svg("<text>AIM</text>"), ("element", "text")),
        (svg('<animate attributeName="d"/>'), ("element", "animate")),
        (svg(f'<svg {BOX}><path d="M0 0h1"/></svg>'), ("element", "svg")),
        (svg('<linearGradient id="a" href="#b"/>'), ("element", "href")),
        (svg('<linearGradient id="a" href="https://a.example/#b"/>'), ("elsewhere", "href")),
        (svg('<path d="M0 0h1" fill="url(https://a.example/)"/>'), ("elsewhere", "fill")),
        (svg('<path d="M0 0h1" style="fill: URL( //a.example )"/>'), ("elsewhere", "fill")),
        (svg('<path d="M0 0h1" style="filter: url(#a)"/>'), ("element", "filter")),
        (svg('<path d="M0 0h1" mask="url(#a)"/>'), ("element", "mask")),
        (svg('<path d="M0 0h1" fill="red;background:x"/>'), ("element", "fill")),
        (svg('<path d="M0 0h1" id="a b"/>'), ("element", "id")),
        (svg('<clipPath id="a"><path d="M0 0h1" clip-path="url(#a)"/></clipPath>'), ("element", "clip-path")),
        (svg('<clipPath><g><path clip-path="url(#b)"/></g></clipPath>'), ("element", "clip-path")),
        (svg('<path d="M0 0h1"/>', ""), ("size", "")),
        (svg('<path d="M0 0h1"/>', 'viewBox="0 0 0 1"'), ("size", "")),
        (svg('<path d="M0 0h1"/>', 'viewBox="0 0 1e9 1"'), ("size", "")),
        (svg("<g/>"), ("empty", "")),
        (b"<svg><path d='M0 0h1'/></svg>", ("no svg", "")),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>', ("no svg", "")),
        (svg("<path"), ("no svg", "")),
        (b"", ("no svg", "")),
        (b'<!DOCTYPE svg SYSTEM "http://a.example/x.dtd">' + svg("<path/>"), ("doctype", "")),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("&b;"), ("doctype", "")),
        (svg(f'<path d="M0 0{"h1" * MOST_BYTES}"/>'), ("large", "")),
        (svg('<path d="M0"/>' * MOST_ELEMENTS), ("large", "")),
        (svg("<g>" * MOST_DEPTH + "</g>" * MOST_DEPTH), ("large", "")),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused_and_named(content: bytes, why: tuple[str, str]) -> None:
    assert refusal(content) == why


def test_another_encoding_hides_nothing() -> None:
    hidden = '<?xml version="1.0" encoding="utf-16"?>' + svg("<script>x</script>").decode()
    assert refusal(hidden.encode("utf-16")) == ("script", "script")
