"""Scripts are modules: what they import has a name with its hash, and is asked for before it is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from tests.environment import ROOT

SCRIPTS = ROOT / "static"
IMPORTED = re.compile(r'^import [^;]* from "(?P<path>\.[^"]+)";$', re.MULTILINE)
ENTRY = re.compile(r'<script\s+type="module"\s+src="{% static "(?P<path>[^"]+)" %}"')
ASKED_FOR = re.compile(r'<link\s+rel="modulepreload"\s+href="{% static "(?P<path>[^"]+)" %}"')
# What every page of somebody signed in has, before its own.
FRAME = ROOT / "templates/frame/scripts.html"
MODULES = sorted(str(path.relative_to(SCRIPTS)) for path in SCRIPTS.rglob("*.js"))
TEMPLATES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if ENTRY.search(path.read_text())
}


def imports_of(module: str) -> set[str]:
    """All that `module` imports, and what that imports."""
    here = (SCRIPTS / module).parent
    found = {
        str((here / path).resolve().relative_to(SCRIPTS))
        for path in IMPORTED.findall((SCRIPTS / module).read_text())
    }
    return found.union(*map(imports_of, found))


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_a_page_s_modules_import_is_asked_for_with_them(template):
    """Else a phone asks for one after the other, each only when it has read the one before."""
    asked = {*ASKED_FOR.findall(TEMPLATES[template])}
    entries = {*ENTRY.findall(TEMPLATES[template])}
    needed = set().union(*map(imports_of, entries)) - entries
    assert asked <= needed, "asked for, and imported by nothing"
    assert needed <= asked | {*ASKED_FOR.findall(FRAME.read_text())}


def test_every_module_is_on_a_page():
    entries = {entry for text in TEMPLATES.values() for entry in ENTRY.findall(text)}
    assert entries.union(*map(imports_of, entries)) == {*MODULES}


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_found_under_names_with_their_hash(module):
    collected = Path(staticfiles_storage.path(staticfiles_storage.stored_name(module)))
    named = {(collected.parent / path).resolve() for path in IMPORTED.findall(collected.read_text())}
    direct = IMPORTED.findall((SCRIPTS / module).read_text())
    assert len(named) == len(direct)
    meant = {str((SCRIPTS / module).parent.joinpath(path).resolve().relative_to(SCRIPTS)) for path in direct}
    expected = {Path(staticfiles_storage.path(staticfiles_storage.stored_name(path))) for path in meant}
    assert named == expected
    assert all(path.is_file() and re.search(r"\.[0-9a-f]{12}\.js$", path.name) for path in named)
