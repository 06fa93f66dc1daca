"""allauth.mfa's forms in plain French. A code of an app opens once, for as long as it would be believed."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}
MAX_CODE_LENGTH = 40  # characters; a recovery code has 8, and people add spaces
MAX_NAME_LENGTH = 60


def _code_field(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=MAX_CODE_LENGTH, widget=forms.TextInput(attrs=CODE_ATTRIBUTES)
    )


class _OnceOnly(base.BaseAuthenticateForm):
    """allauth remembers a used code for one period, but believes it, by the tolerance, for more than that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(
            "Code", "Les six chiffres de votre application, ou l’un de vos codes de secours."
        )

    def clean_code(self) -> str:
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(filter(str.isdecimal, code))
            believed = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
            if not cache.add(f"second_factor_used:{self.user.pk}:{digits}", 1, timeout=believed):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OnceOnly, base.AuthenticateForm):
    """At login."""


class ReauthenticateForm(_OnceOnly, base.ReauthenticateForm):
    """Before something sensitive."""


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """The first code of an app, which proves that it has read the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field("Code de l’application", "Les six chiffres qu’elle montre maintenant.")


def _name_field(required: bool) -> forms.CharField:
    return forms.CharField(
        label="Nom de la clé",
        help_text="Pour la reconnaître : « mon téléphone », « clé du bureau ».",
        max_length=MAX_NAME_LENGTH,
        required=required,
    )


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """allauth takes a key without a name: the browser has made it before the form is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(required=False)
        self.initial["name"] = "Ma clé"


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(required=True)
