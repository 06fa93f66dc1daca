"""What allauth asks of the portal: whose request it is, and where the links of its e-mails lead."""

from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from portal.client_address import client_address


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own manners, but for the two that trust the request too much."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that attempts are counted by; allauth would refuse whoever has none."""
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send it with links to SITE_URL, whatever host name the request was made to."""
        links = {name: _on_our_site(value) for name, value in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, {**context, **links})


def _on_our_site(url: str) -> str:
    return urlunsplit((settings.SITE.scheme, settings.SITE.netloc, *urlsplit(url)[2:]))
