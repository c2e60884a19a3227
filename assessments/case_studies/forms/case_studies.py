"""How a version begins, and who is invited to write it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import ChoiceField, ModelChoiceField
from aimcert.foundation.name_order import InOrder
from assessments.case_studies.models import Version
from courses.models import Licence


class BeginForm(forms.Form):
    """Empty, or as a copy."""

    use_required_attribute = False
    begin = ChoiceField(
        label=_("How does it begin?"),
        choices=[
            ("copy", _("As a copy of the version in force")),
            ("empty", _("Empty")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the version begins.")},
    )


class AuthorForm(forms.Form):
    """One Associate who is licensed for the version's programme today, and does not write it yet."""

    use_required_attribute = False
    person = ModelChoiceField(
        label=_("Associate"),
        help_text=_("Associates who are licensed for this programme today."),
        queryset=Person.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose an Associate"),
        error_messages={
            "required": _("Choose the Associate to invite."),
            "invalid_choice": _("Choose one of the Associates in the list."),
        },
    )

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(data)
        licensed = Licence.objects.in_force(timezone.localdate()).filter(
            programme=version.case_study.programme_id
        )
        writing = version.authors.filter(ended_at__isnull=True)
        self.fields["person"].queryset = (  # type: ignore[attr-defined]
            Person.objects.filter(pk__in=licensed.values("associate"))
            .exclude(pk__in=writing.values("person"))
            .order_by(InOrder("name"), "pk")
        )
