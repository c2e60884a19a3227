"""What people type: every script stays, turned text goes, and what nobody can read is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from aimcert.foundation.fields import LinesField, OneLineField, lines, one_line, redisplayed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoë \t O’Neill\n", "Zoë O’Neill"),
        ("Zoe\u0308", "Zoë"),
        ("\u202egnp.exe", "gnp.exe"),
        ("محمد عبد الله", "محمد عبد الله"),
        ("אבג & <Sons>", "אבג & <Sons>"),
        ("", ""),
    ],
)
def test_one_line_keeps_what_is_read(typed, kept):
    assert one_line(typed) == kept
    assert OneLineField(required=False).clean(typed) == kept


def test_lines_keep_their_breaks():
    assert lines(" a\r\nb\rc\n\n") == "a\nb\nc"
    assert LinesField(required=False).clean("a\r\n\tb") == "a\n\tb"


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_another_programs_line_break_is_one(sign):
    assert LinesField().clean(f"Anna{sign}Maria") == "Anna\nMaria"
    assert OneLineField().clean(f"Anna{sign}Maria") == "Anna Maria"


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\x7f", "\ud800"])
@pytest.mark.parametrize("field", [OneLineField(), LinesField()])
def test_what_nobody_can_read_is_refused_and_stands_out(field, sign):
    with pytest.raises(ValidationError, match="hidden character"):
        field.clean(f"Anna{sign}Maria")
    assert redisplayed(f"Anna{sign}Maria") == field.bound_data(f"Anna{sign}Maria", None) == "Anna�Maria"


def test_what_arrived_as_no_text_is_refused():
    with pytest.raises(ValidationError, match="hidden character"):
        OneLineField().clean(b"Ann\xff".decode(errors="replace"))
