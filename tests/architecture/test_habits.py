"""The house's habits that a linter of imports cannot see."""

from __future__ import annotations

import ast
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
# What lists of names and titles stand in order by; programmes have places of their own.
NAMED = re.compile(r"^-?(?:(?!programme__)\w+__)*(?:certificate_)?(?:name|title)$")
COMPARED = re.compile(r"(?:^|_)(?:name|title)__i?(?:contains|startswith)$")


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
def test_names_are_compared_and_put_in_order_as_people_do(path: Path) -> None:
    """By `InOrder` and `name_matches`: code points put Élodie after Zoe, and tell O'Neill from O’Neill."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "order_by":
            found += [by.value for by in node.args if isinstance(by, ast.Constant) and NAMED.search(by.value)]
        found += [word.arg for word in node.keywords if word.arg and COMPARED.search(word.arg)]
    assert found == [], f"{where(path)}: {found}"


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


# How a time would be said past the one way, `aimcert/foundation/times.py` and its filters. What a machine
# reads may stand: ISO 8601, and the value of an input for a time.
ONE_WAY = (ROOT / "aimcert/foundation/times.py", ROOT / "static/js/clock.js")
SAID_OTHERWISE = {
    ".py": re.compile(
        r"\btime_format\b|\bDATETIME_FORMAT\b|\bTIME_FORMAT\b|date_format\([^()]*(?:\([^()]*\)[^()]*)*\"[^\"]*[HGhgi]:?i"
        r"|(?<!T)(?<!format=\")%[HI]\b|\)s time\b|\bplace_of\(\w+\.(?:time_)?zone|\b(?:GMT|BST)\b"
    ),
    "template": re.compile(
        r"\|time\b|\|(?:naturaltime|timesince|timeuntil)\b|\|date:\"(?!DATE_FORMAT|c\")[^\"]*(?:[HGhgiPT]|_FORMAT)[^\"]*\""
        # A moment without a filter is printed with its time, and without its place.
        r"|\{\{ *[\w.]+_at *\}\}|=[\w.]+_at(?=[ %])"
        r"|\b(?:place|zone) \}\} time\b|those in \{\{|\b(?:GMT|BST)\b"
    ),
    ".js": re.compile(r"toLocale\w*String|DateTimeFormat|get(?:UTC)?(?:Hours|Minutes)\b"),
}
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
LETTERS = sorted((ROOT / "templates").rglob("*.txt"))
FORMATS = ROOT / "aimcert/formats"


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in [*SOURCES, *TEMPLATES, *LETTERS, *SCRIPTS]
        if path not in ONE_WAY and FORMATS not in path.parents
    ],
    ids=where,
)
def test_time_is_said_in_the_one_way(path: Path) -> None:
    otherwise = SAID_OTHERWISE.get(path.suffix, SAID_OTHERWISE["template"])
    found = [match.group() for match in otherwise.finditer(path.read_text())]
    assert not found, f"{where(path)} says a time otherwise: {found}"


@pytest.mark.parametrize("path", [*TEMPLATES, *LETTERS], ids=where)
def test_page_names_the_place_of_times_that_leave_it_out(path: Path) -> None:
    """Once for a table or a list, here or on every page that this is a part of."""
    if re.search(r'\|(?:moment|clock):"no place"', path.read_text()):
        assert names_the_place(path), f"{where(path)} says times of no place"


def names_the_place(path: Path) -> bool:
    name = str(path.relative_to(ROOT / "templates"))
    around = [page for page in TEMPLATES if f'{{% include "{name}"' in page.read_text()]
    return "{% times_are_those" in path.read_text() or (bool(around) and all(map(names_the_place, around)))


# Of another century, or of a contract.
DATED = re.compile(r"\b(?:shall|nought|moreover|hitherto|thereof|whilst|amongst)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", [*SOURCES, *TEMPLATES, *LETTERS, *SCRIPTS], ids=where)
def test_english_is_that_of_today(path: Path) -> None:
    found = DATED.findall(path.read_text())
    assert not found, f"{where(path)} says {found}"


# Where somebody is sent by a comment or a page: a file of ours, by its path.
OF_OURS = re.compile(
    r"(?<![\w/.-])((?:accounts|courses|assessments|certification|safeguarding|aimcert|tests|templates|static"
    r"|docs|ops|bench|rehearsal)/[\w/.-]+\.(?:py|html|json|js|css|md|yaml|sh)\b)"
)


def test_file_that_is_named_is_there() -> None:
    """Whoever follows a path in a comment, a docstring or a page of docs/ finds the file."""
    named = [*SOURCES, *TEMPLATES, *SCRIPTS, ROOT / "pyproject.toml", ROOT / "README.md"]
    for pattern in ("docs/**/*.md", "static/css/*.css", "tests/**/*.py"):
        named += sorted(ROOT.glob(pattern))
    # Of what names a template or a static file, the path begins at its folder.
    begin = (ROOT, ROOT / "templates", ROOT / "static")
    lost = [
        f"{where(path)}: {found}"
        for path in named
        for found in OF_OURS.findall(path.read_text())
        if not any((folder / found).exists() for folder in begin)
    ]
    assert lost == []
