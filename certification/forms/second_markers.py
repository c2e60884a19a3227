"""Asking an Associate to mark some answers a second time, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import LinesField, ModelChoiceField
from aimcert.foundation.name_order import InOrder


class AskForm(forms.Form):
    """Whose answers, and who marks them.

    Args:
        associates: who may.
        people: the UUID of each enrolment with a name.
    """

    use_required_attribute = False
    people = forms.MultipleChoiceField(
        label=_("Whose answers?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one person."),
            "invalid_choice": _("Somebody was asked for one of them meanwhile. Look again who is left."),
        },
    )
    associate = ModelChoiceField(
        label=_("Who marks them a second time?"),
        help_text=_(
            "Licensed for this programme, with no part in the course and no conflict that we can see."
        ),
        queryset=Person.objects.none(),
        empty_label=_("Choose somebody"),
        error_messages={
            "required": _("Choose who marks them."),
            "invalid_choice": _("Choose somebody from the list: whoever has a part in the course may not."),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        associates: Sequence[Person],
        people: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        whose: Any = self.fields["people"]
        whose.choices = people
        who: Any = self.fields["associate"]
        who.queryset = Person.objects.filter(pk__in=[one.pk for one in associates]).order_by(
            InOrder("name"), "pk"
        )
        who.to_field_name = "uuid"


class TakeBackForm(forms.Form):
    """Why somebody else marks it."""

    use_required_attribute = False
    because = LinesField(
        label=_("Why do you take it back?"),
        max_length=1000,
        error_messages={
            "required": _("Say why you take it back."),
            "max_length": _("Shorten this to 1,000 characters."),
        },
    )
