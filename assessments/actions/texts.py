"""What an answer's text may be: every character that one can read, up to a limit, nothing trimmed."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from aimcert.foundation.refusals import Refused

LONGEST_ANSWER = 20_000  # characters, as PostgreSQL and Python count them
SHOWN_INSTEAD = "\N{REPLACEMENT CHARACTER}"
# Control characters but for tab and line feed, and halves of surrogate pairs, which UTF-8 cannot write.
UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class TextRefused(Refused):
    """An answer that cannot be kept as it is; the words say what to change."""

    status = 422


def kept(text: str) -> str:
    """`text` as it is kept: line ends are LF; one of nothing but spaces is empty; else unchanged.

    Raises:
        TextRefused: it is longer than `LONGEST_ANSWER`, or holds a character that nobody can read.
    """
    text = _with_lf(text)
    if len(text) > LONGEST_ANSWER:
        told = {
            "length": f"{len(text):,}",
            "limit": f"{LONGEST_ANSWER:,}",
            "over": f"{len(text) - LONGEST_ANSWER:,}",
        }
        raise TextRefused(
            _(
                "Your answer has %(length)s characters. It can have at most %(limit)s: "
                "shorten it by %(over)s and save again."
            )
            % told
        )
    if found := UNREADABLE.search(text):
        where: dict[str, str | int] = {
            "line": text.count("\n", 0, found.start()) + 1,
            "code": f"U+{ord(found[0]):04X}",
            "shown": SHOWN_INSTEAD,
        }
        raise TextRefused(
            _(
                "Line %(line)d of your answer holds a hidden character that cannot be kept (%(code)s). It "
                "can come with pasted text. It is shown as %(shown)s here: delete it and save again."
            )
            % where
        )
    return text if text.strip() else ""


def shown(text: str) -> str:
    """`text` as a refused answer is shown again: what cannot be kept stands out instead of vanishing."""
    return UNREADABLE.sub(SHOWN_INSTEAD, _with_lf(text))


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
