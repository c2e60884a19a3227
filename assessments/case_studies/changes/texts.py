"""The texts that are compared: a version as it stands, as somebody agreed to it, as it was objected to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.case_studies.canonical import passage_sha256
from assessments.case_studies.changes.matching import Text
from assessments.case_studies.models import Version


def shas_of(text: Text) -> dict[str, str]:
    """The SHA-256 of each passage of `text`."""
    return {name: passage_sha256(dict(content)) for name, content in text.items()}


def text_then(version: Version, shas: Mapping[str, str], now: Text) -> dict[str, Mapping[str, Any]]:
    """The passages of `version` that had these SHA-256s, out of every wording that was saved.

    Args:
        shas: SHA-256 by passage, as an agreement or an objection keeps them.
        now: what stands there now.

    Returns:
        them in today's order, then what was removed since. One statement, and only where something
        changed. A passage whose wording was not kept is left out.
    """
    today = shas_of(now)
    changed = {name: sha for name, sha in shas.items() if today.get(name) != sha}
    kept: dict[str, Mapping[str, Any]] = {}
    if changed:
        wordings = version.wordings.filter(passage__in=changed, set_aside=False)
        for passage, content in wordings.values_list("passage", "content"):
            if passage not in kept and passage_sha256(content) == changed[passage]:
                kept[passage] = content
    found: dict[str, Mapping[str, Any]] = {}
    for name in [*(name for name in now if name in shas), *(name for name in shas if name not in now)]:
        if name not in changed:
            found[name] = now[name]
        elif name in kept:
            found[name] = kept[name]
    return found


def changed_since(shas: Mapping[str, str], now: Text) -> list[str]:
    """The passages of `now` that read otherwise, or were not there, when they had these SHA-256s."""
    return [name for name, sha in shas_of(now).items() if shas.get(name) != sha]
