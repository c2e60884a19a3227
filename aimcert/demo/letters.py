"""The letters that the demo kept, as the mailbox pages show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SHOWN = 200


@dataclass(frozen=True)
class Letter:
    """One kept letter.

    Attributes:
        name: what names it in the address of its page.
        attachments: the names of the files that came with it.
    """

    name: str
    to: str
    subject: str
    text: str
    kept_at: datetime
    attachments: tuple[str, ...]

    @property
    def marked_up(self) -> SafeString:
        """The text, with links to this site, and to no other, as links."""
        # The address of this site, with a path or at the end of a word, less a full stop after it.
        link = rf"({re.escape(settings.SITE_URL)}(?:/(?:[^\s<>\"]*[^\s<>\".,;:!?)])?|(?=[.,;:!?)]?(?:\s|$))))"
        parts = re.split(link, self.text)
        return format_html_join(
            "",
            "{}",
            (
                (format_html('<a href="{}">{}</a>', part, part) if place % 2 else part,)
                for place, part in enumerate(parts)
            ),
        )


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    return Letter(
        name=path.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text="" if body is None else str(body.get_content()),
        kept_at=datetime.fromtimestamp(int(path.stem.split("-")[0]) / 1e9, UTC),
        attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
    )


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "mailbox"


def newest_letters() -> list[Letter]:
    """The letters, newest first; the last 200 at most."""
    paths = sorted(_folder().glob("*.eml"), key=lambda path: path.name, reverse=True)
    return [_read(path) for path in paths[:SHOWN]]


def find_letter(name: str) -> Letter | None:
    """The letter `name`, if there is one."""
    if not re.fullmatch(r"[0-9]+-[0-9a-f]+", name):
        return None
    path = _folder() / f"{name}.eml"
    return _read(path) if path.is_file() else None
