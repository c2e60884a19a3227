"""What people type, paste or dictate, read as what they meant: codes, addresses, and what nobody can see."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote
from uuid import UUID

# Shows nothing: spaces, controls, and what Unicode lets a page ignore (Default_Ignorable_Code_Point in
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt), with the Braille pattern
# without dots. A class of a regular expression, for Python and PostgreSQL alike;
# static/js/answering/text.js has the same list.
UNSEEN = (
    "\\x01-\\x20\\x7f-\\xa0\\xad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0"
    "\\ufff0-\\ufffb\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
_UNSEEN = re.compile(f"[\0{UNSEEN}]+")

# Turns the order of what follows around: a text could pretend to be another. Letters of right-to-left
# scripts need none of them.
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
# Comes along with pasted text, and shapes nothing.
_LEFT_OVER = "\u00ad\u034f\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufff9\ufffa\ufffb" + "".join(
    map(chr, range(0x206A, 0x2070))
)
# Looks like a space, and is a letter or a sign to Unicode.
_LIKE_A_SPACE = "\u2800\u3164\uffa0"
_BESIDE_AN_ADDRESS = dict.fromkeys(map(ord, "\u061c\u200c\u200d\u200e\u200f\ufeff" + _LEFT_OVER))
_ON_ONE_LINE = dict.fromkeys(map(ord, TURNS + _LEFT_OVER), None) | dict.fromkeys(map(ord, _LIKE_A_SPACE), " ")
# A joiner or a variation selector shapes a letter of Persian, of India or of China, or an emoji: at the
# ends of a word, and after a letter of ours, there is nothing to shape. Tags make flags, and nothing else.
_SHAPES_NOTHING = re.compile(
    "(?<![^\\s\x21-\u024f])[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
    "|[\u200c\u200d]+(?!\\S)"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"
)

# Far longer than any code with its spaces, its dashes and the address that it was pasted with.
_LONGEST_READ = 500


# What breaks a line: of Windows and old Macs, of Word and of mainframes, and Unicode's own.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Every other control character but the tab, none of which shows anything, and NUL, which PostgreSQL cannot
# keep; and halves of surrogate pairs, which UTF-8 cannot write: browsers send the sign for what is lost.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")


def laid_out(text: str) -> str:
    """`text` with LF at every line's end, without other control characters but tabs; else unchanged.

    Nothing that a text was laid out with elsewhere is so wrong that it could not be kept. The page of a
    question does the same (`laidOut` in static/js/answering/text.js), so that both keep the same text.
    """
    return _CONTROLS.sub("", _BREAKS.sub("\n", _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)))


def with_line_breaks(text: str) -> str:
    """`text` with LF at every line's end; what else cannot be kept is still there, to be pointed at."""
    return _BREAKS.sub("\n", text)


def is_seen(text: str) -> bool:
    """Whether there is anything of `text` to look at: an accent on no letter is nothing."""
    return any(not unicodedata.category(char).startswith("M") for char in _UNSEEN.sub("", text))


def without_unseen(text: str) -> str:
    """`text` with one space in place of whatever nobody can see."""
    return _UNSEEN.sub(" ", text)


def tidied(text: str) -> str:
    """`text` without the signs that come along with pasted text, change what is read and show nothing."""
    return _SHAPES_NOTHING.sub("", text.translate(_ON_ONE_LINE))


def symbols(typed: str) -> str:
    """The letters and digits of a code: capitals, of whatever width, and nothing that stands between.

    Digits of other scripts are read as ours. It answers for anything that can be typed, at most
    `_LONGEST_READ` characters of it.
    """
    meant = unicodedata.normalize("NFKC", typed[:_LONGEST_READ]).upper()
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in meant if char.isalnum()
    )


def mailbox(typed: str) -> str:
    """An email address as it was meant: of "Anna <anna@example.org>", or with "mailto:", the address alone.

    What comes along with pasted text and shows nothing is left out. What turns text around stays: whoever
    typed it saw another address, so it is no address (`turning`).
    """
    meant = unicodedata.normalize("NFKC", typed).translate(_BESIDE_AN_ADDRESS).strip()
    named = re.fullmatch(r"[^<>@]*<\s*([^<>\s]+)\s*>[\s.,;]*", meant)
    return (named[1] if named else meant).removeprefix("mailto:").strip("\"'.,; ")


def turning(text: str) -> str:
    """The first sign in `text` that turns what follows around, as "U+202E"; empty where there is none."""
    found = re.search("[\u202a-\u202e\u2066-\u2069]", text)
    return f"U+{ord(found[0]):04X}" if found else ""


def without_address(typed: str, path: str) -> str:
    """What follows `path` where `typed` is an address of ours, pasted or typed whole; else `typed` itself.

    Args:
        typed: such as "https://aimcert.example/verify/ABCD/", with or without the scheme.
        path: such as "/verify/"; whatever host stands before it.
    """
    meant = _UNSEEN.sub(" ", unicodedata.normalize("NFKC", typed[:_LONGEST_READ]))
    found = re.search(
        rf"{re.escape(path.rstrip('/'))}(?:/?\?(?:[^#]*&)?code=|[/\s])(?P<code>[^?#&]*)", meant, re.I
    )
    return unquote(found["code"]).replace("+", " ") if found else typed


def uuid_of(text: str) -> UUID | None:
    """The UUID that `text` writes; None where it writes none."""
    try:
        return UUID(text)
    except ValueError:
        return None
