"""What people type: control characters and turned text go, every script stays."""

from __future__ import annotations

import pytest

from aimcert.foundation.fields import LinesField, OneLineField, lines, one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoë \t O’Neill\n", "Zoë O’Neill"),
        ("Zoe\u0308", "Zoë"),
        ("a\x00b\x07c\x7f", "a b c"),
        ("\u202egnp.exe", "gnp.exe"),
        ("محمد عبد الله", "محمد عبد الله"),
        ("אבג & <Sons>", "אבג & <Sons>"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_one_line_keeps_what_is_read(typed, kept):
    assert one_line(typed) == kept
    assert OneLineField(required=False).clean(typed) == kept


def test_lines_keep_their_breaks():
    assert lines(" a\r\nb\rc\x00\x1b[0m\n\n") == "a\nb\nc[0m"
    assert LinesField(required=False).clean("a\r\n\tb") == "a\n\tb"
