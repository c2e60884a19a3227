"""The page of one question: its form, and one for each criterion."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _

from assessments.case_studies.canonical import area_key, question_content
from assessments.case_studies.forms.writing_questions import (
    ROW,
    SETTING,
    CriterionForm,
    Offered,
    QuestionForm,
)
from assessments.case_studies.kinds import Kind, kind_of
from assessments.case_studies.models import Question, Version


class QuestionSheet:
    """A question's page: its form and one for each criterion.

    Adding and removing a criterion keeps all that was typed and complains of nothing yet; saving checks it.
    """

    def __init__(self, version: Version, kind: Kind, settings: dict[str, Any] | None) -> None:
        self.version, self.kind, self.settings = version, kind, settings
        parts = kind.parts(settings) if settings else ()
        waits = settings is None and kind.has_parts
        self.offered = Offered(
            parts=None if settings is None else [("", _("The whole answer")), *parts] if parts else [],
            constructs=[(row.code, row.name) for row in version.case_study.programme.constructs.all()],
            areas=_grouped_areas(version),
            asks_why=kind.essential_by_decision,
            parts_wait_for=", ".join(str(field.label) for field in kind.setting_fields()) if waits else "",
        )
        self.question: QuestionForm
        self.criteria: list[CriterionForm] = []

    @property
    def next_key(self) -> str:
        """What the next criterion that is added is called."""
        return str(max((int(form.key) for form in self.criteria), default=0) + 1)

    @property
    def forms(self) -> list[forms.Form]:
        return [self.question, *self.criteria]

    @classmethod
    def blank(cls, version: Version, kind: Kind) -> Self:
        """A new question of `kind`, with one criterion to fill in."""
        sheet = cls(version, kind, None)
        sheet.question = QuestionForm(kind=kind, version=version, initial={"base_revision": 0})
        sheet.criteria = [CriterionForm(key="1", offered=sheet.offered)]
        return sheet

    @classmethod
    def of(cls, version: Version, question: Question) -> Self:
        """What stands."""
        return cls.with_typed(version, question_content(question), question.revision)

    @classmethod
    def with_typed(cls, version: Version, content: dict[str, Any], revision: int) -> Self:
        """`content`, to be saved over `revision`."""
        kind = kind_of(content["kind"])
        sheet = cls(version, kind, content["settings"])
        typed = {f"{SETTING}{key}": value for key, value in kind.typed_of(content["settings"]).items()}
        sheet.question = QuestionForm(
            kind=kind, version=version, initial={**content, **typed, "base_revision": revision}
        )
        sheet.criteria = [
            CriterionForm(
                key=str(key),
                offered=sheet.offered,
                initial={**row, "essential": "yes" if row["essential"] else "no"},
            )
            for key, row in enumerate(content["criteria"], start=1)
        ]
        return sheet

    @classmethod
    def posted(cls, version: Version, kind: Kind, data: Any, settings: dict[str, Any] | None) -> Self:
        """What was sent; `settings` are those that stand, where the sent ones cannot be used."""
        form = QuestionForm(data, kind=kind, version=version)
        form.is_valid()
        sheet = cls(version, kind, settings if form.settings is None else form.settings)
        sheet.question = form
        keys = [key for key in dict.fromkeys(data.getlist(ROW)) if key.isascii() and key.isdigit()][:100]
        sheet.criteria = [CriterionForm(data, key=key, offered=sheet.offered) for key in keys]
        return sheet

    def is_valid(self) -> bool:
        # Each is asked, so that the page says everything that is wrong at once.
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    def content(self) -> dict[str, Any]:
        """The question as content has it; only of a valid sheet."""
        values = self.question.cleaned_data
        return {
            "title": values["title"],
            "text": values["text"],
            "guidance": values["guidance"],
            "guide_words": values["guide_words"],
            "kind": self.kind.code,
            "settings": self.question.settings,
            "model_answer": values["model_answer"],
            "criteria": [form.content() for form in self.criteria],
        }

    def with_one_more(self) -> Self:
        """The same as typed, with an empty criterion at the end."""
        sheet = self._as_typed(self.criteria)
        sheet.criteria.append(CriterionForm(key=self.next_key, offered=sheet.offered))
        return sheet

    def without(self, key: str) -> Self:
        """The same as typed, but for the criterion called `key`."""
        return self._as_typed([form for form in self.criteria if form.key != key])

    def _as_typed(self, criteria: list[CriterionForm]) -> Self:
        sheet = type(self)(self.version, self.kind, self.settings)
        sheet.question = QuestionForm(kind=self.kind, version=self.version, initial=_values(self.question))
        sheet.criteria = [
            CriterionForm(key=one.key, offered=sheet.offered, initial=_values(one)) for one in criteria
        ]
        return sheet


def _values(form: forms.Form) -> dict[str, Any]:
    return {field.name: field.value() for field in form}


def _grouped_areas(version: Version) -> list[tuple[str, list[tuple[str, str]]]]:
    """The areas of the version's framework, below their stage and strand."""
    if version.edition is None:
        return []
    titles = {stage.number: stage.title for stage in version.edition.stages.all()}
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for area in version.edition.areas.all():
        told = {"number": area.stage, "title": titles.get(area.stage, ""), "strand": area.strand}
        heading = _("Stage %(number)d, %(title)s: %(strand)s") % told
        groups[heading].append((area_key(area), area.title))
    return list(groups.items())
