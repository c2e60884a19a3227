"""What a draft lacks before it can be proposed, passage by passage, in an author's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.case_studies.actions.contents import CheckedContent
from assessments.case_studies.canonical import HEAD, content_of, passage_of
from assessments.case_studies.models import Question, Section, Version


@dataclass(frozen=True)
class Missing:
    """One thing to put right, and the passage where; empty where it is about no single passage."""

    passage: str
    words: str


def missing_to_propose(
    version: Version, sections: Sequence[Section], questions: Sequence[Question]
) -> list[Missing]:
    """Everything that keeps `version` from being proposed, in the order in which it is read.

    Args:
        version: one that is underway.
        sections: its own, in order, as the page that asks read them.
        questions: likewise, with what `canonical.questions_of` reads.
    """
    places = {
        _("Version"): HEAD,
        **{_("Section %(number)s") % {"number": one.number}: passage_of(one) for one in sections},
        **{_("Question %(number)s") % {"number": one.number}: passage_of(one) for one in questions},
    }
    return [
        Missing(places.get(re.split("[:,]", words, maxsplit=1)[0], ""), _in_words(words))
        for words in CheckedContent(content_of(version, sections, questions)).problems
    ]


def _in_words(problem: str) -> str:
    """`problem` with what the author's pages call a field in the place of its name in a file."""
    called = {
        "content_note": _("the content note"),
        "fictional_statement": _("the statement that everyone in it is fictional"),
        "guide_words": _("the guide length"),
        "model_answer": _("the model answer"),
        "partly_met": _("“partly met”"),
        "not_met": _("“not met”"),
        "met": _("“met”"),
        "essential_because": _("why it is essential"),
        "body": _("its text"),
        "text": _("its text"),
        "constructs names none": _("choose at least one construct"),
    }
    where, colon, what = problem.partition(": ")
    for key, words in called.items():
        if what.startswith(key):
            what = words + what.removeprefix(key)
            break
    return f"{where}{colon}{what}"
