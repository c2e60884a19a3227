"""Forms for signing in, one's own account, organisations, staff and the legal pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    SetPasswordForm,
)
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actions import Typed, legal_text_seen, organisation_seen, use_sign_in_code
from accounts.addresses import AddressField
from accounts.countries import countries, time_zones
from accounts.legal import model_text
from accounts.models import LegalText, Organisation
from accounts.names import NameField
from accounts.proof_of_work import Work
from accounts.states import LegalPage
from aimcert.foundation.fields import ChoiceField, LinesField, OneLineField
from aimcert.foundation.stale_forms import EditForm
from aimcert.foundation.typed import symbols

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Longer ones cost time to check, and no words that one remembers are as long.
LONGEST_PASSWORD = 1000


class CodeField(OneLineField):
    """A code out of an email: typed with or without its dash, in digits of whatever width or script."""

    default_error_messages = dict.fromkeys(
        ("required", "max_length", "hidden"), _("Enter the code from the email.")
    )

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "input-code",
            }
        )
        super().__init__(**{"label": _("Code from the email"), "max_length": 100, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> str:
        return symbols(super().to_python(value))


class SignInForm(RequestLoginCodeForm):
    """Where a sign-in code is to go.

    Attributes:
        work: what the device has to do before it is asked for, where strangers asked for many.
    """

    use_required_attribute = False
    work: Work | None = None
    email = AddressField(help_text=_("The one that your invitation came to."))


class SignInCodeForm(ConfirmLoginCodeForm):
    """The code that was sent; once it was right, it is used up.

    Attributes:
        has_ended: whether no code will be right any more, so that another has to be asked for.
        was_used: whether that is because it signed somebody in, perhaps this moment.
    """

    use_required_attribute = False
    code = CodeField()
    has_ended = was_used = False

    def clean_code(self) -> str:
        stage = context.request._login_stage
        # A session by this code would begin as new, so that no later step could tell.
        if stage.login.user and stage.login.user.was_signed_out_after(stage.state["at"]):
            raise get_adapter().validation_error("code_overtaken")
        code = str(self.cleaned_data["code"])
        came = use_sign_in_code(pending=UUID(stage.state["pending"]), code=code)
        if came is not Typed.RIGHT:
            self.was_used = came is Typed.USED
            self.has_ended = self.was_used or came is Typed.ENDED
            raise get_adapter().validation_error("incorrect_code")
        return code


class PasswordSignInForm(LoginForm):
    """The optional second way in."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField()
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        speak_of_password(self.fields["password"], _("Enter your password."))
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, object]:
        """Refuse beside the password, where there is something to type again."""
        try:
            super().clean()
        except forms.ValidationError as refused:
            self.add_error("password", refused)
        return self.cleaned_data

    def _setup_password_field(self) -> None:
        """Keep the field, which allauth drops where accounts have no password at first."""


class _PasswordFormLooks(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": (_("Current password"), _("Enter your current password.")),
            "password1": (_("New password"), _("Enter a new password.")),
            "password2": (_("New password again"), _("Enter the new password again.")),
        }
        for name, (label, needed) in words.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].widget.attrs.pop("placeholder", None)
                speak_of_password(self.fields[name], needed)
        if "oldpassword" in self.fields:
            self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = _(
            "At least 12 characters: a few words are easier to remember. Do not use a common"
            " password, your name or your email address."
        )


class PasswordSetForm(_PasswordFormLooks, SetPasswordForm):
    """A first password."""


class PasswordChangeForm(_PasswordFormLooks, ChangePasswordForm):
    """Another password."""


def speak_of_password(field: forms.Field, needed: StrOrPromise) -> None:
    """Let one of allauth's password fields refuse in our words."""
    field.error_messages |= {
        "required": needed,
        "max_length": _("Use at most %(limit_value)d characters: this has %(show_value)d."),
        "null_characters_not_allowed": _("This holds a hidden character. Type the password by hand."),
    }
    field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class OwnNameForm(forms.Form):
    """What one is called."""

    use_required_attribute = False
    name = NameField(
        label=_("Your name"),
        help_text=_("Certificates keep the name they were issued with."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )


class NewAddressForm(forms.Form):
    """A new address for one's own account."""

    use_required_attribute = False
    email = AddressField(
        label=_("New email address"),
        help_text=_("We send a code to it. Choose one that you will still have after a change of employer."),
    )

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email == self.current:
            raise forms.ValidationError(_("This is your address already."))
        return email


class NewAddressCodeForm(forms.Form):
    """The code that was sent to the new address; the session holds its fingerprint."""

    use_required_attribute = False
    code = CodeField()

    def __init__(self, *args: Any, fingerprint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fingerprint = fingerprint

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not fingerprint_is_of(self.fingerprint, code):
            raise get_adapter().validation_error("incorrect_emailed_code")
        return code


class PersonForm(forms.Form):
    """Somebody to invite."""

    use_required_attribute = False
    name = NameField(label=_("Their name"), error_messages={"required": _("Enter their name.")})
    email = AddressField(
        label=_("Their email address"), error_messages={"required": _("Enter their email address.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class OrganisationForm(forms.Form):
    """A new organisation."""

    use_required_attribute = False
    name = NameField(
        label=_("Name of the organisation"),
        max_length=200,
        error_messages={"required": _("Enter the organisation’s name.")},
    )
    country = ChoiceField(
        label=_("Country"),
        choices=countries,
        initial="GB",
        error_messages={"required": _("Choose the country.")},
    )
    time_zone = ChoiceField(
        label=_("Time zone"),
        help_text=_("Dates and times of its courses are suggested in it."),
        choices=time_zones,
        initial="Europe/London",
        error_messages={"required": _("Choose the time zone.")},
    )


class OrganisationEditForm(EditForm, OrganisationForm):
    """What an organisation is called and where it is, changed."""

    @staticmethod
    def initial_of(organisation: Organisation) -> dict[str, object]:
        """What the form shows of `organisation` as it is now."""
        return {
            "name": organisation.name,
            "country": organisation.country,
            "time_zone": organisation.time_zone,
            "seen": organisation_seen(organisation),
        }


class LegalTextForm(EditForm):
    """The text of a legal page."""

    text = LinesField(
        label=_("Text"),
        max_length=40_000,
        help_text=_(
            "A line that begins with # is a heading, one that begins with - belongs to a list. "
            "A link is written [its words](https://…)."
        ),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        error_messages={
            "required": _("Enter the text."),
            "max_length": _("Shorten this text to 40,000 characters."),
        },
    )

    @staticmethod
    def initial_of(page: LegalPage, standing: LegalText | None) -> dict[str, object]:
        """What the form shows of `page`: its newest text, or the model where it has none yet."""
        return {
            "text": standing.text if standing else model_text(page),
            "seen": legal_text_seen(standing),
        }


def fingerprint_of(code: str) -> str:
    """What is kept of a code, so that reading the session does not tell it."""
    return salted_hmac("accounts.code", normalize_user_code(code)).hexdigest()


def fingerprint_is_of(fingerprint: str, code: str) -> bool:
    """Whether it was kept of this code."""
    return constant_time_compare(fingerprint_of(code), fingerprint)
