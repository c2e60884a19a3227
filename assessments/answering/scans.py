"""Scans and photographs of paper: read as what they are, by a process of their own, before they are kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.refusals import Refused
from assessments.answering.scan_reading import MOST_PAGES, kind_of

# The process ends itself after as many seconds of the processor; a busy machine gives it longer.
MOST_WAIT = 180

REFUSALS: dict[str, Promise] = {
    "unknown": _("This is neither a PDF, nor a JPEG or PNG picture. Scan or photograph the paper again."),
    "damaged picture": _("This picture is damaged and cannot be read. Take it again."),
    "large": _("This picture is too large. Take or scan it again with fewer megapixels, 50 at most."),
    "damaged": _("This PDF is damaged and cannot be read. Scan the paper again."),
    "locked": _("This PDF is locked with a password. Save it without one, and add it again."),
    "empty": _("This PDF has no pages. Scan the paper again."),
    "long": _(
        "This PDF is too long to be one person’s paper. Add their pages alone, at most %(most)d in a file."
    ),
    "heavy": _(
        "This file takes too much to be read. Photograph the paper, or scan it again with fewer dots."
    ),
    "lost": _("This file was lost before it was read. Add it again."),
}


class ScanRefused(Refused):
    """A file that is no scan, or that cannot be kept as it is; nothing of it was.

    Attributes:
        reason: one of `REFUSALS`, or "" where it is not about what the file holds.
    """

    status = 422
    field = "sheets"

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class ReadingFailed(Exception):
    """The process that reads ended without a word: another try may succeed."""


@dataclass(frozen=True)
class ReadScan:
    """A scan as it is kept.

    Args:
        content: the whole file, written anew: pages and pictures, and nothing that came beside them.
        content_type: its true type.
        suffix: what its name ends with.
        pages: how many.
    """

    content: bytes
    content_type: str
    suffix: str
    pages: int


def said_refusal(reason: str) -> str:
    """Why a file was not kept and what to do, in the current language."""
    return str(REFUSALS[reason]) % {"most": MOST_PAGES}


def refuse_unknown(content: bytes) -> None:
    """Raise where its first bytes say already that it is no scan; nothing is decoded.

    Raises:
        ScanRefused: it is neither a PDF, nor a JPEG or PNG picture.
    """
    if not kind_of(content):
        raise ScanRefused(said_refusal("unknown"), "unknown")


def read_scan(content: bytes) -> ReadScan:
    """Read `content` as a PDF, a JPEG or a PNG, whatever its name says, and write it anew.

    That is done by a process that may use so much memory and time and no more: see
    `assessments.answering.scan_reading`. It takes seconds, so a worker does it, never a page.

    Raises:
        ScanRefused: it is none of these, or cannot be kept.
        ReadingFailed: the process died.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assessments.answering.scan_reading"],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"},
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_WAIT,
        )
    except subprocess.TimeoutExpired:
        raise ScanRefused(said_refusal("heavy"), "heavy") from None
    said, _newline, kept = done.stdout.partition(b"\n")
    if done.returncode != 0 or not said:
        raise ReadingFailed
    about = json.loads(said)
    if "refused" in about:
        raise ScanRefused(said_refusal(about["refused"]), about["refused"])
    return ReadScan(content=kept, **about)
