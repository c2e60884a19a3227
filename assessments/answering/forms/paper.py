"""Paper: why it was used, its scans, comparing what was typed with it; and files of unsent answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import LinesField, OneLineField
from assessments.answering.actions import MOST_AT_ONCE, Sheet


class CodeForm(forms.Form):
    """The code on somebody's paper."""

    use_required_attribute = False
    code = OneLineField(
        label=_("The code on the paper"),
        max_length=100,
        help_text=_("Eight letters, such as QKRT-WXYZ."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the code that stands on the paper.")},
    )


class BeginForm(forms.Form):
    """Why somebody wrote on paper."""

    use_required_attribute = False
    reason = LinesField(
        label=_("Why was this written on paper?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: no network at the venue. No details of health. It stays on record."),
        error_messages={"required": _("Say why this was written on paper.")},
    )


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One file or more; the value is a list of sheets."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = data if isinstance(data, list | tuple) else [data]
        files = [super(_FilesField, self).clean(each, initial) for each in sent or [None]]
        return [Sheet(file.read(), file.name or "") for file in files]


class ScansForm(forms.Form):
    """Scans or photographs."""

    use_required_attribute = False
    sheets = _FilesField(
        label=_("Scans or photographs"),
        widget=_ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        error_messages={
            "required": _("Choose a file."),
            "invalid": _("Choose a file."),
            "missing": _("Choose a file."),
            "empty": _("A file is empty. Choose it again."),
            "max_length": _("The name of a file is too long. Give it a shorter one, and choose it again."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sheets"].help_text = _(
            "PDF, JPEG or PNG, at most %(files)d files and %(most)d MB together; add the rest after that."
            " Every sheet, with the signed declaration. Where and when a photograph was taken is removed from"
            " it, and of a PDF the pages are kept as pictures."
        ) % {"most": settings.AIM["SCAN_MB"], "files": MOST_AT_ONCE}


class CheckForm(forms.Form):
    """What whoever compares confirms."""

    use_required_attribute = False
    same = forms.BooleanField(
        label=_("I compared every answer with the paper: they are the same, word for word."),
        error_messages={
            "required": _("Compare every answer with the paper, and tick that they are the same.")
        },
    )
    signed = forms.BooleanField(
        label=_("The paper carries the declaration, signed by this person, and the scan shows it."),
        error_messages={
            "required": _(
                "Tick that the paper carries the declaration, signed. Without it nothing is submitted."
            )
        },
    )


class ReturnForm(forms.Form):
    """Where what was typed differs from the paper."""

    use_required_attribute = False
    differs = LinesField(
        label=_("Where does it differ from the paper?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say where it differs from the paper.")},
    )


class UnsentForm(forms.Form):
    """An encrypted file of unsent answers."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("The file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("The file that the question page saved on the device, of at most 5 MB."),
        error_messages={"required": _("Choose the file."), "invalid": _("Choose the file.")},
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if not file.size:
            raise ValidationError(_("This file is empty. Choose the file that the page saved."))
        return bytes(file.read())
