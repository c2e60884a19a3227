"""Whatever is put into a field of any form is kept as it is, or refused in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.http import HttpResponse
from django.utils.html import conditional_escape

from tests.bad_input.forms import BUTTONS, FORMS, Filled, send
from tests.bad_input.pages import Page, read
from tests.bad_input.state import state
from tests.bad_input.values import ACTING, EMPTY, VALUES, Bytes, Kind, Typed, Verdict
from tests.permissions.asking import rows_written, undone
from tests.permissions.matrix import MATRIX
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

# Words of a programmer's, or that say what is wrong and not what to do.
JARGON = re.compile(
    "Ensure this|Select a valid|Enter a valid|This field is required|Null characters|is not a valid"
    "|not one of the available|Enter a whole number[.]|Enter a list of|Enter a number[.]|ManagementForm"
    "|Please submit"
)
NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def test_every_form_is_here() -> None:
    # As tests/permissions asks each of them: whoever is signed in is told that there is nothing to send.
    taking = {route for route, asked in MATRIX.items() if "m" not in asked[0].post}
    known = {name.partition(": ")[0] for name in FORMS} | BUTTONS
    assert not taking - known, "fill these forms in in tests/bad_input/forms/"
    assert not known - taking, "these forms are gone"


@pytest.mark.parametrize("name", FORMS)
def test_what_is_typed_is_kept_or_refused_in_words(world: World, name: str) -> None:
    with undone():
        filled = FORMS[name](world)
        before = state(filled)
        with undone():
            response = send(filled, {})
            assert response.status_code == 302, (response.status_code, read(response))
        told = [*_together(filled, before), *_alone(filled, before)]
    assert not told, "\n" + "\n".join(told)


def test_every_value_has_a_name_of_its_own() -> None:
    for kind, values in VALUES.items():
        assert len({typed.what for typed in values}) == len(values), kind


def _together(filled: Filled, before: str) -> Iterator[str]:
    """What fields refuse, or keep, by themselves is put into all of them at once: one sending for many."""
    for fields in _rounds(filled, Verdict.KEPT):
        # Numbered, so that what one field keeps is not taken for what another does.
        numbered = {field: typed.numbered(number) for number, (field, typed) in enumerate(fields.items())}
        with undone():
            yield from _kept_badly(filled, numbered, _sent(filled, numbered))
    for fields in _rounds(filled, Verdict.REFUSED):
        yield from _many(filled, fields, Verdict.REFUSED, before)


def _alone(filled: Filled, before: str) -> Iterator[str]:
    """Where a value may be kept or refused, no other stands beside it.

    Except where nothing is in a field: once that is seen alone, the other ways to put nothing there are
    tried in all such fields at once.
    """
    empty: dict[str, dict[str, Typed]] = {}
    for field, typed, verdict in _cases(filled):
        if verdict is Verdict.EITHER:
            if typed in EMPTY[1:]:
                empty.setdefault(typed.what, {})[field] = typed
            else:
                yield from _one(filled, field, typed, verdict, before)
    for fields in empty.values():
        yield from _many(filled, fields, Verdict.EITHER, before)


def _rounds(filled: Filled, verdict: Verdict) -> Iterator[dict[str, Typed]]:
    """The values of which `verdict` must come: in each round the next one of every field."""
    values: dict[str, list[Typed]] = {}
    for field, typed, of_it in _cases(filled):
        if of_it is verdict:
            values.setdefault(field, []).append(typed)
    for number in range(max(map(len, values.values()), default=0)):
        yield {field: those[number] for field, those in values.items() if number < len(those)}


def _sent(filled: Filled, fields: dict[str, Typed]) -> HttpResponse:
    return send(filled, {field: typed.value for field, typed in fields.items()})


def _cases(filled: Filled) -> Iterator[tuple[str, Typed, Verdict]]:
    for field, kind in filled.kinds.items():
        for typed in VALUES[kind]:
            verdict = typed.verdict
            if verdict is Verdict.NEEDED:
                verdict = Verdict.REFUSED if filled.needs(field) else Verdict.EITHER
            yield field, typed, verdict


def _many(filled: Filled, fields: dict[str, Typed], verdict: Verdict, before: str) -> Iterator[str]:
    """What is wrong with what comes of all `fields` at once, and of those alone that no error leads to.

    A rule that looks at the whole form speaks only when each field is fine by itself.
    """
    with undone():
        written = rows_written()
        response = _sent(filled, fields)
        if response.status_code == 302 and verdict is Verdict.EITHER:
            return
        page = read(response)
        led = [where for where, _words in page.summary]
        if led or response.status_code >= 500:
            changed = rows_written() != written and state(filled) != before
            yield from _refused_badly(filled, fields, changed, response, page)
    for field, typed in fields.items():
        if not any(filled.own_ids.get(field, field) in where for where in led):
            yield from _one(filled, field, typed, verdict, before)


def _one(filled: Filled, field: str, typed: Typed, verdict: Verdict, before: str) -> list[str]:
    with undone():
        written = rows_written()
        response = _sent(filled, {field: typed})
        if response.status_code == 302:
            if verdict is Verdict.REFUSED:
                return [f"{field}, {typed.what}: accepted"]
            looks = filled.kinds[field] is Kind.ROWS and _acting_in(str(typed.value))
            return (
                [f"{field}, {typed.what}: a page lets it act"] if looks and _acting_in(_seen(filled)) else []
            )
        changed = rows_written() != written and state(filled) != before
        return list(_refused_badly(filled, {field: typed}, changed, response, read(response)))


def _kept_badly(filled: Filled, fields: dict[str, Typed], response: HttpResponse) -> Iterator[str]:
    """What is wrong with how a form was accepted."""
    if response.status_code != 302:
        yield f"{_about(fields)}: refused ({response.status_code}): {read(response).summary}"
        return
    for field, typed in fields.items():
        if not is_stored(typed.kept):
            yield f"{field}, {typed.what}: not stored as {typed.kept!r}"
    acting = {field: typed for field, typed in fields.items() if _acting_in(typed.kept)}
    seen = _seen(filled) if acting else ""
    if _acting_in(seen):
        whole = {field: typed for field, typed in acting.items() if typed.kept in seen}
        yield f"{_about(whole or acting)}: a page lets it act"
    for field, typed in acting.items():
        if field not in filled.unseen and conditional_escape(typed.kept) not in seen:
            yield f"{field}, {typed.what}: no page shows it"


def _acting_in(text: str) -> bool:
    return any(acting in text for acting in ACTING)


def _about(fields: dict[str, Typed]) -> str:
    return "; ".join(f"{field}, {typed.what}" for field, typed in fields.items())


def _seen(filled: Filled) -> str:
    """The pages that show what was typed."""
    seen = ""
    for client, path in [(filled.client, filled.path), *filled.seen_on]:
        answer = client.get(path, follow=True)
        assert answer.status_code < 500, f"{path}: an error of ours"
        seen += answer.content.decode()
    return seen


def _refused_badly(
    filled: Filled, fields: dict[str, Typed], changed: bool, response: HttpResponse, page: Page
) -> Iterator[str]:
    """What is wrong with how a form was refused."""
    about = _about(fields)
    if response.status_code >= 500:
        yield f"{about}: an error of ours ({response.status_code})"
        return
    if changed:
        yield f"{about}: refused, and yet something changed"
    yield from (f"{about}: jargon: {words}" for _where, words in page.summary if JARGON.search(words))
    if all(filled.kinds[field] is Kind.HIDDEN for field in fields):
        # Nobody typed it: a page that says what to do is enough.
        if response.status_code not in (400, 409, 422):
            yield f"{about}: answered with {response.status_code}"
        elif response.status_code == 422 and not page.summary:
            yield f"{about}: neither done nor refused"
        return
    if response.status_code != 422:
        yield f"{about}: no form came back ({response.status_code})"
        return
    yield from (f"{about}: {wrong}" for wrong in _told_badly(page, filled, fields))
    yield from (f"{about}: {wrong}" for wrong in _cleared(page, filled, fields))


def _told_badly(page: Page, filled: Filled, fields: dict[str, Typed]) -> Iterator[str]:
    """The title says that there is an error, the summary leads to it, and the same words stand there."""
    if not page.title.startswith("Error:"):
        yield f"the title does not say so: {page.title}"
    if not page.summary:
        yield "no summary of errors"
    for where, words in page.summary:
        if where and where.removeprefix("#") not in page.ids:
            yield f"leads nowhere ({where}): {words}"
        if not any(words in beside for beside in page.beside):
            yield f"not beside the field: {words}"
    if len(set(page.summary)) < len(page.summary):
        yield f"said twice: {page.summary}"
    led = [where for where, _words in page.summary if where]
    if led and not any(filled.own_ids.get(field, field) in where for where in led for field in fields):
        yield f"no error leads to it: {page.summary}"


def _cleared(page: Page, filled: Filled, fields: dict[str, Typed]) -> Iterator[str]:
    """What was typed still stands in the form, in the other fields too."""
    for field, kind in filled.kinds.items():
        if kind in (Kind.HIDDEN, Kind.SECRET):
            continue
        typed = fields[field].value if field in fields else filled.values.get(field)
        if kind in (Kind.CHOICE, Kind.TICK) and field in fields:
            # What was not offered cannot be shown as chosen.
            continue
        if isinstance(typed, Bytes):
            typed = unquote(typed, errors="replace")
        there = page.values.get(field, [])
        wanted = typed if isinstance(typed, list) else [typed or ""]
        if field in fields and isinstance(typed, list):
            wanted = typed[-1:]
        if sorted(map(_as_shown, there or [""])) != sorted(map(_as_shown, wanted)):
            yield f"what was typed into {field} is gone: {str(there)[:80]}"


def _as_shown(text: str) -> str:
    """Without what cannot be shown, and however it is broken into lines."""
    return " ".join(NOT_SHOWN.sub("\ufffd", text.replace("\r\n", "\n")).split())


def is_stored(text: str) -> bool:
    """Whether any column of ours holds exactly this."""
    parts = [
        f"SELECT 1 FROM {model._meta.db_table} WHERE {column.column} = %(text)s"  # noqa: S608
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "courses", "assessments", "certification", "safeguarding")
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField) and not isinstance(column, ArrayField)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " LIMIT 1", {"text": text})
        return bool(cursor.fetchone())
