"""allauth's pages under French addresses; their names stay allauth's, which reverses them.

Forms that a stranger fills in bear no token: merely opening them leaves no cookie behind.
"""

from allauth.account import views
from django.urls import include, path, re_path

from portal.open_sessions import sessions
from portal.privacy import views as privacy
from portal.same_origin import same_origin_required

urlpatterns = [
    path("connexion/", same_origin_required(views.login), name="account_login"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("sessions/", sessions, name="account_sessions"),
    path("inactif/", views.account_inactive, name="account_inactive"),
    path("inscription/", same_origin_required(views.signup), name="account_signup"),
    path("confirmation/", views.reauthenticate, name="account_reauthenticate"),
    path("adresse/", views.email, name="account_email"),
    path("adresse/a-verifier/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresse/verifier/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("donnees/", privacy.own, name="own_data"),
    path("donnees/supprimer/", privacy.delete_account, name="delete_account"),
    path("donnees/effacees/", privacy.erased, name="data_erased"),
    path("donnees/sans-compte/", privacy.ask_for_link, name="ask_for_data"),
    path("donnees/adresse/<str:token>/", privacy.linked, name="data_of_address"),
    path("donnees/adresse/<str:token>/faire/", privacy.linked_act, name="data_of_address_act"),
    path("donnees/copie/<str:token>/", privacy.copy, name="data_copy"),
    path("double-authentification/", include("portal.second_factor.urls")),
    path("mot-de-passe/", views.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", views.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", same_origin_required(views.password_reset), name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        same_origin_required(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
