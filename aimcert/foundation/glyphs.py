"""Which letters a document's bundled fonts can print: read from the fonts themselves."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont

from aimcert.foundation.typed import without_unseen

FONT_SCHEME = "static:"
_IMPORTED = re.compile(r'@import "([^"]+)";\n')
# How OpenType calls what places a mark at a letter, and at another mark; and what points at such a table
# (https://learn.microsoft.com/typography/opentype/spec/gpos).
_AT_A_LETTER, _AT_A_MARK, _ELSEWHERE = 4, 6, 9


def font_file(name: str) -> bytes:
    """The bytes of a bundled font, by its static name.

    Raises:
        OSError: it is not among the static files.
    """
    # A checkout finds the packages themselves; an image has them only as collected files.
    path = finders.find(name)
    with open(path, "rb") if path else staticfiles_storage.open(name) as file:
        found: bytes = file.read()
        return found


@cache
def style_of(stylesheet: str) -> str:
    """A stylesheet of documents, with what it imports: `@import "documents/fonts.css";`, a template too."""
    return _IMPORTED.sub(lambda found: render_to_string(found[1]), render_to_string(stylesheet))


def lacking(text: str, *, stylesheet: str) -> tuple[str, ...]:
    """The letters of `text`, each once and with its accents, that `stylesheet` has no font for.

    A letter is there where the first font of the page's stack that has it also has its accents and a
    table that places each; where Unicode has letter and accent as one, that one counts. Whether the
    result is beautiful is not looked at, nor the joining of scripts that are not bundled at all.

    Args:
        text: such as a name.
        stylesheet: the name of a template that is CSS, such as "documents/certificate.css".
    """
    if text.isascii():
        return ()
    letters, faces = _letters(unicodedata.normalize("NFC", without_unseen(text))), _faces(stylesheet)
    return tuple(dict.fromkeys(letter for letter in letters if not _is_there(letter, faces)))


def _letters(text: str) -> list[str]:
    """`text` in letters, each with the marks that follow it."""
    letters: list[str] = []
    for char in "".join(text.split()):
        if letters and unicodedata.category(char) in ("Mn", "Me", "Mc"):
            letters[-1] += char
        else:
            letters.append(char)
    return letters


@dataclass(frozen=True)
class _Face:
    """What one font can draw, and which marks it can place where."""

    letters: frozenset[str]
    placed: tuple[tuple[frozenset[str], frozenset[str]], ...]

    def places(self, mark: str, at: str) -> bool:
        return any(mark in marks and at in bases for marks, bases in self.placed)


def _is_there(letter: str, faces: tuple[_Face, ...]) -> bool:
    base, marks = letter[0], letter[1:]
    face = next((face for face in faces if base in face.letters), None)
    if face is None:
        return False
    # A second mark of one kind, such as above the letter, stands on the first.
    kinds = [unicodedata.combining(mark) for mark in marks]
    return all(
        mark in face.letters
        and face.places(mark, marks[number - 1] if kinds[number] in kinds[:number] else base)
        for number, mark in enumerate(marks)
    )


@cache
def _faces(stylesheet: str) -> tuple[_Face, ...]:
    """The upright fonts of the page's own stack, in its order, the boldest of each."""
    css = style_of(stylesheet)
    files: dict[str, str] = {}
    for rule in re.findall(r"@font-face\s*{([^}]*)}", css):
        family = re.search(r'font-family:\s*"([^"]+)"', rule)
        file = re.search(rf'url\("{FONT_SCHEME}([^"]+)"\)', rule)
        if family and file and "italic" not in rule:
            files[family[1]] = file[1]
    stack = re.search(r"\nhtml\s*{[^}]*?font-family:([^;]*);", css)
    names = re.findall(r'"([^"]+)"', stack[1]) if stack else []
    return tuple(_face(files[name]) for name in names if name in files)


@cache
def _face(file: str) -> _Face:
    font = TTFont(BytesIO(font_file(file)))
    by_glyph: dict[str, set[str]] = {}
    for code, glyph in font.getBestCmap().items():
        by_glyph.setdefault(glyph, set()).add(chr(code))

    def characters(coverage: Any) -> frozenset[str]:
        return frozenset().union(*(by_glyph.get(glyph, ()) for glyph in coverage.glyphs))

    placed = []
    for table in _placing(font):
        is_at_letter = hasattr(table, "BaseCoverage")
        marks = table.MarkCoverage if is_at_letter else table.Mark1Coverage
        placed.append(
            (characters(marks), characters(table.BaseCoverage if is_at_letter else table.Mark2Coverage))
        )
    return _Face(frozenset().union(*by_glyph.values()), tuple(placed))


def _placing(font: TTFont) -> list[Any]:
    """The tables that place marks."""
    lookups = font["GPOS"].table.LookupList if "GPOS" in font else None
    found = []
    for lookup in lookups.Lookup if lookups else ():
        for table in lookup.SubTable:
            table = table.ExtSubTable if table.LookupType == _ELSEWHERE else table
            if table.LookupType in (_AT_A_LETTER, _AT_A_MARK):
                found.append(table)
    return found
