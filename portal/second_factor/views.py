"""allauth.mfa's pages, which also say why staff must have a second factor and lead on to where they went."""

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal import staff
from portal.second_factor.adapter import passkey_domain


class _LeadsOn:
    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        has_factor = staff.has_factor(request.user)
        return {
            **context,
            "is_missing": staff.must_have_factor(request.user) and not has_factor,
            "continue_to": request.session.get(staff.WENT_TO, "") if has_factor else "",
        }


class Index(_LeadsOn, IndexView):
    """What the account has, and what it may add."""

    def get_context_data(self, **kwargs: Any) -> dict:
        return {**super().get_context_data(**kwargs), "takes_passkeys": bool(passkey_domain())}


class RecoveryCodes(_LeadsOn, ViewRecoveryCodesView):
    """The codes not yet used; shown at the end of the setting up."""


class _SetsUp:
    """Whoever adds a factor has shown it; other sessions of the account are asked for it."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        staff.note_shown_factor(self.request)  # type: ignore[attr-defined]
        return response


class AddApp(_SetsUp, ActivateTOTPView):
    pass


class AddPasskey(_SetsUp, AddWebAuthnView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it where browsers make passkeys; elsewhere the list of means says why there are none."""
        return super().get(request, *args, **kwargs) if passkey_domain() else redirect("mfa_index")
