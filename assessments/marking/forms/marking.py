"""Every mark of a script as a page draws it: saved, typed, refused, or beside another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.models import Person
from aimcert.foundation.fields import redisplayed
from assessments.case_studies.models import Criterion
from assessments.marking.actions import SAID, Judged, Mark, MarkedMeanwhile, name_of, sign_of
from assessments.marking.forms.judging import MarkForm
from assessments.marking.models import CriterionMark
from assessments.marking.scripts import Part, Script
from assessments.marking.second_scripts import Oral


@dataclass(frozen=True)
class Refused:
    """A mark that was sent and not saved, as the page shows it beside what stands.

    Args:
        name: of the criterion.
        saved: what stands now, or None.
        mine: what was sent.
        because, use: the reason, and which of the two counts, as far as they were given.
        errors: what is wrong with these two.
    """

    name: str
    saved: CriterionMark | None
    mine: CriterionMark
    because: str = ""
    use: str = ""
    errors: Mapping[str, list[str]] | None = None

    @property
    def asks_reason(self) -> bool:
        """Whether to change what stands takes one: somebody else judged it."""
        return self.saved is not None and self.saved.judged_by_id != self.mine.judged_by_id

    @classmethod
    def of(cls, sent: Judged, saved: CriterionMark | None, reader: Person, **given: Any) -> Refused:
        """What became of `sent`, to `reader`, who sent it."""
        mine = sent.sent.as_row()
        mine.judged_by = reader
        return cls(sent.sent.criterion, saved, mine, **given)


def what_stands(judged: Judged) -> CriterionMark | None:
    """The mark that stood in the way of one that was sent, with who made it when; None: there is none."""
    if judged.by is None or judged.at is None:
        return None
    mark = judged.mark.as_row()
    mark.judged_by, mark.judged_at = Person.objects.get(pk=judged.by), judged.at
    return mark


@dataclass(frozen=True)
class MarkRow:
    """One criterion as the page draws it: what is typed or saved, and what is wrong with it.

    Args:
        name: the criterion, as its fields are named.
        base, had: which mark the page shows.
        by: who judged what is saved, where that is somebody else.
        about: the part of the answer that the criterion is about, in the answer's own words.
        oral: what another marker asked aloud about it, as evidence.
        refused: what was sent and not saved.
    """

    criterion: Criterion
    name: str
    mark: CriterionMark | None
    judged: str
    note: str
    oral_question: str
    oral_answer: str
    settled: str
    base: int | str
    had: str
    errors: Mapping[str, list[str]]
    by: Person | None = None
    about: str = ""
    oral: Oral | None = None
    refused: Refused | None = None

    @property
    def has_oral(self) -> bool:
        return bool(self.oral_question or self.oral_answer or self.settled)

    @property
    def has_errors(self) -> bool:
        return any(self.errors.values())


class MarksForm:
    """Every criterion of a script, for a browser without script: one form each.

    Args:
        script: what is marked, as it is now.
        data: what was sent; None: nothing yet.
        reader: whose own judgements are not said to be somebody's.
        refused: what of that was not saved; the rest was.
        orals: what another marker asked aloud, by the criterion's primary key.
    """

    def __init__(
        self,
        script: Script,
        data: Mapping[str, Any] | None = None,
        *,
        reader: Person,
        refused: MarkedMeanwhile | None = None,
        orals: Mapping[int, Oral] | None = None,
    ) -> None:
        self.orals = orals or {}
        self.script, self.reader, self.is_bound = script, reader, data is not None
        self.refused = {one.sent.criterion: one for one in refused.refused} if refused else None
        # Before anything is sent there is nothing to read: rows are drawn from the marks.
        self.forms = [
            MarkForm(name_of(criterion), data, is_blank=part.is_blank)
            for part in (script.parts if data is not None else ())
            for criterion in part.criteria
        ]
        self._named = {form.name: form for form in self.forms}

    def is_valid(self) -> bool:
        return self.is_bound and not self.errors

    @cached_property
    def errors(self) -> dict[str, Any]:
        """What is wrong, by criterion."""
        return {form.name: form.errors for form in self.forms if form.errors}

    def marks(self) -> list[Mark]:
        """What there is to be saved; only of forms that are valid."""
        return [form.mark for form in self.forms if form.is_meant]

    def rows(self, part: Part) -> list[MarkRow]:
        """The criteria of `part` as the page draws them: typed where the form came back, else saved."""
        return [self._row(criterion, part) for criterion in part.criteria]

    def _row(self, criterion: Criterion, part: Part) -> MarkRow:
        name, mark = name_of(criterion), self.script.marks.get(criterion.pk)
        form, sent = self._named.get(name), (self.refused or {}).get(name)
        values: dict[str, Any] = {key: getattr(mark, key, "") for key in SAID}
        values |= {"base": mark.revision if mark else 0, "had": sign_of(mark), "errors": {}}
        # Of a form that could be read, what was saved or not touched is shown as it stands.
        if form is not None and (sent or self.refused is None):
            typed = {key: redisplayed(form.data.get(form.add_prefix(key), "")) for key in form.fields}
            values |= {key: typed[key] for key in SAID}
            values["errors"] = {key: [str(words) for words in found] for key, found in form.errors.items()}
            if sent is not None:
                given = {"because": typed["because"], "use": typed["use"], "errors": values["errors"]}
                values["refused"] = Refused.of(sent, mark, self.reader, **given)
                # Nothing of what stands is what was sent.
                values["had"] = ""
            else:
                values |= {"base": typed["base"], "had": typed["had"]}
                if typed["asked"]:
                    values["refused"] = self._asked_again(name, mark, typed, values["errors"])
        return MarkRow(
            criterion=criterion,
            name=name,
            mark=mark,
            by=mark.judged_by if mark is not None and mark.judged_by_id != self.reader.pk else None,
            about=part.part_titles.get(criterion.part, "") if criterion.part else "",
            oral=self.orals.get(criterion.pk),
            **values,
        )

    def _asked_again(
        self, name: str, mark: CriterionMark | None, typed: dict[str, str], errors: dict[str, list[str]]
    ) -> Refused:
        """The two judgements once more, where the form came back for something else."""
        mine = CriterionMark(**{key: typed[key] for key in SAID}, judged_by=self.reader)
        return Refused(name, mark, mine, typed["because"], typed["use"], errors)
