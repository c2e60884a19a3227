"""What each row of a marking sheet would change, beside what stands; or why it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.typed import laid_out
from assessments.case_studies.models import Criterion
from assessments.marking.actions import SAID, TEXTS, Mark, name_of, sign_of
from assessments.marking.forms.judging import MarkForm
from assessments.marking.forms.marking_sheet import SheetRow
from assessments.marking.marking_sheet import Seal, SheetAnswer, SheetQuestion
from assessments.marking.models import CriterionMark


class Verdict(StrEnum):
    """What would become of a row."""

    CHANGES = "changes"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class SheetChange:
    """One row with what it is about.

    Args:
        row: as it was read.
        verdict: what would become of it.
        why: why not, and what to do.
        question, criterion: their numbers, where they are known.
        answer: which, where it is known.
        saved: what stands now.
        mark: what the row says, where that can be read.
    """

    row: SheetRow
    verdict: Verdict
    why: str = ""
    question: int | None = None
    criterion: int | None = None
    answer: SheetAnswer | None = None
    saved: CriterionMark | None = None
    mark: Mark | None = None

    @property
    def said(self) -> CriterionMark | None:
        """What the row says, as a page shows it."""
        return self.mark.as_row() if self.mark else None


class SheetChanges:
    """All rows of a sheet, each beside what stands.

    Args:
        rows: as they were read.
        questions: the answers as they are now, with their marks.
        seal: what the sheet is of.
        reader: who brings it back.
    """

    def __init__(
        self, rows: Iterable[SheetRow], questions: list[SheetQuestion], *, seal: Seal, reader: Person
    ) -> None:
        self._rows, self._seal, self._reader = list(rows), seal, reader
        self._times = Counter((row.code, row.criterion) for row in self._rows)
        self._answers = {answer.code: (asked, answer) for asked in questions for answer in asked.answers}

    @cached_property
    def all(self) -> list[SheetChange]:
        return [self._judged(row) for row in self._rows]

    @cached_property
    def changes(self) -> list[SheetChange]:
        return [one for one in self.all if one.verdict is Verdict.CHANGES]

    @cached_property
    def refused(self) -> list[SheetChange]:
        return [one for one in self.all if one.verdict is Verdict.REFUSED]

    @property
    def same(self) -> int:
        return len(self.all) - len(self.changes) - len(self.refused)

    def _judged(self, row: SheetRow) -> SheetChange:
        number = int(row.criterion) if row.criterion.isascii() and row.criterion.isdigit() else 0
        opened = self._seal.opened(row.fingerprint, row.code, number)
        if opened is None:
            return SheetChange(
                row,
                Verdict.REFUSED,
                _("A locked cell of this row was changed, or the row was put there. Judge it on its page."),
            )
        base, had = opened
        asked, answer = self._answers.get(row.code, (None, None))
        criterion = next((one for one in asked.criteria if one.number == number), None) if asked else None
        if asked is None or answer is None or criterion is None:
            return SheetChange(
                row,
                Verdict.REFUSED,
                _("This answer is not there any more: another attempt was submitted. Take a new sheet."),
            )
        # What nobody touched is found without a form, since a sheet has thousands of rows.
        touched = self._typed(row, criterion, base)
        saved = answer.marks.get(criterion.pk)
        is_same = sign_of(touched) in (had, sign_of(saved)) and not row.has_formula
        form = None
        if not is_same:
            form = MarkForm(touched.criterion, _fields(touched), is_blank=answer.is_blank)
            if form.is_valid():
                touched = form.mark
                is_same = sign_of(touched) in (had, sign_of(saved)) and not row.has_formula
        known: dict[str, Any] = {
            "question": asked.question.number,
            "criterion": number,
            "answer": answer,
            "saved": saved,
            "mark": touched,
        }
        if is_same:
            return SheetChange(row, Verdict.SAME, **known)
        why = self._why_not(row, form, answer, saved, touched)
        return SheetChange(row, Verdict.REFUSED if why else Verdict.CHANGES, why, **known)

    def _typed(self, row: SheetRow, criterion: Criterion, base: int) -> Mark:
        values = {name: laid_out(getattr(row, name)).strip() for name in TEXTS}
        return Mark(criterion=name_of(criterion), base=base, **values)

    def _why_not(
        self,
        row: SheetRow,
        form: MarkForm | None,
        answer: SheetAnswer,
        saved: CriterionMark | None,
        mark: Mark,
    ) -> str:
        if self._times[row.code, row.criterion] > 1:
            return _("This criterion stands in the sheet more than once. Judge it on its page.")
        if row.has_formula:
            return _(
                "There is a formula in this row. Write the words themselves, and bring the sheet back again."
            )
        if form is not None and form.errors:
            return " ".join(str(words) for found in form.errors.values() for words in found)
        if not answer.is_open:
            return _("The marking of this answer is finalised, and does not change any more.")
        if (saved.revision if saved else 0) != mark.base:
            return _(
                "This was judged elsewhere since the sheet was taken. It is not overwritten: if yours is to"
                " count, judge it on its page."
            )
        if saved is not None and saved.judged_by_id != self._reader.pk and not mark.because:
            return _("A co-trainer judged this. To change it, say why in the column for it.")
        return ""


def _fields(mark: Mark) -> dict[str, str]:
    """A mark as a form sends it."""
    values = {name: getattr(mark, name) for name in (*SAID, "because")}
    return {f"{name}_{mark.criterion}": value for name, value in values.items()} | {
        f"base_{mark.criterion}": str(mark.base)
    }
