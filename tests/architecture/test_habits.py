"""The house's habits that a linter of imports cannot see."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
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


def told(paths: Iterable[Path], find: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """Where `find` finds something in the text of one of `paths`, and what."""
    assert paths, "no file is looked at"
    found = {where(path): list(find(path.read_text())) for path in paths}
    return {path: what for path, what in found.items() if what}


def test_view_looks_up_only_what_is_visible() -> None:
    """A look-up starts from `.visible_to(user)`, or from what is public."""
    public = {"visible_to", "published", "with_code"}
    begins = re.compile(r"\b\w+\.objects\s*\.(\w+)")
    assert not told(views(), lambda text: set(begins.findall(text)) - public)


def test_names_are_compared_and_put_in_order_as_people_do() -> None:
    """By `InOrder` and `name_matches`: code points put Élodie after Zoe, and tell O'Neill from O’Neill."""

    def otherwise(text: str) -> Iterator[str]:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Attribute) and node.func.attr == "order_by":
                    values = [by.value for by in node.args if isinstance(by, ast.Constant)]
                    yield from (value for value in values if NAMED.search(value))
                yield from (word.arg for word in node.keywords if word.arg and COMPARED.search(word.arg))

    assert not told(SOURCES, otherwise)


def test_state_is_never_written_past_its_transitions() -> None:
    assert not told(SOURCES, re.compile(r"\.update\([^)]*\bstate=", re.S).findall)


def test_module_says_what_lives_here() -> None:
    silent = [path for path in SOURCES if not path.read_text().lstrip().startswith(('"""', "#!"))]
    assert not [where(path) for path in silent if path.read_text().strip()]


def test_nothing_is_called_a_helper() -> None:
    assert not [where(path) for path in SOURCES if path.stem in {"utils", "helpers", "common", "misc"}]


def test_words_are_the_fields_own() -> None:
    """*Not yet competent*, never *failed*; children who *display*, never *offender*."""
    others = re.compile("offender|perpetrator|untrained|incompetent", re.IGNORECASE)
    assert not told([*SOURCES, *TEMPLATES], others.findall)


# What a template holds that is not for a reader: first its own tags, then HTML's.
TEMPLATE_TAGS = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{%\s*block main_class.*?endblock\s*%}|{%.*?%}|{{.*?}}",
    re.S,
)
HTML_TAGS = re.compile(r"<!--.*?-->|<(?:style|svg)\b.*?</(?:style|svg)>|<[^>]*>|&[a-z#0-9]+;", re.S)


def test_template_has_every_word_translatable() -> None:
    def words(text: str) -> set[str]:
        left = HTML_TAGS.sub(" ", TEMPLATE_TAGS.sub("", text))
        # The name of what this is stands as it is in every language.
        return set(re.findall(r"[^\W\d_]{2,}", left)) - {"AIMcert"}

    assert not told(TEMPLATES, words)


def test_template_has_no_inline_script_or_style() -> None:
    scripts, styles = re.compile(r"<script>|\son[a-z]+="), re.compile(r"style=|<style")
    pages = [path for path in TEMPLATES if "documents" not in path.parts]
    assert not told(pages, lambda text: scripts.findall(TEMPLATE_TAGS.sub("", text)))
    pages = [path for path in pages if "emails" not in path.parts]
    assert not told(pages, lambda text: styles.findall(TEMPLATE_TAGS.sub("", text)))


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
    ("kind", "paths"), [(".py", SOURCES), ("template", [*TEMPLATES, *LETTERS]), (".js", SCRIPTS)]
)
def test_time_is_said_in_the_one_way(kind: str, paths: list[Path]) -> None:
    others = [path for path in paths if path not in ONE_WAY and FORMATS not in path.parents]
    assert not told(others, lambda text: [match.group() for match in SAID_OTHERWISE[kind].finditer(text)])


def test_page_names_the_place_of_times_that_leave_it_out() -> None:
    """Once for a table or a list, here or on every page that this is a part of."""
    without = re.compile(r'\|(?:moment|clock):"no place"')
    saying = [path for path in [*TEMPLATES, *LETTERS] if without.search(path.read_text())]
    assert saying
    assert not [where(path) for path in saying if not names_the_place(path)]


def names_the_place(path: Path) -> bool:
    name = str(path.relative_to(ROOT / "templates"))
    around = [page for page in TEMPLATES if f'{{% include "{name}"' in page.read_text()]
    return "{% times_are_those" in path.read_text() or (bool(around) and all(map(names_the_place, around)))


# Of another century, or of a contract.
DATED = re.compile(r"\b(?:shall|nought|moreover|hitherto|thereof|whilst|amongst)\b", re.IGNORECASE)


def test_english_is_that_of_today() -> None:
    assert not told([*SOURCES, *TEMPLATES, *LETTERS, *SCRIPTS], DATED.findall)


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
