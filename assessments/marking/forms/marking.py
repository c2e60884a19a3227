"""Marks as typed: of each criterion a judgement, a note, perhaps an oral question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import ChoiceField, LinesField, RevisionField, redisplayed
from assessments.case_studies.models import Criterion
from assessments.marking.actions import SAID, Mark, MarkedMeanwhile, Page, Verdict, name_of, sign_of
from assessments.marking.actions import Judged as Sent
from assessments.marking.models import CriterionMark
from assessments.marking.scripts import Part, Script
from assessments.states import Judged, Settled

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTE = 2000
ORAL_QUESTION = 2000
ORAL_ANSWER = 4000
BECAUSE = 2000
TEXTS = (*SAID, "because")
# Which of two judgements counts, where both were shown.
MINE, SAVED = "mine", "saved"


def _lines(longest: int, words: StrOrPromise) -> LinesField:
    return LinesField(required=False, max_length=longest, error_messages={"max_length": words})


class BaseField(RevisionField):
    """Which mark the page showed; where that cannot be read, none, so that nothing is written over unseen."""

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value) or 0
        except forms.ValidationError:
            return 0


class MarkForm(forms.Form):
    """One criterion; what is left open stays unmarked.

    Args:
        name: the criterion, as `Mark` calls it.
        data: what was sent.
        is_blank: whether the answer is, where that is known here.
    """

    use_required_attribute = False
    judged = ChoiceField(
        required=False,
        choices=Judged.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose met, partly met or not met.")},
    )
    note = _lines(NOTE, _("Shorten this note to 2,000 characters."))
    oral_question = _lines(ORAL_QUESTION, _("Shorten the oral question to 2,000 characters."))
    oral_answer = _lines(ORAL_ANSWER, _("Shorten the oral answer to 4,000 characters."))
    settled = ChoiceField(
        required=False,
        choices=Settled.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose whether the answer met the criterion.")},
    )
    because = _lines(BECAUSE, _("Shorten your reason to 2,000 characters."))
    base = BaseField()
    # What the page showed: what nobody touched is not saved, whatever stands there by now.
    had = forms.Field(required=False, widget=forms.HiddenInput)
    # Another judgement was shown beside this one, and one of the two was to be chosen.
    asked = forms.BooleanField(required=False, widget=forms.HiddenInput)
    use = ChoiceField(
        required=False,
        choices=[(SAVED, _("Keep what is saved")), (MINE, _("Save mine instead"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose which of the two judgements counts.")},
    )

    def __init__(self, name: str, data: Any = None, *, is_blank: bool = False) -> None:
        super().__init__(data, prefix=name)
        self.name = name
        if is_blank:
            choice = self.fields["judged"]
            choice.choices = [(Judged.NOT_MET, Judged.NOT_MET.label)]  # type: ignore[attr-defined]
            choice.error_messages["invalid_choice"] = _(
                "An answer that was left blank counts as not met: choose not met."
            )

    def add_prefix(self, field_name: str) -> str:
        return f"{field_name}_{self.prefix}"

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("asked") and not typed.get("use") and "use" not in self.errors:
            self.add_error("use", _("Choose which of the two judgements counts."))
        if "judged" in self.errors:
            return typed
        oral = [typed.get(key) for key in ("oral_question", "oral_answer", "settled")]
        if any(oral) and typed.get("judged") != Judged.PARTLY_MET:
            self.add_error(
                "judged",
                _("An oral question settles what was partly met: choose partly met, or clear the question."),
            )
        elif typed.get("settled"):
            for key, words in (
                ("oral_question", _("Write the oral question, word for word.")),
                ("oral_answer", _("Write what was answered, word for word.")),
            ):
                if not typed.get(key) and key not in self.errors:
                    self.add_error(key, words)
        return typed

    @property
    def mark(self) -> Mark:
        """What was typed; only of a form that is valid."""
        values = {key: str(self.cleaned_data[key] or "") for key in TEXTS}
        return Mark(criterion=self.name, base=self.cleaned_data["base"], **values)

    @property
    def is_meant(self) -> bool:
        """Whether there is something to save: it was touched, and not given up for what is saved."""
        return self.cleaned_data["use"] != SAVED and self.cleaned_data["had"] != sign_of(self.mark)


class SentForm(forms.Form):
    """What a page's script sends with a mark: which attempt it shows, and which of its saves this is.

    Args:
        says_attempt: whether the page knows it; who marks by question does not.
    """

    submission = forms.UUIDField(required=False)
    device = forms.UUIDField()
    sequence = forms.IntegerField(min_value=0, max_value=2**53)

    def __init__(self, data: Any, *, says_attempt: bool) -> None:
        super().__init__(data)
        self.fields["submission"].required = says_attempt

    @property
    def page(self) -> Page:
        return Page(self.cleaned_data["device"], self.cleaned_data["sequence"])


@dataclass(frozen=True)
class Refused:
    """A mark that was sent and not saved, as the page shows it beside what stands.

    Args:
        name: of the criterion.
        is_stale: the mark was changed meanwhile; else a co-trainer judged it, and no reason was given.
        saved: what stands now, or None.
        mine: what was sent.
        because, use: the reason, and which of the two counts, as far as they were given.
        errors: what is wrong with these two.
    """

    name: str
    is_stale: bool
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
    def of(cls, sent: Sent, saved: CriterionMark | None, reader: Person, **given: Any) -> Refused:
        """What became of `sent`, to `reader`, who sent it."""
        mine = sent.sent.as_row()
        mine.judged_by = reader
        is_stale = sent.verdict is Verdict.STALE
        return cls(sent.sent.criterion, is_stale, saved, mine, **given)


def what_stands(judged: Sent) -> CriterionMark | None:
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
    """

    def __init__(
        self,
        script: Script,
        data: Mapping[str, Any] | None = None,
        *,
        reader: Person,
        refused: MarkedMeanwhile | None = None,
    ) -> None:
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
            **values,
        )

    def _asked_again(
        self, name: str, mark: CriterionMark | None, typed: dict[str, str], errors: dict[str, list[str]]
    ) -> Refused:
        """The two judgements once more, where the form came back for something else."""
        mine = CriterionMark(**{key: typed[key] for key in SAID}, judged_by=self.reader)
        return Refused(name, True, mark, mine, typed["because"], typed["use"], errors)
