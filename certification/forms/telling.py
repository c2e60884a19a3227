"""That somebody was told of their outcome after it was finalised, as typed by who records it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import ChoiceField, DayField, LinesField, ModelChoiceField
from aimcert.foundation.name_order import InOrder
from certification.states import HowTold
from courses.models import Course


class ToldForm(forms.Form):
    """When, by whom and what was said; for The AIM Project, once it is late, also whether in writing."""

    use_required_attribute = False

    how = ChoiceField(
        label=_("How they were told"),
        choices=HowTold.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how they were told.")},
    )
    told_on = DayField(
        label=_("Day"), error_messages={"required": _("Enter the day on which they were told.")}
    )
    told_by = ModelChoiceField(
        label=_("By"),
        queryset=Person.objects.none(),
        to_field_name="uuid",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who told them.")},
    )
    words = LinesField(
        label=_("What was said"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "What they were told, and what they said. Trainers of this course and The AIM Project read it;"
            " the person it is about can ask to."
        ),
        error_messages={"required": _("Write what was said.")},
    )

    def __init__(self, course: Course, by: Person, *args: Any, in_writing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        told_by: Any = self.fields["told_by"]
        people = Person.objects.filter(trained__course=course)
        if by.is_aim_admin:
            people = (people | Person.objects.filter(pk=by.pk)).distinct()
        told_by.queryset = people.order_by(InOrder("name"), "pk")
        if not in_writing:
            del self.fields["how"]
        else:
            self.fields["words"].label = _("What was said or written, and why in writing")

    def clean_told_on(self) -> Any:
        day = self.cleaned_data["told_on"]
        if day > timezone.localdate(timezone=self.course.zone):
            raise forms.ValidationError(_("That day has not come yet. Enter today’s date or an earlier one."))
        return day
