"""What allauth.mfa asks of the portal: its name to passkeys, and its words."""

from typing import ClassVar
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

LOCAL = "localhost"


def passkey_domain() -> str:
    """Return the domain that passkeys are made for, by SITE_URL; "" where browsers make none.

    They want HTTPS and a name, not an address of numbers; http://localhost alone is spared.
    """
    site = urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    is_address = ":" in host or host.replace(".", "").isdecimal()
    return host if host == LOCAL or (site.scheme == "https" and not is_address) else ""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.",
        "cannot_generate_recovery_codes": "Ajoutez d’abord une application ou une clé d’accès.",
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return whom passkeys are made for: the public address, whatever host name the request was made to."""
        return {"id": passkey_domain(), "name": settings.WAGTAIL_SITE_NAME}
