"""One press on what the marks suggest: what the page showed of it, carried along."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import INCOMPLETE, RevisionField
from assessments.states import Outcome


class AgreeForm(forms.Form):
    """What was suggested, on which marks, beside which recommendation; and whether attendance is a reason."""

    use_required_attribute = False
    revision = RevisionField()
    marking_revision = RevisionField()
    suggested = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Outcome.COMPETENT, Outcome.NOT_YET)],
        widget=forms.HiddenInput,
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    attendance = forms.BooleanField(label=_("Full attendance is a reason as well"), required=False)
