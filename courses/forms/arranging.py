"""A course, its sessions and its Associates, as typed by an AIM admin."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import countries, time_zones
from accounts.models import Organisation, Person
from aimcert.foundation.fields import INCOMPLETE, ChoiceField, LinesField, ModelChoiceField, OneLineField
from aimcert.foundation.pages import refusal_of
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import Differing, EditForm, Stale
from aimcert.foundation.times import NoSuchTime, at_local_time, local_clock, said_times
from courses.actions import SessionTimes, course_seen, needs_session_reason, sessions_seen
from courses.actions.sessions import MOST_SESSIONS
from courses.models import Course, Licence, Programme, Session
from courses.states import Delivery


class CourseForm(EditForm):
    """What a course is, without its sessions and its Associates."""

    programme = ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.all(),
        empty_label=None,
        widget=forms.RadioSelect,
        to_field_name="code",
        error_messages={"required": _("Choose the programme.")},
    )
    title = OneLineField(
        label=_("Title"),
        help_text=_("As everyone will read it, such as “AIM3, Leeds, November 2026”."),
        max_length=150,
        error_messages={"required": _("Enter a title.")},
    )
    organisation = ModelChoiceField(
        label=_("Commissioned by"),
        help_text=_("A course that The AIM Project hosts itself is open to anyone."),
        queryset=Organisation.objects.all(),
        required=False,
        empty_label=_("The AIM Project (open course)"),
        to_field_name="uuid",
    )
    country = ChoiceField(
        label=_("Country"),
        help_text=_("Its Associates must be licensed there."),
        choices=countries,
        initial="GB",
    )
    time_zone = ChoiceField(
        label=_("Time zone"),
        help_text=_("Its times are said as clocks show them there."),
        choices=time_zones,
        initial="Europe/London",
    )
    delivery = ChoiceField(
        label=_("How it meets"),
        choices=Delivery.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it meets in person or online.")},
    )
    venue = LinesField(
        label=_("Venue, or how to join online"),
        help_text=_("It is on the public page. Send a private link for joining some other way."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter the venue, or how to join online.")},
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=300,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input-4"}),
        error_messages={
            "required": _("Enter how many places it has."),
            "invalid": _("Enter a whole number of places, such as 24."),
            "min_value": _("Enter 1 place or more."),
            "max_value": _("Enter 300 places or fewer."),
        },
    )
    experience_sought = LinesField(
        label=_("Experience sought"),
        help_text=_(
            "It is on the public page. If you leave it empty, the programme’s own words stand there."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, course: Course | None = None, **kwargs: Any) -> None:
        if course is not None:
            kwargs["initial"] = self.initial_of(course)
        super().__init__(data, **kwargs)
        # The AIM Project itself is one of its answers: a page that calls it optional would mislead.
        self.fields["organisation"].conditional = True  # type: ignore[attr-defined]
        if course is None:
            del self.fields["seen"]
            return
        del self.fields["programme"]
        if course.published_at:
            for name in ("organisation", "country", "time_zone"):
                # People were invited on these; a disabled field keeps its value whatever is sent.
                self.fields[name].disabled = True
                self.fields[name].help_text = _("It stays as it is, since people were invited on it.")

    @staticmethod
    def initial_of(course: Course) -> dict[str, object]:
        """What the form shows of `course` as it is now."""
        return {
            "title": course.title,
            "organisation": course.organisation.uuid if course.organisation else None,
            "country": course.country,
            "time_zone": course.time_zone,
            "delivery": course.delivery,
            "venue": course.venue,
            "capacity": course.capacity,
            "experience_sought": course.experience_sought,
            "seen": course_seen(course),
        }

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        programme = cleaned.get("programme")
        if not cleaned.get("experience_sought") and programme is not None:
            cleaned["experience_sought"] = programme.experience_sought
        return cleaned

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            raise forms.ValidationError(_("Choose a time zone from the list.")) from None
        return zone


class SessionsForm(EditForm):
    """On which sessions the rows of a page build, and where an outcome is finalised why they change."""

    reason = LinesField(
        label=_("Why do the sessions change?"),
        help_text=_("Somebody’s outcome on this course is finalised, so this stays on record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the sessions change.")},
    )

    def __init__(self, data: Any = None, *, course: Course, typed: Mapping[str, Any] | None = None) -> None:
        """Args: typed: what came with a page that was not judged yet."""
        super().__init__(data, initial=typed or {"seen": sessions_seen(course)})
        if not needs_session_reason(course):
            del self.fields["reason"]

    @staticmethod
    def against(course: Course, times: list[SessionTimes]) -> Stale:
        """The `times` that were typed beside the sessions of `course` as they are now."""
        standing = [SessionTimes(one.starts_at, one.ends_at) for one in course.sessions.all()]
        rows = []
        for number, pair in enumerate(zip_longest(standing, sorted(times)), start=1):
            saved, mine = (_said_session(one, course) for one in pair)
            if saved != mine:
                label = _("Session %(number)d") % {"number": number}
                row = min(number, max(1, len(times))) - 1
                rows.append(Differing(f"id_sessions-{row}-day", label, saved, mine))
        last = course.session_changes.select_related("changed_by").order_by("-pk").first()
        by, at = (last.changed_by, last.changed_at) if last else (None, None)
        return Stale(rows, sessions_seen(course), by, at)


def _said_session(times: SessionTimes | None, course: Course) -> str:
    return said_times(times.starts_at, times.ends_at, course.zone) if times else ""


class SessionForm(forms.Form):
    """One session, as clocks at the course's place show it."""

    use_required_attribute = False
    day = forms.DateField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date that exists, such as 22/11/2026.")},
    )
    starts = forms.TimeField(
        label=_("Starts"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time such as 09:30.")},
    )
    ends = forms.TimeField(
        label=_("Ends"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time such as 16:30.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # All three or none: not optional one by one.
            field.conditional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in ("day", "starts", "ends") if cleaned.get(name) is not None]
        if given and not self.errors:
            words = {
                "day": _("Enter the date of this session."),
                "starts": _("Enter when this session starts."),
                "ends": _("Enter when this session ends."),
            }
            for name in ("day", "starts", "ends"):
                if name not in given:
                    self.add_error(name, words[name])
            if len(given) == 3 and cleaned["ends"] <= cleaned["starts"]:
                self.add_error("ends", _("A session ends after it starts, on the same day."))
            if cleaned.get("day") is not None and not 2000 <= cleaned["day"].year <= 2200:
                self.add_error("day", _("Check the year of this date."))
        return cleaned

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(self.cleaned_data.get(name) for name in ("day", "starts", "ends"))


class BaseSessionFormSet(forms.BaseFormSet):
    """All sessions of a course; rows left empty are none."""

    default_error_messages = {
        "missing_management_form": INCOMPLETE,
        "too_many_forms": _("Enter at most %(num)d sessions."),
    }

    def times(self, zone: zoneinfo.ZoneInfo) -> list[SessionTimes]:
        """What was typed, as moments; a time that does not exist there becomes an error of its field."""
        found = []
        for form in self.forms:
            if form.is_blank:
                continue
            moments = {}
            for name in ("starts", "ends"):
                clock = datetime.combine(form.cleaned_data["day"], form.cleaned_data[name])
                try:
                    moments[name] = at_local_time(clock, zone)
                except NoSuchTime as refused:
                    form.add_error(name, str(refused.message))
            if len(moments) == 2:
                found.append(SessionTimes(moments["starts"], moments["ends"]))
        # What the rows' own check found is not asked again.
        self._errors = [form.errors for form in self.forms]
        return found

    def refuse(self, refused: Refused) -> None:
        """Tell, above the rows, why the action refused them."""
        self.non_form_errors().append(refusal_of(refused, on_field=False))


SessionFormSet: type[BaseSessionFormSet] = forms.formset_factory(  # type: ignore[assignment]
    SessionForm, formset=BaseSessionFormSet, extra=0, max_num=MOST_SESSIONS, absolute_max=MOST_SESSIONS + 1
)


def sessions_of(course: Course) -> list[dict[str, object]]:
    """What the rows of a `SessionFormSet` show of a course's sessions."""
    zone, rows = course.zone, []
    session: Session
    for session in course.sessions.all():
        starts, ends = local_clock(session.starts_at, zone), local_clock(session.ends_at, zone)
        rows.append({"day": starts.date(), "starts": starts.time(), "ends": ends.time()})
    return rows


def times_of(course: Course) -> list[dict[str, object]]:
    """The same rows without their days: when another course begins and ends on each."""
    return [row | {"day": None} for row in sessions_of(course)]


def blank_sessions(count: int) -> list[dict[str, object]]:
    """Rows of a `SessionFormSet` with nothing in them."""
    return [{} for _ in range(count)]


class AssociateForm(forms.Form):
    """One more Associate, out of those who may train the course."""

    use_required_attribute = False
    associate = ChoiceField(
        label=_("Associate"),
        help_text=_("Only those who are licensed for its programme, in its country, on all of its dates."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an Associate."),
        },
    )

    def __init__(
        self, *args: Any, licences: list[Licence], busy: dict[int, list[str]], **kwargs: Any
    ) -> None:
        """Args: licences: of those to choose from; busy: what they do at the same time, by primary key."""
        super().__init__(*args, **kwargs)
        self._people: dict[str, Person] = {
            str(licence.associate.uuid): licence.associate for licence in licences
        }
        self.fields["associate"].choices = [  # type: ignore[attr-defined]
            (uuid, self._label(person, busy.get(person.pk, []))) for uuid, person in self._people.items()
        ]

    @staticmethod
    def _label(person: Person, courses: list[str]) -> str:
        said = f"{person.name} ({person.email})"
        if not courses:
            return said
        return _("%(person)s: on another course at the same time, %(courses)s") % {
            "person": said,
            "courses": ", ".join(courses),
        }

    @property
    def person(self) -> Person:
        """Whom the admin chose."""
        return self._people[self.cleaned_data["associate"]]


class CancelForm(forms.Form):
    """Why a course does not take place."""

    use_required_attribute = False
    because = LinesField(
        label=_("Why is it cancelled?"),
        help_text=_("Everyone who opens the course’s page reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why it is cancelled.")},
    )
