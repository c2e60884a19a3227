"""Files that people add to what they write: told by what they hold, never by what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


@dataclass(frozen=True)
class FileType:
    """What a file is.

    Args:
        content_type: its true type.
        suffix: what its name ends with.
    """

    content_type: str
    suffix: str


def type_of(content: bytes) -> FileType | None:
    """What `content` is: a PDF, a PNG or JPEG picture, a DOCX or ODT document, or text; else None."""
    if content.startswith(b"%PDF-"):
        return FileType("application/pdf", ".pdf")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType("image/png", ".png")
    if content.startswith(b"\xff\xd8\xff"):
        return FileType("image/jpeg", ".jpg")
    if content.startswith(b"PK\x03\x04"):
        return _document(content)
    return FileType("text/plain; charset=utf-8", ".txt") if _is_text(content) else None


def _document(content: bytes) -> FileType | None:
    # Only the names in the archive are read, and one entry of a known length: nothing is unpacked.
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names and "[Content_Types].xml" in names:
                return FileType(DOCX, ".docx")
            is_short = "mimetype" in names and archive.getinfo("mimetype").file_size == len(ODT)
            if is_short and archive.read("mimetype") == ODT.encode():
                return FileType(ODT, ".odt")
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        pass
    return None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(sign < " " and sign not in "\t\n\r\f" for sign in text)
