"""What allauth asks of the portal: whose request it is, and where the links of its e-mails lead."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

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

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send it with links to SITE_URL, whatever host name the request was made to."""
        links = {name: _on_our_site(value) for name, value in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, {**context, **links, "site_url": settings.SITE_URL})


def _on_our_site(url: str) -> str:
    return urlunsplit((settings.SITE.scheme, settings.SITE.netloc, *urlsplit(url)[2:]))
