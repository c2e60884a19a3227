"""Special consideration: what happened and to whom, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import ChoiceField, DayField, LinesField, MultipleChoiceField
from aimcert.foundation.times import NoSuchTime, at_local_time, said_place
from assessments.answering.actions import LONGEST_MINUTES, MOST_LOST, Following, Happened
from assessments.states import WhatFollows
from courses.models import Course, Enrolment

WORDS = 2000
EVERYBODY, SOME = "everybody", "some"


def _time(label: Any, **options: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Enter the time, about."),
            "invalid": _("Enter a time, such as 15:30."),
        },
        **options,
    )


def _minutes(label: Any, most: int, words: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-4", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
        **options,
    )


def _conditional(field: forms.Field) -> None:
    """Asked for by some answers alone: it is neither required nor called optional."""
    field.conditional = True  # type: ignore[attr-defined]


class _InZone(forms.Form):
    """Days and times by the clock where a course meets."""

    use_required_attribute = False

    def __init__(self, *args: Any, course: Course, **options: Any) -> None:
        super().__init__(*args, **options)
        self.course = course

    def moment(self, day: str, time: str) -> datetime | None:
        """The moment of two fields; what the clocks do not show becomes an error of the time."""
        typed = self.cleaned_data
        if not typed.get(day) or typed.get(time) is None:
            return None
        try:
            return at_local_time(datetime.combine(typed[day], typed[time]), self.course.zone)
        except NoSuchTime as refused:
            self.add_error(time, str(refused.message))
            return None


class HappenedForm(_InZone):
    """What happened to oneself, when, and what it did."""

    what = LinesField(
        label=_("What happened?"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Such as a fire alarm, feeling ill, a distressing call, or no power. A few words do."),
        error_messages={"required": _("Say what happened.")},
    )
    day = DayField(
        label=_("On which day?"), error_messages={"required": _("Enter the day on which it happened.")}
    )
    time = _time(_("At what time, about?"))
    minutes = _minutes(
        _("About how many minutes were lost?"),
        MOST_LOST,
        _("Enter about how many minutes were lost, from 1 to 600, or leave it empty."),
    )
    effect = LinesField(
        label=_("What did it do to you?"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How it made a difference to your day, or to your answers."),
        error_messages={"required": _("Say what it did to you.")},
    )
    trainers_may_read = forms.BooleanField(
        label=_("The trainers of this course may read what I wrote"),
        required=False,
        help_text=_("Without a tick they see that you told us something and when it happened, and no more."),
    )
    happened_at: datetime | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["time"].help_text = said_place(self.course.zone)
        # A tick is an answer, and so is none.
        if "trainers_may_read" in self.fields:
            _conditional(self.fields["trainers_may_read"])

    def clean(self) -> dict[str, Any]:
        self.happened_at = self.moment("day", "time")
        return self.cleaned_data

    def happened(self) -> Happened:
        """What was typed, of a form that is valid."""
        typed = self.cleaned_data
        assert self.happened_at is not None  # noqa: S101  both fields are required
        return Happened(typed["what"], self.happened_at, typed["effect"], typed["minutes"])


class RecordForm(HappenedForm):
    """What happened to people of one's course."""

    trainers_may_read = None  # type: ignore[assignment]
    whom = ChoiceField(
        label=_("To whom did it happen?"),
        choices=[
            (EVERYBODY, _("Everybody who was in the room")),
            (SOME, _("The people whom I tick below")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Whom the register has as absent then was not in the room."),
        error_messages={"required": _("Say to whom it happened.")},
    )
    people = MultipleChoiceField(
        label=_("People"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Somebody has left the course since. Tick the people again.")},
    )
    field_order = ("whom", "people", "what", "day", "time", "minutes", "effect")

    def __init__(self, *args: Any, people: Iterable[Enrolment], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_uuid = {str(one.uuid): one for one in people}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (uuid, one.person.name) for uuid, one in self.by_uuid.items()
        ]
        _conditional(self.fields["people"])
        self.fields["effect"].label = _("What did it do to them?")
        self.fields["effect"].help_text = _("Each of them can read this, and what you say above.")
        self.fields["effect"].error_messages["required"] = _("Say what it did to them.")

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("whom") == SOME and not typed.get("people") and "people" not in self.errors:
            self.add_error("people", _("Tick at least one person to whom it happened."))
        return typed

    @property
    def is_everybody(self) -> bool:
        """Whether it happened to everybody in the room."""
        return bool(self.cleaned_data["whom"] == EVERYBODY)

    def ticked(self) -> list[Enrolment]:
        """Who was ticked."""
        return [self.by_uuid[uuid] for uuid in self.cleaned_data["people"]]


class DecideForm(_InZone):
    """What follows, and why."""

    follows = ChoiceField(
        label=_("What follows?"),
        choices=[
            (WhatFollows.MORE_TIME, _("More time: minutes after the room closes, while they answer")),
            (WhatFollows.SITTING, _("Another sitting: answering is opened for them again")),
            (WhatFollows.NOTHING, _("Nothing follows")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what follows.")},
    )
    minutes = _minutes(
        _("How many minutes more"),
        LONGEST_MINUTES,
        _("Enter a whole number of minutes, from 1 to 600."),
        help_text=_("Only for more time."),
    )
    from_day = DayField(
        label=_("From, day"),
        required=False,
        help_text=_("Only for another sitting. Leave day and time empty, and it begins now."),
    )
    from_time = _time(_("From, time"), required=False)
    day = DayField(label=_("Until, day"), required=False, help_text=_("Only for another sitting."))
    until = _time(_("Until, time"), required=False)
    reason = LinesField(
        label=_("Why"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads it. Trainers read it only where they may read what happened."),
        error_messages={"required": _("Say why. The person reads it.")},
    )
    also = MultipleChoiceField(
        label=_("Decide the same for others to whom it happened"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A trainer recorded it for them together. Nobody decided on these yet."),
        error_messages={
            "invalid_choice": _("Somebody else decided on one of these meanwhile. Tick the people again.")
        },
    )
    starts_at: datetime | None = None
    until_at: datetime | None = None

    def __init__(self, *args: Any, others: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_uuid = {str(one.uuid): one for one in others}
        if self.by_uuid:
            self.fields["also"].choices = [  # type: ignore[attr-defined]
                (uuid, one.enrolment.person.name) for uuid, one in self.by_uuid.items()
            ]
        else:
            del self.fields["also"]
        for name, field in self.fields.items():
            if name not in ("follows", "reason"):
                _conditional(field)
        place = said_place(self.course.zone)
        self.fields["from_time"].help_text = self.fields["until"].help_text = place

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        match typed.get("follows"):
            case WhatFollows.MORE_TIME:
                if not typed.get("minutes") and "minutes" not in self.errors:
                    self.add_error("minutes", _("Enter a whole number of minutes, from 1 to 600."))
            case WhatFollows.SITTING:
                self._require("day", _("Enter the day on which it ends."))
                self._require("until", _("Enter the time at which it ends."))
                if typed.get("from_day") and typed.get("from_time") is None:
                    self._require("from_time", _("Enter the time at which it begins."))
                if typed.get("from_time") is not None and not typed.get("from_day"):
                    self._require("from_day", _("Enter the day on which it begins."))
                self.starts_at, self.until_at = (
                    self.moment("from_day", "from_time"),
                    self.moment("day", "until"),
                )
        return typed

    def _require(self, name: str, words: Any) -> None:
        if self.cleaned_data.get(name) is None and name not in self.errors:
            self.add_error(name, words)

    def following(self) -> Following:
        """What was chosen."""
        typed = self.cleaned_data
        return Following(
            WhatFollows(typed["follows"]), typed.get("minutes") or 0, self.starts_at, self.until_at
        )

    def ticked(self) -> list[Any]:
        """The others for whom the same is decided."""
        return [self.by_uuid[uuid] for uuid in self.cleaned_data.get("also", [])]
