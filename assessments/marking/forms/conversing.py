"""A conversation about an outcome, and why there was none so far, as typed by a trainer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, PersonQuerySet
from aimcert.foundation.fields import ChoiceField, DayField, ModelChoiceField
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.times import NoSuchTime, at_local_time, local_clock, said_place
from assessments.marking.actions import last_day_to_speak
from assessments.marking.forms.recommending import TEXT, RevisionForm, text_field
from assessments.marking.models import Recommendation
from assessments.states import NoConversation
from courses.models import Course

# Of who holds a conversation: nobody by name.
AIM_PROJECT = "aim"
SHORT = 1000


def trainers_of(course: Course) -> PersonQuerySet:
    """Those who are assigned to `course`, by name."""
    found: PersonQuerySet = Person.objects.filter(trained__course=course).order_by(InOrder("name"), "pk")
    return found


class ConversationForm(RevisionForm):
    """When the conversation was held, by whom, and what was said."""

    day = DayField(label=_("Day"), error_messages={"required": _("Enter the day of the conversation.")})
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Enter the time of the conversation."),
            "invalid": _("Enter a time, such as 15:30."),
        },
    )
    held_by = ModelChoiceField(
        label=_("Held by"),
        queryset=Person.objects.none(),
        to_field_name="uuid",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who held the conversation."),
        },
    )
    words = text_field(
        _("What was said"),
        TEXT,
        rows=8,
        help_text=_(
            "What you told them, and what they said. Trainers of this course and The AIM Project read it;"
            " the person it is about can ask to."
        ),
        error_messages={"required": _("Write what was said.")},
    )

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        self.fields["time"].help_text = _("About when it began, %(place)s.") % {
            "place": said_place(course.zone)
        }
        self.fields["held_by"].queryset = trainers_of(course)  # type: ignore[attr-defined]

    @staticmethod
    def of(recommendation: Recommendation, course: Course) -> dict[str, Any]:
        """What the form begins with: the record, or now."""
        at = local_clock(recommendation.conversation_on or timezone.now(), course.zone)
        begun: dict[str, Any] = {"revision": recommendation.revision, "words": recommendation.conversation}
        if recommendation.conversation_by is not None:
            begun |= {"day": at.date(), "time": at.time(), "held_by": recommendation.conversation_by.uuid}
        return begun

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("day") and typed.get("time") is not None:
            try:
                typed["held_on"] = at_local_time(
                    datetime.combine(typed["day"], typed["time"]), self.course.zone
                )
            except NoSuchTime as refused:
                self.add_error("time", str(refused.message))
            else:
                if typed["held_on"] > timezone.now():
                    self.add_error("day", _("Enter when the conversation was held: this has not come yet."))
        return typed


class NoConversationForm(RevisionForm):
    """Why the conversation could not be held, who holds it, and by when."""

    because = ChoiceField(
        label=_("Why it could not be held"),
        choices=NoConversation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say why it could not be held.")},
    )
    words = text_field(
        _("What happened"),
        SHORT,
        rows=3,
        required=False,
        help_text=_(
            "Needed where it is something else. Trainers of this course and The AIM Project read it; nobody"
            " else does, but the person can ask to."
        ),
    )
    holder = ChoiceField(
        label=_("Who holds it"),
        choices=(),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who holds the conversation.")},
    )
    due_on = DayField(
        label=_("By the end of"), error_messages={"required": _("Enter the last day to hold it.")}
    )

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.uuid): one for one in trainers_of(course)}
        self.fields["words"].conditional = True  # type: ignore[attr-defined]
        self.fields["holder"].choices = [  # type: ignore[attr-defined]
            *((uuid, one.name) for uuid, one in self.people.items()),
            (AIM_PROJECT, _("The AIM Project")),
        ]
        last = date_format(last_day_to_speak(course.zone), "DATE_FORMAT")
        self.fields["due_on"].help_text = _now(
            "Within %(days)d working days: %(day)s at the latest. They read nothing and nobody is told"
            " anything until then; if nobody has spoken to them by that day, The AIM Project decides how they"
            " hear."
        ) % {"days": settings.AIM["CONVERSATION_WORKING_DAYS"], "day": last}

    @staticmethod
    def of(recommendation: Recommendation) -> dict[str, Any]:
        """What the form begins with: what is arranged, if something is."""
        begun: dict[str, Any] = {"revision": recommendation.revision}
        if recommendation.conversation_due_on is None:
            return begun
        holder = recommendation.conversation_holder
        return begun | {
            "because": recommendation.no_conversation_because,
            "words": recommendation.no_conversation_words,
            "holder": str(holder.uuid) if holder else AIM_PROJECT,
            "due_on": recommendation.conversation_due_on,
        }

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if (
            typed.get("because") == NoConversation.OTHER
            and not typed.get("words")
            and "words" not in self.errors
        ):
            self.add_error("words", _("Write what happened."))
        if "holder" in typed:
            typed["held_by"] = self.people.get(typed["holder"])
        return typed
