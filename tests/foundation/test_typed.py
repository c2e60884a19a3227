"""What was meant by what people type and paste: what nobody can see is nothing, and codes are read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from aimcert.foundation.fields import LinesField, OneLineField, lines, one_line
from aimcert.foundation.typed import is_seen, symbols, without_address

# Each is nothing to look at, by itself or with the others.
NOTHING_TO_SEE = [
    "\u200b",  # zero width space
    "\u3164",  # Hangul filler
    "\uffa0",  # halfwidth Hangul filler
    "\u115f\u1160",  # Hangul choseong and jungseong fillers
    "\u2800",  # Braille pattern without dots
    "\u00ad",  # soft hyphen
    "\u2060",  # word joiner
    "\u180e",  # Mongolian vowel separator
    "\u034f",  # combining grapheme joiner
    "\ufe0f",  # variation selector
    "\U000e0041",  # tag character
    "\U000e0101",  # variation selector of the supplement
    "\u0301",  # an accent on no letter
    "\u200d \u200c",  # joiners
    "\u202e",  # right-to-left override
    "\u061c",  # Arabic letter mark
    "\ufff9\ufffb",  # interlinear annotation
    "\U0001d173",  # musical format
    "\u00a0\u3000",  # spaces
]
NAMES = ["Zoë O’Neill", "王小明", "Ọláyínká Ẹ̀bùn", "محمد عبد الله", "सुनीता", "நிலா", "ก้อง", "አበበ", "X Æ A-12"]


@pytest.mark.parametrize("text", NOTHING_TO_SEE)
def test_what_nobody_can_see_is_nothing(text):
    assert not is_seen(text)
    assert one_line(text) == lines(text) == ""
    for field in (OneLineField, LinesField):
        with pytest.raises(ValidationError) as refused:
            field(error_messages={"required": "Enter a name."}).clean(text)
        assert refused.value.messages == ["Enter a name."]
        assert field(required=False).clean(text) == ""


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_are_seen_and_kept(name):
    assert is_seen(name)
    assert one_line(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("An\u00adna\u200b L\u2060ee\ufeff", "Anna Lee"),
        ("Anna\u3164\u2800Lee", "Anna Lee"),
        ("Anna\u202eeel", "Annaeel"),
        ("An\u200dna \ufe0fLee", "Anna Lee"),
        ("Anna\U000e0041\U000e0042", "Anna"),
        # Joiners that shape what is read stay: of Persian, of Sinhala, of emoji and of a flag.
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("👩\u200d⚕\ufe0f", "👩\u200d⚕\ufe0f"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("葛\U000e0101城", "葛\U000e0101城"),
    ],
)
def test_one_line_keeps_no_sign_that_shows_nothing(typed, kept):
    assert one_line(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "1234-5678",
        "1234 5678",
        " 1234\u20135678 ",  # en dash
        "1234\u20115678",  # non-breaking hyphen
        "1234\u22125678",  # minus sign
        "12\u00ad34\u200b5678\ufeff",
        "１２３４－５６７８",  # full width
        "١٢٣٤٥٦٧٨",  # Arabic-Indic
        "(1234 5678).",
    ],
)
def test_symbols_are_read_whatever_stands_between_them(typed):
    assert symbols(typed) == "12345678"


def test_symbols_are_capitals_without_accents_of_width():
    assert symbols("ｑｋｒｔ－wxyz.") == "QKRTWXYZ"
    assert symbols("\x00\ud800") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "https://aimcert.example/verify/ABCD/",
        "HTTPS://AIMCERT.EXAMPLE/verify/ABCD/",
        "http://localhost:8000/verify/ABCD/?from=mail#top",
        "aimcert.example/verify/ABCD",
        "<https://aimcert.example/verify/ABCD/>.",
        "https://aimcert.example/verify/?code=ABCD&x=1",
        "https://aimcert.example/verify/%41BCD/",
        "aimcert.example/verify ABCD",
        "https://aimcert.example\u200b/verify/ABCD/",
    ],
)
def test_an_address_pasted_whole_is_read_as_what_it_ends_with(typed):
    assert symbols(without_address(typed, "/verify/")) == "ABCD"


def test_what_is_no_address_is_left_alone():
    assert without_address("ABCD EFGH", "/verify/") == "ABCD EFGH"
