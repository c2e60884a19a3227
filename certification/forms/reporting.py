"""Asking for a follow-up report."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from aimcert.foundation.fields import ChoiceField, ModelChoiceField
from certification.states import ReportFormat


class ReportForm(forms.Form):
    """Which organisation's people, and as what kind of file.

    Args:
        organisations: those that may be chosen; a single one is not asked for.
    """

    use_required_attribute = False

    organisation = ModelChoiceField(
        label=_("Whose people"),
        queryset=Organisation.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose an organisation"),
        widget=forms.Select(attrs={"class": "form-select input-20"}),
        error_messages={
            "required": _("Choose whose people the report is about."),
        },
    )
    format = ChoiceField(
        label=_("Kind of file"),
        choices=ReportFormat.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the kind of file."),
        },
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["organisation"])
        field.queryset = organisations
        found = list(organisations[:2])
        if len(found) == 1:
            field.initial = found[0]
            field.widget = forms.HiddenInput()
