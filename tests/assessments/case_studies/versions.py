"""Versions on their way into force, for tests: proposed by actions, changed as an author would."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.actions.versions import keep_wording, lock_version, renew_fingerprint
from assessments.case_studies.canonical import passage_of, section_content
from assessments.models import Section, Version
from courses.models import Programme


def content(programme: Programme, *, sections: int = 3, words: int = 20, **changed: Any) -> dict[str, Any]:
    """Content that can be proposed: `sections` sections of `words` words, two questions."""
    question = {
        "text": "What do you see?",
        "guidance": "Say why.",
        "guide_words": 100,
        "model_answer": "MODEL-ANSWER: this.",
        "criteria": [
            {
                "text": "Names the concern.",
                "essential": True,
                "met": "Does.",
                "partly_met": "Half.",
                "not_met": "Does not.",
                "constructs": ["developmental"],
            }
        ],
    }
    return {
        "programme": programme.code,
        "title": "Robin: a fictional case study",
        "content_note": "It describes harm.",
        "fictional_statement": "Everyone in it is made up.",
        "constructs": [{"code": "developmental", "name": "Developmental", "illustrative": False}],
        "sections": [
            {
                "title": f"Section {number}",
                "body": " ".join(f"word{number}x{place}" for place in range(words)),
            }
            for number in range(1, sections + 1)
        ],
        "questions": [{"title": f"Question {number}", **question} for number in (1, 2)],
        **changed,
    }


def draft(programme: Programme, by: Person, **changed: Any) -> Version:
    """A draft of the case study of `programme`."""
    return actions.import_version(content=content(programme, **changed), by=by)


def proposed(programme: Programme, by: Person, **changed: Any) -> Version:
    """A version that everyone is asked about."""
    return actions.propose_version(version=draft(programme, by, **changed), by=by)


@transaction.atomic
def change_section(version: Version, *, number: int = 1, by: Person | None = None, **fields: Any) -> Section:
    """One section saved with other words, as an author saves it."""
    version = lock_version(version)
    section = version.sections.get(number=number)
    for name, value in (fields or {"body": "It reads otherwise now."}).items():
        setattr(section, name, value)
    section.revision += 1
    section.saved_by = by or version.drafted_by
    section.save()
    keep_wording(
        version, passage_of(section), section.revision, section_content(section), by=section.saved_by
    )
    renew_fingerprint(version)
    return section


def passage(version: Version, number: int = 1) -> str:
    """The name of one section's passage."""
    return passage_of(version.sections.get(number=number))


def all_agree(version: Version, *associates: Person) -> None:
    """Each of them agrees to the version as it stands."""
    for associate in associates:
        actions.agree(version=version, by=associate)
