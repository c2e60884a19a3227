"""Beginning a version of a case study, who writes it, and writing it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from assessments.case_studies import actions
from assessments.models import Version
from tests import factories
from tests.bad_input.forms.filled import Filled, carried, form, key, signed_in
from tests.bad_input.values import Kind
from tests.permissions.world import World


def _draft(world: World) -> Version:
    """A draft on the framework that is in force, so that a question can be of any kind."""
    programme, by = factories.ProgrammeFactory.create(), world.people["AIM admin"]
    factories.version(programme)
    factories.framework(programme)
    assert by is not None
    return actions.begin_version(programme=programme, copy=True, by=by)


@form("assessments:version_begin")
def _begin(world: World) -> Filled:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme)
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("assessments:version_begin", args=[programme.code]),
        key() | {"begin": "copy"},
        {"begin": Kind.CHOICE},
    )


@form("assessments:version_authors")
def _author(world: World) -> Filled:
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("assessments:version_authors", args=[world.names["version"]]),
        {"person": str(world.people["trainer"].uuid)},  # type: ignore[union-attr]
        {"person": Kind.CHOICE},
    )


@form("assessments:version_edit_head")
def _head(world: World) -> Filled:
    client, version = signed_in(world.people["other trainer"]), world.names["version"]
    path = reverse("assessments:version_edit_head", args=[version])
    return Filled(
        client,
        path,
        carried(client, path, "base_revision")
        | {"title": "Robin", "content_note": "Harm.", "fictional_statement": "All of it is made up."},
        {
            "title": Kind.LINE,
            "content_note": Kind.LINES,
            "fictional_statement": Kind.LINES,
            "base_revision": Kind.HIDDEN,
        },
        seen_on=[
            (client, path),
            (client, reverse("assessments:version", args=[version])),
            (client, reverse("assessments:version_preview_participant", args=[version])),
        ],
    )


_SECTION = {
    "title": "At home",
    "body": "Robin is at home.",
    "figure_kind": "",
    "timeline": "",
    "genogram": "",
}
_SECTION_KINDS = {
    "title": Kind.LINE,
    "body": Kind.LINES,
    "figure_kind": Kind.CHOICE,
    "timeline": Kind.ROWS,
}


@form("assessments:version_section")
def _section(world: World) -> Filled:
    client, version = signed_in(world.people["other trainer"]), world.names["version"]
    path = reverse("assessments:version_section", args=[version, world.names["section"]])
    return Filled(
        client,
        path,
        carried(client, path, "base_revision")
        | _SECTION
        | {"figure_kind": "timeline", "timeline": "Aged 9 | Moves."},
        _SECTION_KINDS,
        needed={"title", "body", "timeline"},
        seen_on=[(client, path), (client, reverse("assessments:version", args=[version]))],
    )


@form("assessments:version_section_new")
def _section_new(world: World) -> Filled:
    client, version = signed_in(world.people["AIM admin"]), _draft(world)
    return Filled(
        client,
        reverse("assessments:version_section_new", args=[version.uuid]),
        key() | _SECTION | {"base_revision": "0", "figure_kind": "genogram", "genogram": "Dylan | male | 14"},
        {"genogram": Kind.ROWS, "base_revision": Kind.HIDDEN},
        needed={"title", "genogram"},
        seen_on=[(client, reverse("assessments:version", args=[version.uuid]))],
    )


_CRITERION = {
    "criterion": "1",
    "criterion-1-text": "Names the concern.",
    "criterion-1-essential": "yes",
    "criterion-1-met": "Does.",
    "criterion-1-partly_met": "Half.",
    "criterion-1-not_met": "Does not.",
    "criterion-1-constructs": ["developmental"],
}
_QUESTION = {
    "title": "What brought this?",
    "text": "What do you see?",
    "guidance": "Say why.",
    "guide_words": "100",
    "model_answer": "That it is a worry.",
    **_CRITERION,
}
_QUESTION_KINDS = {
    "title": Kind.LINE,
    "text": Kind.LINES,
    "guide_words": Kind.NUMBER,
    "criterion-1-text": Kind.LINES,
    "criterion-1-essential": Kind.CHOICE,
    "criterion-1-constructs": Kind.CHOICE,
    "criterion": Kind.HIDDEN,
}


@form("assessments:version_question")
def _question(world: World) -> Filled:
    client, version = signed_in(world.people["other trainer"]), world.names["version"]
    path = reverse("assessments:version_question", args=[version, world.names["question"]])
    return Filled(
        client,
        path,
        carried(client, path, "base_revision") | _QUESTION,
        _QUESTION_KINDS,
        # The version is proposed: it lacks nothing.
        needed=set(_QUESTION) - {"guidance", "guide_words"},
        seen_on=[
            (client, path),
            (client, reverse("assessments:version", args=[version])),
            (client, reverse("assessments:version_preview_question", args=[version, 1])),
        ],
    )


def _added(world: World, kind: str, more: dict[str, Any], kinds: dict[str, Kind]) -> Filled:
    client, version = signed_in(world.people["AIM admin"]), _draft(world)
    typed = key() | _QUESTION | {"base_revision": "0"} | more
    return Filled(
        client,
        reverse("assessments:version_question_new", args=[version.uuid]) + f"?kind={kind}",
        typed,
        kinds,
        needed={"title", "criterion-1-text", "criterion-1-essential", "setting_options", "setting_people"},
        seen_on=[(client, reverse("assessments:version", args=[version.uuid]))],
    )


@form("assessments:version_question_new: choice")
def _choice(world: World) -> Filled:
    return _added(
        world,
        "choice",
        {"setting_options": "At home\nIn care"},
        {"setting_options": Kind.ROWS},
    )


@form("assessments:version_question_new: plan")
def _plan(world: World) -> Filled:
    return _added(
        world,
        "intervention-plan",
        {
            "setting_people": "Dylan | young person\nCarys | adults",
            "criterion-1-part": "dylan",
            "criterion-1-essential_because": "The Associates agreed.",
        },
        {
            "setting_people": Kind.ROWS,
            "criterion-1-part": Kind.CHOICE,
            "criterion-1-areas": Kind.CHOICE,
            "criterion-1-essential_because": Kind.LINES,
        },
    )
