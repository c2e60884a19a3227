"""Made files, kept by what they contain: the same content is one file, under one name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import file_digest
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage


@dataclass(frozen=True)
class StoredFile:
    """Where a file is kept, and the facts that a row holds about it."""

    name: str
    sha256: str
    size: int


def store(content: bytes, *, suffix: str) -> StoredFile:
    """Keep `content`; keeping it again, also at the same moment, changes nothing.

    A file under its final name is always whole: a process that dies while writing leaves none.

    Args:
        content: the whole file.
        suffix: what the name ends with, such as ".pdf".

    Returns:
        the name to open it by, its SHA-256 in hexadecimal, and its size in bytes.
    """
    return store_file(BytesIO(content), suffix=suffix)


def store_file(file: IO[bytes], *, suffix: str) -> StoredFile:
    """The same for a file that is too large to be held at once; it is read from its beginning."""
    kept = _described(file, suffix=suffix)
    if not default_storage.exists(kept.name):
        _write(kept.name, file)
    return kept


def unnamed_file() -> IO[bytes]:
    """A file to write what is then stored: whatever becomes of its writer, nothing of it is left.

    It lies beside the stored ones, where there is room for it; with an object store, where the system keeps
    what is temporary.
    """
    if not isinstance(default_storage, FileSystemStorage):
        return TemporaryFile()
    os.makedirs(default_storage.location, exist_ok=True)
    return TemporaryFile(dir=default_storage.location)


def store_beside(content: bytes, *, name: str) -> None:
    """Keep what was made from a stored file under a name of that file's, with another ending.

    What is there stays: it was made from the same.

    Args:
        content: the whole file.
        name: such as that of a stored PDF, ending ".png".
    """
    if not default_storage.exists(name):
        _write(name, BytesIO(content))


def name_of(content: bytes, *, suffix: str) -> str:
    """The name under which `store` keeps `content`."""
    return _described(BytesIO(content), suffix=suffix).name


def name_of_file(file: IO[bytes], *, suffix: str) -> str:
    """The name under which `store_file` keeps `file`."""
    return _described(file, suffix=suffix).name


def open_stored(name: str) -> File:
    """The file that `store` named, open for reading in binary.

    Raises:
        FileNotFoundError: nothing is kept under that name.
    """
    return default_storage.open(name, "rb")


def is_stored(name: str) -> bool:
    """Whether the file that `store` named is still kept."""
    return default_storage.exists(name)


def forget_file(name: str) -> None:
    """Delete the file that `store` named; the caller knows that no row needs it."""
    default_storage.delete(name)


def _described(file: IO[bytes], *, suffix: str) -> StoredFile:
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # typed for fewer kinds
    return StoredFile(name=f"{digest[:2]}/{digest}{suffix}", sha256=digest, size=file.seek(0, os.SEEK_END))


def _write(name: str, file: IO[bytes]) -> None:
    file.seek(0)
    if isinstance(default_storage, FileSystemStorage):
        _write_whole(Path(default_storage.path(name)), file)
    else:
        # An object store: there a write is whole or not at all.
        _store_as_object(name, file)


def _write_whole(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as file:
        try:
            copyfileobj(content, file)
            file.flush()
            # The row that names this file may be committed before the disk would write it by itself.
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _store_as_object(name: str, content: IO[bytes]) -> None:
    saved = default_storage.save(name, File(content))
    if saved != name:
        # The same content came from elsewhere between the look and the write.
        default_storage.delete(saved)
