"""What allauth asks of the portal: whose request it is, and where the links of its e-mails lead."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import reverse

from portal.client_address import client_address

FACTORS = {
    "mfa_reauthenticate": "Donner un code de l’application ou un code de secours",
    "mfa_reauthenticate:webauthn": "Utiliser une clé d’accès",
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own manners, but for the two that trust the request too much."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that attempts are counted by; allauth would refuse whoever has none."""
        return client_address(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Return how a user can prove again to be that one: by the second factor if there is one, else by password."""
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        return [{**method, "description": FACTORS[method["id"]]} for method in factors] or methods

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link of the e-mail; it leads on to where they were going, by the login, in whatever browser."""
        url = super().get_email_confirmation_url(request, emailconfirmation)
        if not (going_to := get_next_redirect_url(request)):
            return url
        login = f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: going_to})}"
        return f"{url}?{urlencode({REDIRECT_FIELD_NAME: login})}"

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send it with links to SITE_URL, whatever host name the request was made to."""
        links = {name: _on_our_site(value) for name, value in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, {**context, **links, "site_url": settings.SITE_URL})


def _on_our_site(url: str) -> str:
    return urlunsplit((settings.SITE.scheme, settings.SITE.netloc, *urlsplit(url)[2:]))
