"""Asking for a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from aimcert.foundation.fields import ChoiceField, ModelChoiceField
from certification.report_kinds import Kind
from certification.states import ReportFormat


class ReportForm(forms.Form):
    """Which report, of which organisation's people, and as what kind of file.

    Args:
        kinds: those that may be asked for; a single one need not be named.
        organisations: those that may be chosen; a single one is not asked for.
    """

    use_required_attribute = False

    kind = ChoiceField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose which report you want."),
        },
    )
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

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[Kind[Any, Any]],
        organisations: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.report_kind = next((kind for kind in kinds if kind.code == self.data.get("kind")), kinds[0])
        # Several of these forms stand on one page.
        self.auto_id = f"id_{self.report_kind.code}_%s"
        which = cast(forms.ChoiceField, self.fields["kind"])
        which.choices = [(kind.code, kind.name) for kind in kinds]
        which.initial, which.required = self.report_kind.code, len(kinds) > 1
        formats = cast(forms.ChoiceField, self.fields["format"])
        formats.choices = [(one.value, one.label) for one in self.report_kind.writers]
        field = cast(forms.ModelChoiceField, self.fields["organisation"])
        field.queryset = organisations
        found = list(organisations[:2])
        if len(found) == 1:
            field.initial = found[0]
            field.widget = forms.HiddenInput()

    def clean_kind(self) -> Kind[Any, Any]:
        return self.report_kind
