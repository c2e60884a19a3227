"""Forms by which somebody proves who they are, and sets up what they prove it with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CodeField, fingerprint_is_of, speak_of_password
from accounts.limits import Limit, spend
from accounts.models import Person
from aimcert.foundation.fields import LinesField, OneLineField

TRIES = Limit("second steps", 10, timedelta(seconds=90))


class StepCodeField(CodeField):
    """A code of an app, or one of the recovery codes: typed with or without spaces."""

    default_error_messages = dict.fromkeys(
        ("required", "max_length", "hidden"), _("Enter the code that your app shows now, or a recovery code.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Code from your app, or a recovery code"), **kwargs})


def count_try(person: Person) -> None:
    """Count a try at a second step of `person` before it is compared, whoever makes it and wherever.

    Who tries has proved the first step, so that nobody is locked out by strangers.
    """
    if spend(TRIES, person.pk):
        raise get_adapter().validation_error("too_many_login_attempts")


class SecondStepForm(AuthenticateForm):
    """The second step of signing in, by a code."""

    use_required_attribute = False
    code = StepCodeField()

    def clean_code(self) -> str:
        count_try(self.user)
        return str(super().clean_code())


class ProvingCodeForm(ReauthenticateForm):
    """Who has a second step proves anew who they are with it."""

    use_required_attribute = False
    code = StepCodeField()


class _CredentialForm(forms.Form):
    """What a browser made with a passkey; anything else is refused like a wrong one."""

    use_required_attribute = False

    def refuse(self) -> forms.ValidationError:
        return forms.ValidationError(_("That passkey did not work here. Try again, or use a code."))

    def clean(self) -> dict[str, object] | None:
        if "credential" in self.errors:
            del self.errors["credential"]
            raise self.refuse()
        return super().clean()


class PasskeyForm(_CredentialForm, AuthenticateWebAuthnForm):
    """The second step of signing in, by a passkey.

    Args:
        user: whose passkey it has to be; None where the passkey itself says who signs in.
    """

    def __init__(self, *args: Any, user: Person | None, **kwargs: Any) -> None:
        # allauth's own takes it untyped, behind the other base.
        super().__init__(*args, **(kwargs | {"user": user}))

    def clean_credential(self) -> Any:
        if not isinstance(self.cleaned_data["credential"], dict):
            raise self.refuse()
        count_try(self.user)
        try:
            return super().clean_credential()
        except (KeyError, AttributeError, TypeError, ValueError):
            # Made by no browser.
            raise self.refuse() from None


class ProvingPasskeyForm(PasskeyForm):
    """The same, for proving anew who one is."""

    reauthenticated = True


class AddPasskeyForm(_CredentialForm):
    """A new passkey, and what its owner calls it."""

    name = OneLineField(
        label=_("Name for this passkey"),
        max_length=60,
        help_text=_("Such as “work phone”, to know it by later."),
        error_messages={"required": _("Enter a name for the passkey.")},
    )
    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, object]:
        credential = self.cleaned_data["credential"]
        if not isinstance(credential, dict):
            raise self.refuse()
        try:
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
        except (KeyError, AttributeError, TypeError, ValueError):
            raise self.refuse() from None
        return credential

    def clean(self) -> dict[str, Any]:
        # A name that is missing is all there is to mend: the browser then makes the passkey anew.
        if "name" in self.errors:
            self.errors.pop("credential", None)
        return super().clean() or self.cleaned_data

    def refuse(self) -> forms.ValidationError:
        return forms.ValidationError(_("No passkey was made. Try again, or use an app."))


class AddAppForm(forms.Form):
    """The first code of an app, which shows that it has the secret."""

    use_required_attribute = False
    code = StepCodeField(
        label=_("Code from the app"),
        error_messages=dict.fromkeys(
            ("required", "max_length", "hidden"), _("Enter the six digits that the app shows now.")
        ),
    )

    def __init__(self, *args: Any, person: Person, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.secret = person, secret

    def clean_code(self) -> str:
        count_try(self.person)
        code: str = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code):
            raise forms.ValidationError(
                _("This is not the code that the app shows. Wait for its next one and type that.")
            )
        return code


class ReasonForm(forms.Form):
    """Why something is done to somebody's account, for the trace."""

    use_required_attribute = False
    reason = LinesField(
        label=_("Why"),
        max_length=1000,
        help_text=_(
            "Kept with your name. They are told by email that it was done, not why. They read why if they ask"
            " for everything that is held about them."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )


class ProvingPasswordForm(forms.Form):
    """One's own password, for proving anew who one is."""

    use_required_attribute = False
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        speak_of_password(self.fields["password"], _("Enter your password."))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class ProvingEmailForm(forms.Form):
    """The code that was sent to one's own address; the session holds its fingerprint."""

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
