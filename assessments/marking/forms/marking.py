"""The marks of one script, as typed: a judgement and a note for each criterion, perhaps an oral question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import ChoiceField, LinesField, RevisionField, redisplayed
from assessments.case_studies.models import Criterion
from assessments.marking.actions import Mark
from assessments.marking.models import CriterionMark
from assessments.marking.scripts import Part, Script
from assessments.states import Judged, Settled

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTE = 2000
ORAL_QUESTION = 2000
ORAL_ANSWER = 4000


@dataclass(frozen=True)
class MarkRow:
    """One criterion as the page draws it: what is typed or saved, and what is wrong with it."""

    criterion: Criterion
    name: str
    mark: CriterionMark | None
    judged: str
    note: str
    oral_question: str
    oral_answer: str
    settled: str
    errors: dict[str, list[str]]
    # The part of the answer that the criterion is about, in the answer's own words.
    about: str = ""

    @property
    def has_oral(self) -> bool:
        return bool(self.oral_question or self.oral_answer or self.settled)

    @property
    def has_errors(self) -> bool:
        return any(self.errors.values())


class MarksForm(forms.Form):
    """Every criterion of a script; what is left open stays unmarked."""

    use_required_attribute = False
    revision = RevisionField()

    def __init__(self, script: Script, data: Any = None) -> None:
        super().__init__(data, initial={"revision": script.revision})
        self.script = script
        for part in script.parts:
            for criterion in part.criteria:
                self._add(criterion, part.is_blank)

    def _add(self, criterion: Criterion, is_blank: bool) -> None:
        name = name_of(criterion)
        refused = (
            _("An answer that was left blank counts as not met: choose not met.")
            if is_blank
            else _("Choose met, partly met or not met.")
        )
        self.fields |= {
            f"judged_{name}": ChoiceField(
                required=False,
                choices=[(Judged.NOT_MET, Judged.NOT_MET.label)] if is_blank else Judged.choices,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": refused},
            ),
            f"note_{name}": _lines(NOTE, _("Shorten this note to 2,000 characters.")),
        }
        if not is_blank:
            self.fields |= {
                f"oral_question_{name}": _lines(
                    ORAL_QUESTION, _("Shorten the oral question to 2,000 characters.")
                ),
                f"oral_answer_{name}": _lines(ORAL_ANSWER, _("Shorten the oral answer to 4,000 characters.")),
                f"settled_{name}": ChoiceField(
                    required=False,
                    choices=Settled.choices,
                    widget=forms.RadioSelect,
                    error_messages={"invalid_choice": _("Choose whether the answer met the criterion.")},
                ),
            }

    def clean(self) -> dict[str, Any]:
        for criterion in self.script.criteria:
            self._check(name_of(criterion))
        return self.cleaned_data

    def _check(self, name: str) -> None:
        judged = self._typed("judged", name)
        oral = {key: self._typed(key, name) for key in ("oral_question", "oral_answer", "settled")}
        written = self._typed("note", name) or any(oral.values())
        if written and not judged and f"judged_{name}" not in self.errors:
            self.add_error(
                f"judged_{name}", _("Choose met, partly met or not met here, or clear what you wrote.")
            )
        if any(oral.values()) and judged and judged != Judged.PARTLY_MET:
            self.add_error(
                f"judged_{name}",
                _("An oral question settles what was partly met: choose partly met, or clear the question."),
            )
            return
        if any(oral.values()) and not all(oral.values()):
            words = {
                "oral_question": _("Write the oral question, word for word."),
                "oral_answer": _("Write what was answered, word for word."),
                "settled": _("Choose whether the answer met the criterion."),
            }
            for key, value in oral.items():
                if not value and f"{key}_{name}" not in self.errors:
                    self.add_error(f"{key}_{name}", words[key])

    def _typed(self, key: str, name: str) -> str:
        return str(self.cleaned_data.get(f"{key}_{name}") or "")

    def marks(self) -> list[Mark]:
        """What was judged; only of a form that is valid."""
        return [
            Mark(
                criterion=criterion.pk,
                judged=self._typed("judged", name),
                note=self._typed("note", name),
                oral_question=self._typed("oral_question", name),
                oral_answer=self._typed("oral_answer", name),
                settled=self._typed("settled", name),
            )
            for criterion in self.script.criteria
            if self._typed("judged", name := name_of(criterion))
        ]

    def rows(self, part: Part) -> list[MarkRow]:
        """The criteria of `part` as the page draws them: typed where the form came back, else saved."""
        return [self._row(criterion, part) for criterion in part.criteria]

    def _row(self, criterion: Criterion, part: Part) -> MarkRow:
        name, mark = name_of(criterion), self.script.marks.get(criterion.pk)
        keys = ("judged", "note", "oral_question", "oral_answer", "settled")
        if self.is_bound:
            values = {key: redisplayed(self.data.get(f"{key}_{name}", "")) for key in keys}
            errors = {key: [str(words) for words in self.errors.get(f"{key}_{name}", [])] for key in keys}
        else:
            values = {key: getattr(mark, key, "") for key in keys}
            errors = {}
        about = part.part_titles.get(criterion.part, "") if criterion.part else ""
        return MarkRow(criterion=criterion, name=name, mark=mark, errors=errors, about=about, **values)


def name_of(criterion: Criterion) -> str:
    """How the form calls a criterion: "2_1" is the first of the second question."""
    return f"{criterion.question.number}_{criterion.number}"


def _lines(longest: int, words: StrOrPromise) -> LinesField:
    return LinesField(required=False, max_length=longest, error_messages={"max_length": words})
