"""What an author sees of a whole version: its passages in order, and when each was saved by whom."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.case_studies.canonical import HEAD, passage_of, questions_of
from assessments.case_studies.models import Question, Section, Version, Wording


@dataclass(frozen=True)
class Row:
    """A section or question with its passage's name, and where one step up or down leads."""

    part: Section | Question

    @property
    def passage(self) -> str:
        return passage_of(self.part)

    @property
    def up(self) -> int:
        return self.part.number - 1

    @property
    def down(self) -> int:
        return self.part.number + 1


@dataclass(frozen=True)
class Overview:
    """A version's passages.

    Attributes:
        head: the wording of the head that stands.
        set_aside: passages of which a refused text is kept.
        removed: the last text of each passage that was taken out.
    """

    head: Wording | None
    sections: list[Section]
    questions: list[Question]
    set_aside: frozenset[str]
    removed: list[Wording]

    @property
    def section_rows(self) -> list[Row]:
        return [Row(section) for section in self.sections]

    @property
    def question_rows(self) -> list[Row]:
        return [Row(question) for question in self.questions]


def overview_of(version: Version) -> Overview:
    """Everything about the passages of `version` in four queries, whatever its size."""
    sections = list(version.sections.select_related("saved_by"))
    questions = list(questions_of(version).select_related("saved_by"))
    # The latest text of each passage; only of those that are gone is the content wanted.
    wordings = list(version.wordings.select_related("saved_by").defer("content"))
    parts: list[Section | Question] = [*sections, *questions]
    standing = {HEAD, *(passage_of(part) for part in parts)}
    last = {row.passage: row for row in wordings if not row.set_aside}
    return Overview(
        head=last.get(HEAD),
        sections=sections,
        questions=questions,
        set_aside=frozenset(row.passage for row in wordings if row.set_aside),
        removed=[row for passage, row in last.items() if passage not in standing],
    )
