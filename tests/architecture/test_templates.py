"""The form of templates, where the formatter leaves it to whoever writes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "templates").rglob("*.html"))
LETTERS = sorted((ROOT / "templates").rglob("*.txt"))
LONGEST = 120


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_line_is_not_too_long() -> None:
    """djangofmt may not break a tag of Django's: docs/contributing.md says how one writes it shorter."""
    assert not [
        f"{where(path)}: line {number}"
        for path in [*PAGES, *LETTERS]
        for number, line in enumerate(path.read_text().split("\n"), 1)
        if len(line) > LONGEST
    ]


def keep_their_lines() -> set[tuple[str, str]]:
    """Of each selector in our style sheets that keeps line breaks: the class it names, and its element."""
    found = set()
    for sheet in (ROOT / "static/css").glob("*.css"):
        for selectors in re.findall(r"([^{}]+)\{[^{}]*white-space: pre", sheet.read_text()):
            for selector in re.sub(r"/\*.*?\*/", "", selectors, flags=re.S).split(","):
                named = re.search(r"\.([\w-]+)(?: (\w+))?$", selector.strip())
                assert named, f"{sheet.name}: {selector}"
                found.add((named[1], named[2] or ""))
    return found


def test_what_keeps_its_lines_begins_and_ends_without_one() -> None:
    """There one between tag and text would be shown, wherever the formatter put it."""
    keeping, wrong = keep_their_lines(), []
    assert ("answer-text", "") in keeping
    for path in PAGES:
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", lambda tag: tag[0].replace(">", "-"), path.read_text())
        for name, element in keeping:
            if not re.search(rf'class="[^"]*\b{name}\b', text):
                continue
            tag = rf"<({element})\b[^>]*>" if element else rf'<(\w+)\b[^>]*class="[^"]*\b{name}\b[^>]*>'
            for kept in re.finditer(rf"{tag}(.*?)</\1>", text, re.S):
                if kept[2] != kept[2].strip():
                    wrong.append(f"{where(path)}: {kept[0][:60]}")
    assert wrong == []
