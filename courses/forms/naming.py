"""Correcting the name on a certificate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.names import NameField
from aimcert.foundation.fields import LinesField, RevisionField
from aimcert.foundation.stale_forms import EditForm
from courses.certificate_names import SHOWS
from courses.models import Enrolment


class CertificateNameForm(EditForm):
    """The right name, and from an admin the reason."""

    name = NameField(
        label=_("Name on the certificate"),
        help_text=SHOWS,
        error_messages={"required": _("Enter the name as it should stand on the certificate.")},
    )
    reason = LinesField(
        label=_("Why do you correct it?"),
        help_text=_("It is kept, and the person may ask to read it. Do not repeat the old name."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you correct somebody else’s name.")},
    )
    seen = RevisionField()

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name" if is_own else "off"
        if is_own:
            del self.fields["reason"]

    @staticmethod
    def initial_of(enrolment: Enrolment) -> dict[str, object]:
        """What the form shows of `enrolment` as it is now."""
        return {"name": enrolment.certificate_name, "seen": enrolment.name_corrections.count()}
