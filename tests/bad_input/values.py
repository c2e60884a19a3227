"""What people, browsers and others put into a field, and what each kind of field makes of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote_plus


class Kind(StrEnum):
    """What a field takes."""

    LINE = "a text on one line"
    LINES = "a text with line breaks"
    PRINTED = "a text on one line, of letters that a certificate shows"
    ROWS = "a text of which each line is read as one thing"
    ANSWER = "an answer: kept as it is, whatever stands in it"
    ADDRESS = "an email address"
    DAY = "a date"
    CLOCK = "a time of day"
    NUMBER = "a number"
    CHOICE = "one or more of what is offered"
    TICK = "a box"
    CODE = "a code out of an email"
    SECRET = "a password"
    FILE_TEXT = "what stands in a file"
    HIDDEN = "what the page carries along"


class Verdict(StrEnum):
    """What must come of a value; what is not the one must be the other."""

    KEPT = "kept"
    REFUSED = "refused"
    EITHER = "kept or refused"
    # A field that can be left empty.
    NEEDED = "refused where the field is needed"


class Bytes(str):
    """A value that is sent as these very percent-encoded bytes."""


@dataclass(frozen=True)
class Typed:
    """One thing that is put into a field.

    Args:
        what: in words.
        value: sent once; a list as often as it is long; None: the field is left out.
        verdict: what must come of it.
        kept: what is stored of it; "" where that is not looked for.
    """

    what: str
    value: str | list[str] | None
    verdict: Verdict
    kept: str = ""

    def numbered(self, number: int) -> Typed:
        """The same with a number at its end."""

        def end(text: str) -> str:
            return type(text)(f"{text} {number}")

        value = [end(text) for text in self.value] if isinstance(self.value, list) else end(self.value or "")
        return Typed(self.what, value, self.verdict, end(self.kept))


SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
# Each marked, so that no other row of a test's world holds it.
ARABIC, HEBREW = "محمد عبد الله ١٢", "שלום עולם אבג"
FORMULA = "=cmd|' /C calc'!A0"
EMOJI = "Zoe\u0308 👩‍👩‍👧 ✊🏽 ñ\u0303"
LONG = "x" * 100_000
# What a page must not let act.
ACTING = (SCRIPT, IMAGE)
# What is kept sign by sign, in one text: a formula is one at the beginning of a cell.
MIXED = " ".join((FORMULA, SCRIPT, IMAGE, ARABIC, HEBREW))

# In every way there is.
EMPTY = [
    Typed("nothing", "", Verdict.NEEDED),
    Typed("only what nobody sees", " \u00a0\u200b\u3164\u00ad\u2060\u2800 ", Verdict.NEEDED),
    Typed("left out", None, Verdict.NEEDED),
]
_HIDDEN_SIGNS = [
    Typed("a NUL", "Ann\0Lee", Verdict.REFUSED),
    Typed("a backspace", "Ann\x08Lee", Verdict.REFUSED),
    Typed("an escape", "Ann\x1b[31mLee", Verdict.REFUSED),
]
_BROKEN_BYTES = [("half of a surrogate pair", Bytes("Ann%ED%A0%80")), ("no UTF-8", Bytes("Ann%FF%FELee"))]


def _text(*, one_line: bool) -> list[Typed]:
    kept = Verdict.KEPT
    broken = [Typed(what, value, Verdict.REFUSED) for what, value in _BROKEN_BYTES]
    return [
        *EMPTY,
        *_HIDDEN_SIGNS,
        *broken,
        Typed("100,000 characters", LONG, Verdict.REFUSED),
        # Sent twice, the last one counts.
        Typed(
            "scripts, a formula, Arabic, Hebrew, emoji",
            ["The first one", f"{MIXED} {EMOJI}"],
            kept,
            unicodedata.normalize("NFC", f"{MIXED} {EMOJI}"),
        ),
        # Such signs turn what follows around, and letters of right-to-left scripts need none of them.
        Typed(
            "turned text and a line break",
            "\u202egnp.exe \u202dAnna\r\nLee",
            kept,
            "gnp.exe Anna Lee" if one_line else "gnp.exe Anna\nLee",
        ),
    ]


def _printed() -> list[Typed]:
    """As a line of text is, but that a letter without a font is refused."""
    mixed = next(one for one in _text(one_line=True) if isinstance(one.value, list))
    others = [one for one in _text(one_line=True) if one != mixed]
    shown = Typed("scripts, a formula, Arabic, Hebrew", ["The first one", MIXED], Verdict.KEPT, MIXED)
    return [*others, shown, Typed("emoji", EMOJI, Verdict.REFUSED)]


def _read(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) != "Cc")


def _answer() -> list[Typed]:
    """An answer is never refused for how it is written; blank, it is kept as such.

    Signs of control are left out, which a reader could not see; everything else stays as it is.
    """
    kept = Verdict.KEPT
    return [
        *(Typed(sign.what, sign.value, kept, _read(str(sign.value))) for sign in _HIDDEN_SIGNS),
        # Neither composed nor turned back.
        Typed(
            "scripts, a formula, Arabic, Hebrew, emoji",
            f"{MIXED} {EMOJI} \u202egnp.exe",
            kept,
            f"{MIXED} {EMOJI} \u202egnp.exe",
        ),
        *(
            Typed(what, Bytes(sent), kept, read)
            for (what, sent), read in zip(_BROKEN_BYTES, ("Ann���", "Ann��Lee"), strict=True)
        ),
        Typed("nothing", "", Verdict.EITHER),
        Typed("only spaces", "   ", Verdict.EITHER),
        Typed("left out", None, Verdict.EITHER),
        Typed("100,000 characters", LONG, Verdict.REFUSED),
        Typed("a line break", "One\r\n another ", kept, "One\n another "),
    ]


def _rows() -> list[Typed]:
    """What a line must hold differs: what is no such line is refused."""
    return [
        *(typed for typed in _text(one_line=False) if typed.verdict is not Verdict.KEPT),
        Typed("a script", SCRIPT, Verdict.EITHER),
        Typed("an image that acts", f"one | {IMAGE}", Verdict.EITHER),
        Typed("Arabic", f"{ARABIC} | {ARABIC}", Verdict.EITHER),
        Typed("bars alone", "|||\r\n| |", Verdict.EITHER),
        Typed("the same line twice", "one | two\r\none | two", Verdict.EITHER),
        Typed("a long line", f"one | {'x' * 1_000}", Verdict.EITHER),
        Typed("many lines", "\r\n".join(f"{number} | two" for number in range(400)), Verdict.EITHER),
    ]


def _refused(*values: tuple[str, str]) -> list[Typed]:
    return [Typed(what, value, Verdict.REFUSED) for what, value in values]


_ODD = _refused(("a script", SCRIPT), ("a NUL", "\0"), ("Arabic", ARABIC), ("100,000 characters", LONG))
_BROKEN = [Typed(what, value, Verdict.REFUSED) for what, value in _BROKEN_BYTES]

VALUES: dict[Kind, list[Typed]] = {
    Kind.LINE: _text(one_line=True),
    Kind.PRINTED: _printed(),
    Kind.LINES: _text(one_line=False),
    Kind.ROWS: _rows(),
    Kind.ANSWER: _answer(),
    Kind.ADDRESS: [
        *EMPTY,
        *_ODD,
        *_BROKEN,
        *_refused(
            ("no address", "nobody"),
            ("a script in front", f"{SCRIPT}@people.example"),
            ("a NUL inside", "an\0na@people.example"),
            ("turned text", "\u202eanna@people.example"),
            ("a line break", "anna@people.example\r\nBcc: all@people.example"),
            ("two addresses", "anna@people.example, bob@people.example"),
            ("too long a name", "x" * 300 + "@people.example"),
            ("emoji", "👩‍👩‍👧@people.example"),
            ("a formula", FORMULA),
        ),
        Typed("sent twice", ["nobody", "last@people.example"], Verdict.EITHER),
    ],
    Kind.DAY: [
        *EMPTY,
        *_ODD,
        *_refused(
            ("30 February", "2027-02-30"),
            ("nonsense", "soon"),
            ("the year 99999", "99999-01-01"),
            ("a negative year", "-2027-01-01"),
        ),
        Typed("the first day there is", "0001-01-01", Verdict.REFUSED),
        Typed("long ago", "1900-01-01", Verdict.REFUSED),
        Typed("the year 9999", "9999-12-31", Verdict.REFUSED),
        Typed("sent twice", ["soon", "2026-01-01"], Verdict.EITHER),
    ],
    Kind.CLOCK: [
        *EMPTY,
        *_ODD,
        *_refused(("no time", "25:61"), ("nonsense", "noon"), ("negative", "-1:00")),
    ],
    Kind.NUMBER: [
        *EMPTY,
        *_ODD,
        *_refused(
            ("negative", "-1"),
            ("huge", "9" * 40),
            ("a bigger one than a column holds", "99999999999"),
            ("NaN", "NaN"),
            ("infinity", "Infinity"),
            ("1e400", "1e400"),
            ("a formula", "=1+1"),
            ("words", "many"),
        ),
    ],
    Kind.CHOICE: [
        *EMPTY,
        *_ODD,
        *_BROKEN,
        *_refused(
            ("a key of the database", "1"), ("another object's id", "00000000-0000-4000-8000-000000000000")
        ),
    ],
    Kind.TICK: [Typed("left out", None, Verdict.REFUSED), Typed("a script", SCRIPT, Verdict.EITHER)],
    Kind.CODE: [
        *EMPTY,
        *_ODD,
        *_BROKEN,
        *_refused(("a wrong one", "0000-0000"), ("a line break", "0000\r\n0000"), ("a formula", FORMULA)),
    ],
    Kind.SECRET: [
        Typed("nothing", "", Verdict.REFUSED),
        Typed("left out", None, Verdict.REFUSED),
        Typed("only spaces", "   ", Verdict.REFUSED),
        Typed("a NUL", "a long\0 passphrase", Verdict.REFUSED),
        Typed("100,000 characters", LONG, Verdict.REFUSED),
    ],
    Kind.FILE_TEXT: [
        *EMPTY,
        *_ODD,
        *_BROKEN,
        *_refused(
            ("no object", "[]"), ("an empty object", "{}"), ("not closed", '{"title": "x'), ("NaN", "NaN")
        ),
    ],
    Kind.HIDDEN: [
        Typed(what, value, Verdict.EITHER)
        for what, value in (
            ("nothing", ""),
            ("left out", None),
            ("a script", SCRIPT),
            ("a NUL", "\0"),
            ("no UTF-8", Bytes("%FF%FE")),
            ("100,000 characters", LONG),
            ("a huge number", "9" * 40),
            ("a negative number", "-1"),
            ("1e400", "1e400"),
            ("another object's id", "00000000-0000-4000-8000-000000000000"),
        )
    ],
}


def encoded(values: dict[str, Any]) -> bytes:
    """`values` as the body of a form."""
    pairs = []
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            pairs.append(f"{quoted(name)}={one if isinstance(one, Bytes) else quoted(one)}")
    return "&".join(pairs).encode()


def quoted(text: str) -> str:
    """`text` percent-encoded."""
    return quote_plus(str(text))
