"""The file itself: its bytes, what stands in it before the content, and whether it is unharmed."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments.case_studies.canonical import canonical_json, content_of, fingerprint_of_content
from assessments.case_studies.exchange.faults import Fault
from assessments.case_studies.exchange.positions import Broken, Positioned
from assessments.case_studies.fingerprints import fingerprint
from assessments.case_studies.models import Construct, Version

FORMAT = "aimcert-version"
FORM_NUMBER = 2
# Bytes of canonical JSON; a case study of 3,000 words with its criteria has about 60,000. A file of the
# same has line ends and indentation too: never four times as much.
LARGEST_CONTENT = 512 * 1024
LARGEST = 4 * LARGEST_CONTENT
HEAD = ("format", "form", "number", "fingerprint", "checksum")
SHA256 = re.compile(r"[0-9a-f]{64}")
# Files that begin so were saved as something else.
OTHER_FORMATS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")
OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


# --- Writing --------------------------------------------------------------------------------------


def file_of(version: Version) -> bytes:
    """`version` as a file, the same bytes whenever it says the same."""
    content = content_of(version)
    used = {
        code
        for question in content["questions"]
        for row in question["criteria"]
        for code in row["constructs"]
    }
    constructs = Construct.objects.filter(programme=version.case_study.programme_id, code__in=used)
    return written(
        content,
        [
            {"code": row.code, "name": row.name, "illustrative": row.is_illustrative}
            for row in sorted(constructs, key=lambda row: row.code)
        ],
        number=version.number,
        fingerprint=fingerprint_of_content(content, version.number),
    )


def written(
    content: dict[str, Any], constructs: list[dict[str, Any]], *, number: int, fingerprint: str
) -> bytes:
    """A file with this content, in the order in which one reads it, each text on a line of its own."""
    first = ("programme", "title", "content_note", "fictional_statement")
    body = {
        **{key: content[key] for key in first},
        "constructs": constructs,
        "sections": [row | {"figure": _sorted(row["figure"])} for row in content["sections"]],
        "questions": [row | {"settings": _sorted(row["settings"])} for row in content["questions"]],
    }
    head = {"format": FORMAT, "form": FORM_NUMBER, "number": number, "fingerprint": fingerprint}
    file = {**head, "checksum": checksum_of({**head, **body}), **body}
    return (json.dumps(file, ensure_ascii=False, indent=2) + "\n").encode()


def checksum_of(file: dict[str, Any]) -> str:
    """The SHA-256 over everything in a file but its checksum, in the canonical form."""
    return fingerprint(canonical_json({key: value for key, value in file.items() if key != "checksum"}))


def _sorted(value: Any) -> Any:
    """PostgreSQL promises no order of what it keeps as JSON."""
    return json.loads(json.dumps(value, sort_keys=True))


# --- Reading --------------------------------------------------------------------------------------


@dataclass
class ReadFile:
    """What came in as a file.

    Attributes:
        content: what stands below the file's head, where it could be read.
        faults: of the file itself and its head.
        harm: that it is not as it was exported: to be told where nothing else is wrong.
    """

    content: Any = None
    faults: list[Fault] = field(default_factory=list)
    harm: list[Fault] = field(default_factory=list)
    # That it could not be read at all, with line and column.
    broken: str = ""
    _positions: Positioned | None = None

    def lined(self, faults: Iterable[Fault]) -> list[str]:
        """The sentence of each fault with its line in front of it, as one meets them reading the file."""
        found = [(self._positions.line_of(fault.path) if self._positions else 1, fault) for fault in faults]
        return [
            _("Line %(line)d: %(words)s") % {"line": line, "words": fault.words}
            for line, fault in sorted(found, key=lambda one: one[0])
        ]


def read_file(data: bytes) -> ReadFile:
    """What the bytes of a file say, and what is wrong with them as a file; the content is not checked."""
    try:
        positions = Positioned(_text(data))
    except Broken as broken:
        return ReadFile(broken=broken.words)
    file = positions.value
    if not isinstance(file, dict):
        return ReadFile(file, [*positions.faults], _positions=positions)
    read = ReadFile(
        {key: value for key, value in file.items() if key not in HEAD},
        [*positions.faults],
        _positions=positions,
    )
    _read_head(file, read)
    return read


def _text(data: bytes) -> str:
    if not data.strip():
        raise Broken(_("Line 1: the file is empty."))
    if len(data) > LARGEST:
        told = {"limit": LARGEST // 1024, "size": -(-len(data) // 1024)}
        raise Broken(_("Line 1: the file has %(size)d KB. It can have at most %(limit)d.") % told)
    if data.startswith(codecs.BOM_UTF8):
        raise Broken(_("Line 1: the file begins with a byte order mark. Save it as “UTF-8” without one."))
    if data.startswith(OTHER_ENCODINGS):
        raise Broken(_("Line 1: the file is not written in UTF-8. Save it as “UTF-8”."))
    if data.startswith(OTHER_FORMATS):
        raise Broken(
            _("Line 1: this is a document of another kind. Choose the JSON file that exporting gives.")
        )
    try:
        return data.decode()
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise Broken(
            _("Line %(line)d: the file is damaged here, or not written in UTF-8.") % {"line": line}
        ) from None


def _read_head(file: dict[str, Any], read: ReadFile) -> None:
    def say(key: str, words: str) -> None:
        read.faults.append(Fault((key,), words))

    if file.get("format") != FORMAT:
        say(
            "format",
            _("Version: format is not “%(format)s”, so this is another kind of file.") % {"format": FORMAT},
        )
    if type(file.get("form")) is not int or file["form"] != FORM_NUMBER:
        say("form", _("Version: form is not %(form)d, the one that is known here.") % {"form": FORM_NUMBER})
    number = file.get("number")
    if number is not None and (type(number) is not int or not 1 <= number <= 32_767):
        say("number", _("Version: number is not a whole number from 1 on."))
    for key in ("fingerprint", "checksum"):
        value = file.get(key)
        if value is not None and (not isinstance(value, str) or not SHA256.fullmatch(value)):
            say(key, _("Version: %(key)s is not a SHA-256 of 64 digits.") % {"key": key})
    if read.faults:
        return
    harmed = _(
        "Version: %(key)s does not fit what the file says, so it was changed or damaged after its export. If"
        " you changed it on purpose, take the lines “fingerprint” and “checksum” out."
    )
    content = {key: value for key, value in read.content.items() if key != "constructs"}
    try:
        if file.get("checksum") not in (None, checksum_of(file)):
            read.harm.append(Fault(("checksum",), harmed % {"key": "checksum"}))
        elif file.get("fingerprint") not in (None, fingerprint_of_content(content, number)):
            read.harm.append(Fault(("fingerprint",), harmed % {"key": "fingerprint"}))
    except UnicodeEncodeError:
        # Half of a surrogate pair, which the check of the content names.
        return
