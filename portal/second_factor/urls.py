"""allauth.mfa's pages under French addresses; their names stay allauth's, which reverses them."""

from allauth.mfa.base.views import authenticate, reauthenticate
from allauth.mfa.recovery_codes.views import download_recovery_codes, generate_recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path
from django.views.decorators.cache import never_cache

from portal.same_origin import same_origin_required
from portal.second_factor.views import AddApp, AddPasskey, Index, RecoveryCodes

urlpatterns = [
    path("", never_cache(Index.as_view()), name="mfa_index"),
    path("code/", same_origin_required(authenticate), name="mfa_authenticate"),
    path("confirmation/", never_cache(reauthenticate), name="mfa_reauthenticate"),
    path("application/", never_cache(AddApp.as_view()), name="mfa_activate_totp"),
    path("application/retirer/", never_cache(deactivate_totp), name="mfa_deactivate_totp"),
    path("codes-de-secours/", never_cache(RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("codes-de-secours/nouveaux/", never_cache(generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes-de-secours/telecharger/", download_recovery_codes, name="mfa_download_recovery_codes"),
    path("cles/", never_cache(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("cles/ajouter/", never_cache(AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("cles/confirmation/", never_cache(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("cles/<int:pk>/retirer/", never_cache(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("cles/<int:pk>/renommer/", never_cache(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
]
