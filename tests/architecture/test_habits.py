"""The house's habits that a linter of imports cannot see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "courses", "assessments", "certification", "safeguarding")
OURS = (*APPS, "aimcert")
SOURCES = sorted(
    path for app in OURS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def views() -> list[Path]:
    return [path for path in SOURCES if path.name == "views.py" or path.parent.name == "views"]


@pytest.mark.parametrize("path", views(), ids=where)
def test_view_looks_up_only_what_is_visible(path: Path) -> None:
    """A look-up starts from `.visible_to(user)`, or from what is public."""
    found = re.findall(r"\b\w+\.objects\s*\.(\w+)", path.read_text())
    public = {"visible_to", "published", "with_code"}
    assert set(found) <= public, f"{where(path)} starts a look-up at {set(found)}"


@pytest.mark.parametrize("path", SOURCES, ids=where)
def test_state_is_never_written_past_its_transitions(path: Path) -> None:
    assert not re.search(r"\.update\([^)]*\bstate=", path.read_text(), re.S)


@pytest.mark.parametrize("path", SOURCES, ids=where)
def test_module_says_what_lives_here(path: Path) -> None:
    text = path.read_text()
    assert not text.strip() or text.lstrip().startswith(('"""', "#!")), f"{where(path)} has no first line"


@pytest.mark.parametrize("path", SOURCES, ids=where)
def test_nothing_is_called_a_helper(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", [*SOURCES, *TEMPLATES], ids=where)
def test_words_are_the_fields_own(path: Path) -> None:
    """*Not yet competent*, never *failed*; children who *display*, never *offender*."""
    text = path.read_text().lower()
    for word in ("offender", "perpetrator", "untrained", "incompetent"):
        assert word not in text, f"{where(path)} says {word}"


# What a template holds that is not for a reader: first its own tags, then HTML's.
TEMPLATE_TAGS = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{%\s*block main_class.*?endblock\s*%}|{%.*?%}|{{.*?}}",
    re.S,
)
HTML_TAGS = re.compile(r"<!--.*?-->|<(?:style|svg)\b.*?</(?:style|svg)>|<[^>]*>|&[a-z#0-9]+;", re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=where)
def test_template_has_every_word_translatable(path: Path) -> None:
    left = HTML_TAGS.sub(" ", TEMPLATE_TAGS.sub("", path.read_text()))
    words = re.findall(r"[^\W\d_]{2,}", left)
    # The name of what this is stands as it is in every language.
    assert set(words) <= {"AIMcert"}, f"{where(path)}: {words[:10]}"


@pytest.mark.parametrize("path", [path for path in TEMPLATES if "documents" not in path.parts], ids=where)
def test_template_has_no_inline_script_or_style(path: Path) -> None:
    text = TEMPLATE_TAGS.sub("", path.read_text())
    assert "<script>" not in text
    assert not re.search(r"\son[a-z]+=", text)
    if "emails" not in path.parts:
        assert "style=" not in text
        assert "<style" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=where)
def test_template_says_whose_clock_a_time_is_of(path: Path) -> None:
    """A time has its zone beside it, or the page says of which place its times are."""
    text = path.read_text()
    bare = re.findall(r'\|time\b(?!:"[^"]*T")|\|date:"(?:DATETIME_FORMAT|[^"T]*H:i[^"T]*)"', text)
    names_it = re.search(r"\{\{ (place|zone) \}\}|time_zone", text)
    assert not bare or names_it or "demo" in path.parts, f"{where(path)} prints a time of no zone: {bare}"
