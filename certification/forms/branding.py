"""The form of The AIM Project's mark and signatory."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from aimcert.foundation.fields import INCOMPLETE, OneLineField, RevisionField
from aimcert.foundation.stale_forms import Differing, EditForm, Stale
from certification.artwork import MOST_KEPT_BYTES, Artwork, ArtworkRefused, read_artwork
from certification.models import Branding

# In place of an image that was chosen: that there is to be none.
NONE = "none"
IMAGES = ("mark", "signature")


class _ArtworkField(forms.FileField):
    """An image; the value is an `Artwork`, or None where nothing was chosen."""

    widget = forms.FileInput

    def __init__(self, **options: Any) -> None:
        options["widget"] = forms.FileInput(attrs={"accept": ".png,.svg,image/png,image/svg+xml"})
        wrong = gettext_lazy("Choose a file.")
        empty = gettext_lazy("This file is empty. Choose it again.")
        options["error_messages"] = {"invalid": wrong, "missing": wrong, "empty": empty}
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_artwork(file.read())
        except ArtworkRefused as refused:
            raise ValidationError(str(refused.message)) from None


class _KeptField(forms.CharField):
    """An image that was chosen before the form came back, so that it need not be chosen again; hidden."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in ("", NONE):
            return text
        try:
            if len(text) > 2 * MOST_KEPT_BYTES:
                raise ValidationError(INCOMPLETE)
            return read_artwork(b64decode(text, validate=True))
        except (ArtworkRefused, binascii.Error, ValueError):
            raise ValidationError(INCOMPLETE) from None


class BrandingForm(EditForm):
    """The mark, and who signs. What is not chosen anew stays as it is in the version that the page showed."""

    seen = RevisionField()
    mark = _ArtworkField(label=gettext_lazy("The AIM Project’s logo"))
    mark_kept = _KeptField(required=False)
    no_mark = forms.BooleanField(
        label=gettext_lazy("No logo: The AIM Project’s name, in letters"), required=False
    )
    signatory = OneLineField(
        label=gettext_lazy("Who signs"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Their name as it stands below the line. Left empty, nobody signs."),
    )
    role = OneLineField(
        label=gettext_lazy("What they are"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Such as: Director of Training."),
    )
    signature = _ArtworkField(label=gettext_lazy("Image of their signature"))
    signature_kept = _KeptField(required=False)
    no_signature = forms.BooleanField(label=gettext_lazy("No image of a signature"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._tell({})

    @staticmethod
    def initial_of(standing: Branding | None) -> dict[str, Any]:
        """What the form shows where `standing` holds."""
        return {
            "signatory": standing.signatory if standing else "",
            "role": standing.role if standing else "",
            "seen": standing.number if standing else 0,
        }

    def show_standing(self, standing: Branding | None) -> None:
        """Say which images are in use."""
        self._tell({name: _image_of(standing, name) for name in IMAGES}, _("In use: %(image)s."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = Branding.objects.filter(number=cleaned.get("seen") or 0).first()
        for name in IMAGES:
            chosen, kept, without = (cleaned.get(key) for key in (name, f"{name}_kept", f"no_{name}"))
            if chosen and without:
                self.add_error(f"no_{name}", _("Choose a file, or tick that there is none; not both."))
            if without:
                chosen = None
            elif not chosen:
                chosen = (None if kept == NONE else kept) if kept else _image_of(seen, name)
            cleaned[name] = chosen
        self._keep(cleaned)
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """What an action is given of it."""
        return {name: self.cleaned_data[name] for name in ("mark", "signatory", "role", "signature")}

    def beside_version(self, standing: Branding, by: Person, at: datetime) -> Stale:
        """What was chosen and typed beside `standing`, which somebody else published meanwhile."""
        stale = self.beside(self.initial_of(standing), by, at)
        for name in IMAGES:
            saved, mine = _image_of(standing, name), self.cleaned_data[name]
            if saved != mine:
                field = self[name]
                stale.rows.append(
                    Differing(str(field.id_for_label), field.label, said_artwork(saved), said_artwork(mine))
                )
        return stale

    def _keep(self, cleaned: dict[str, Any]) -> None:
        """Carry the images in the page, should the form come back: a browser forgets which were chosen."""
        carried: Any = self.data.copy()  # type: ignore[attr-defined]
        for name in IMAGES:
            if name in self.errors or f"{name}_kept" in self.errors:
                continue
            artwork = cleaned[name]
            carried[f"{name}_kept"] = b64encode(artwork.content).decode() if artwork else NONE
        self.data = carried
        self._tell(
            {name: cleaned[name] for name in IMAGES},
            _("Kept with this form: %(image)s. It need not be chosen again."),
        )

    def _tell(self, images: dict[str, Artwork | None], words: str = "") -> None:
        hint = _("PNG or SVG, at most 1 MB. It is drawn anew, without anything that is not seen.")
        for name in IMAGES:
            artwork = images.get(name)
            held = words % {"image": said_artwork(artwork)} + " " if artwork else ""
            # Of what is drawn: a field that was cleaned has its words by then.
            self[name].help_text = held + hint


def _image_of(version: Branding | None, name: str) -> Artwork | None:
    """The mark or the signature of a version, as it was published."""
    content = bytes(getattr(version, name)) if version else b""
    return Artwork(content) if content else None


def said_artwork(artwork: Artwork | None) -> str:
    """An image in words: what kind of file it is, and how large."""
    if artwork is None:
        return _("none")
    kind = "SVG" if artwork.content.startswith(b"<") else "PNG"
    return f"{kind}, {filesizeformat(len(artwork.content))}"
