"""What tests of a case study's authoring share: a programme with a framework, a whole draft, its authors."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command

from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Construct, Version
from courses.models import Programme
from tests import factories


def aim3() -> Programme:
    """AIM3 with its constructs and the framework's first edition."""
    programme = factories.ProgrammeFactory.create(code="aim3", name="AIM3")
    call_command("load_framework")
    Construct.objects.get_or_create(
        programme=programme, code="developmental", defaults={"name": "Developmental"}
    )
    return programme


def criterion(**changed: Any) -> dict[str, Any]:
    """A criterion as content has it."""
    return {
        "text": "Names the concern.",
        "essential": True,
        "essential_because": "",
        "part": "",
        "met": "Does.",
        "partly_met": "Half.",
        "not_met": "Does not.",
        "constructs": ["developmental"],
        "areas": [],
        **changed,
    }


def question(**changed: Any) -> dict[str, Any]:
    """A written question as content has it."""
    return {
        "title": "What brought this referral?",
        "text": "What do you **see**?",
        "guidance": "Say why.",
        "guide_words": 100,
        "kind": "written",
        "settings": {},
        "model_answer": "MODEL-ANSWER",
        "criteria": [criterion()],
        **changed,
    }


def draft(programme: Programme, by: Person, *, sections: int = 2, questions: int = 1) -> Version:
    """A draft that lacks nothing."""
    version = actions.begin_version(programme=programme, copy=False, by=by)
    actions.save_head(
        version=version,
        title="Robin, aged 13",
        content_note="It describes harm.",
        fictional_statement="Everyone in it is made up.",
        base_revision=version.revision,
        by=by,
    )
    for number in range(1, sections + 1):
        actions.add_section(
            version=version,
            title=f"Section {number}",
            body=f"Robin was *here*, {number}.",
            figure=None,
            by=by,
        )
    for _number in range(questions):
        actions.add_question(version=version, content=question(), by=by)
    version.refresh_from_db()
    return version


def author(version: Version, admin: Person, **fields: Any) -> Person:
    """A licensed Associate who was invited to write `version`."""
    person = factories.associate(version.case_study.programme, **fields)
    actions.invite_author(version=version, person=person, by=admin)
    return person
