"""What an answer's text may be: every character that one can read, up to a limit, nothing trimmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aimcert.foundation.refusals import Refused
from aimcert.foundation.typed import is_seen, laid_out
from assessments.case_studies.kinds import AnswerRefused, kind_of
from assessments.case_studies.models import Question

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_ANSWER = 20_000  # characters, as PostgreSQL and Python count them


class TextRefused(Refused):
    """An answer that cannot be kept as it is; the words say what to change.

    Attributes:
        field: the name of the field that is meant, where the answer has several.
    """

    status = 422

    def __init__(self, message: StrOrPromise, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def kept(text: str) -> str:
    """`text` as it is kept: see `laid_out`; one of which nothing can be seen is empty; else unchanged.

    Raises:
        TextRefused: it is longer than `LONGEST_ANSWER`.
    """
    text = laid_out(text)
    if len(text) > LONGEST_ANSWER:
        told = {
            "length": f"{len(text):,}",
            "limit": f"{LONGEST_ANSWER:,}",
            "over": f"{len(text) - LONGEST_ANSWER:,}",
        }
        raise TextRefused(
            _(
                "Your answer has %(length)s characters. It can have at most %(limit)s: "
                "shorten it by %(over)s and save again."
            )
            % told
        )
    return text if is_seen(text) else ""


def kept_of(question: Question, values: Mapping[str, str]) -> str:
    """What was filled in for `question` as the one text that is kept; empty where nothing was.

    Args:
        question: with its kind and settings.
        values: by the name of the field.

    Raises:
        TextRefused: a value cannot be kept, all are too long together, or the form was another's.
    """
    kind = kind_of(question.kind)
    clean = {}
    for name, value in values.items():
        try:
            clean[name] = kept(value)
        except TextRefused as refused:
            raise TextRefused(refused.message, name) from refused
    try:
        text = kind.text_of(clean, question.settings)
    except AnswerRefused as refused:
        raise TextRefused(
            _("This form does not fit the question. Open the question again, and answer it there.")
        ) from refused
    if len(text) > LONGEST_ANSWER:
        raise TextRefused(
            _("Your answer is too long: altogether it can have about %(limit)s characters. Shorten it.")
            % {"limit": f"{LONGEST_ANSWER:,}"},
            next(iter(clean), ""),
        )
    return text


def left_out_of(question: Question, text: str) -> list[str]:
    """The names of the parts that a begun answer leaves empty.

    Args:
        question: with its kind and settings.
        text: as it is kept.
    """
    return [part.name for part in kind_of(question.kind).left_out(text, question.settings)]
