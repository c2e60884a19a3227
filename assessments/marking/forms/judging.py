"""One mark as typed: a judgement, a note, perhaps an oral question; what a script sends with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import ChoiceField, LinesField, RevisionField, redisplayed
from assessments.marking.actions import TEXTS, Mark, Page, sign_of
from assessments.states import Judged, Settled

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTE = 2000
ORAL_QUESTION = 2000
ORAL_ANSWER = 4000
BECAUSE = 2000
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
        choices=[(SAVED, SAVED), (MINE, MINE)],
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


FIELD = re.compile(r"(judged|note|oral_question|oral_answer|because)_(\d{1,4})_(\d{1,4})")


def typed_in(data: QueryDict) -> list[str]:
    """What was judged and written in a form of marks, as one text to be copied; none where it was empty."""
    found: dict[tuple[int, int], list[str]] = {}
    for key in data:
        field, text = FIELD.fullmatch(key), str(data[key]).strip()
        if field is None or not text:
            continue
        label = str(Judged(text).label) if field[1] == "judged" and text in Judged.values else ""
        found.setdefault((int(field[2]), int(field[3])), []).append(label or redisplayed(text))
    heading = _now("Question %(question)d, criterion %(number)d")
    texts = [
        "\n".join([heading % {"question": question, "number": number}, *said])
        for (question, number), said in sorted(found.items())
    ]
    return ["\n\n".join(texts)] if texts else []
