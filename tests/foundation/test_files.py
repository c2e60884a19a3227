"""Made files are named by what they contain, whole or absent, on a disk and in an object store."""

from __future__ import annotations

import threading
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from aimcert.foundation.files import StoredFile, open_stored, store, store_beside


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
    }
    return folder


def kept(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_stored_file_is_named_by_its_hash_and_read_back(files: Path) -> None:
    digest = sha256(b"a certificate").hexdigest()
    stored = store(b"a certificate", suffix=".pdf")
    assert stored == StoredFile(name=f"{digest[:2]}/{digest}.pdf", sha256=digest, size=13)
    with open_stored(stored.name) as file:
        assert file.read() == b"a certificate"


def test_storing_again_changes_nothing(files: Path) -> None:
    first = store(b"same", suffix=".pdf")
    changed_at = (files / first.name).stat().st_mtime_ns
    assert store(b"same", suffix=".pdf") == first
    assert kept(files) == [first.name]
    assert (files / first.name).stat().st_mtime_ns == changed_at


def test_storing_the_same_at_the_same_moment_keeps_one_whole_file(files: Path) -> None:
    content = b"x" * 3_000_000
    ready = threading.Barrier(8)
    names: list[str] = []

    def store_once() -> None:
        ready.wait(10)
        names.append(store(content, suffix=".pdf").name)

    threads = [threading.Thread(target=store_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(names) == 8
    assert kept(files) == [names[0]]
    assert (files / names[0]).read_bytes() == content


def test_write_that_fails_leaves_nothing_behind(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        store(b"a certificate", suffix=".pdf")
    assert kept(files) == []


def test_object_store_keeps_one_file_too(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    first = store(b"a certificate", suffix=".pdf")
    assert store(b"a certificate", suffix=".pdf") == first
    with open_stored(first.name) as file:
        assert file.read() == b"a certificate"


def test_file_that_was_never_stored_is_said_to_be_missing(files: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_stored("00/00.pdf")


def test_what_is_made_of_a_file_is_kept_beside_it_once(files: Path) -> None:
    name = store(b"A page", suffix=".pdf").name.removesuffix(".pdf") + ".png"
    store_beside(b"Its picture", name=name)
    store_beside(b"Another", name=name)
    with open_stored(name) as file:
        assert file.read() == b"Its picture"
