"""The forms of the room: its hours, time for one person, by when answers are marked, codes to get in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.forms import CodeField
from aimcert.foundation.fields import DayField, LinesField
from aimcert.foundation.stale_forms import EditForm
from aimcert.foundation.times import NoSuchTime, at_local_time, said_place
from assessments.answering.actions import LONGEST_MINUTES, marking_date_seen
from assessments.answering.models import Sitting
from courses.models import Course

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASON = 1000
_MINUTES = _("Enter a whole number of minutes, from 1 to 600.")


def _minutes(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=1,
        max_value=LONGEST_MINUTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-4", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _MINUTES),
        **kwargs,
    )


def _reason(help_text: StrOrPromise) -> LinesField:
    return LinesField(
        label=_("Why"),
        help_text=help_text,
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why. It is kept with your name.")},
    )


class OpenForm(forms.Form):
    """For how long the room answers, if that is planned."""

    use_required_attribute = False
    minutes = _minutes(
        label=_("How many minutes"),
        help_text=_(
            "Answering then closes by itself; you can give more time. Leave it empty to close by hand."
        ),
        required=False,
    )


class ReopenForm(forms.Form):
    """Why the room answers again, and for how long."""

    use_required_attribute = False
    reason = _reason(_("Kept with your name; trainers and The AIM Project can read it."))
    minutes = _minutes(
        label=_("For how many minutes"),
        help_text=_("Leave it empty to close by hand."),
        required=False,
    )


class ExtraTimeForm(forms.Form):
    """Minutes for one person, and why."""

    use_required_attribute = False
    minutes = _minutes(
        label=_("How many minutes more"),
        help_text=_("After the room closes; added to what they have already."),
    )
    reason = _reason(
        _("Kept with your name. Trainers of this course and The AIM Project read it, nobody else.")
    )


class ReopenForOneForm(forms.Form):
    """Until when one person can answer again, and why."""

    use_required_attribute = False
    day = DayField(label=_("Until, day"), error_messages={"required": _("Enter the day on which it ends.")})
    until = forms.TimeField(
        label=_("Until, time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Enter the time at which it ends."),
            "invalid": _("Enter a time, such as 15:30."),
        },
    )
    reason = _reason(
        _("Kept with your name. Trainers of this course and The AIM Project read it, nobody else.")
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        self.fields["until"].help_text = said_place(course.zone)
        self.until_at: datetime | None = None

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("day") and typed.get("until") is not None:
            try:
                self.until_at = at_local_time(
                    datetime.combine(typed["day"], typed["until"]), self.course.zone
                )
            except NoSuchTime as refused:
                self.add_error("until", str(refused.message))
        return typed


class MarkingDateForm(EditForm):
    """A day that the room is told."""

    on = forms.DateField(
        label=_("Marked by"),
        help_text=_("Only where marking cannot be done today. Everyone who takes part sees this date."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Enter the date by which the answers will be marked."),
            "invalid": _("Enter a date, such as 27/11/2026."),
        },
    )

    @staticmethod
    def initial_of(sitting: Sitting) -> dict[str, Any]:
        """What the form shows of `sitting` as it is now."""
        return {"on": sitting.marking_due_on, "seen": marking_date_seen(sitting)}


class GiveCodeForm(forms.Form):
    """What a trainer says before they are shown a code for somebody."""

    use_required_attribute = False
    present = forms.BooleanField(
        label=_("I have this person in front of me"),
        error_messages={"required": _("Tick the box to say so. A code is never given by phone or email.")},
    )


class EntryCodeForm(forms.Form):
    """A code from a trainer, with whose it is."""

    use_required_attribute = False
    email = AddressField(help_text=_("The one that your invitation came to."))
    code = CodeField(
        label=_("Code from your trainer"),
        error_messages=dict.fromkeys(
            ("required", "max_length", "hidden"), _("Enter the code that your trainer showed you.")
        ),
    )
