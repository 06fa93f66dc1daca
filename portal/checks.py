"""What `manage.py check --deploy` says of a portal that real people are about to use, and `migrate` of its database."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from portal import former_migrations

LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}


@register(Tags.database)
def check_migrations(app_configs: Any, databases: Any = None, **options: Any) -> list[Error]:
    """Return an error for a database that ``migrate`` must not touch, before it does."""
    former = [name for name in databases or () if former_migrations.made(connections[name])]
    return [Error(former_migrations.REFUSAL, id="portal.E001") for _ in former]


@register(Tags.security, deploy=True)
def check_addresses(app_configs: Any, **options: Any) -> list[Warning]:
    """Return a warning for each address that only makes sense on a laptop."""
    found = []
    if urlsplit(settings.SITE_URL).hostname in LOOPBACK:
        found.append(
            Warning("SITE_URL is this machine's own: the links of e-mails would lead nowhere.", id="portal.W001")
        )
    if settings.ALLOWED_HOSTS and LOOPBACK.issuperset(settings.ALLOWED_HOSTS):
        found.append(Warning("ALLOWED_HOSTS names only this machine: every visitor would get 400.", id="portal.W002"))
    return found


@register(Tags.security, deploy=True)
def check_front_server(app_configs: Any, **options: Any) -> list[Warning]:
    """Return a warning where HTTPS is a front server's work and nobody said that one stands there."""
    if settings.SECURE_PROXY_SSL_HEADER and not settings.TRUSTED_PROXIES:
        return [
            Warning(
                "TRUSTED_PROXIES is 0: all visitors behind the front server would share one count of attempts.",
                hint="Set TRUSTED_PROXIES=1 when one server of yours writes X-Forwarded-For.",
                id="portal.W003",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_mail(app_configs: Any, **options: Any) -> list[Warning]:
    """Return a warning where e-mails are printed instead of sent: anybody who reads the logs could reset a password."""
    if settings.MAIL_TRANSPORT.endswith(("console.EmailBackend", "filebased.EmailBackend")):
        return [Warning("EMAIL_URL sends no e-mail: it prints or stores them, reset links too.", id="portal.W004")]
    return []


@register(Tags.security, deploy=True)
def check_second_factor(app_configs: Any, **options: Any) -> list[Warning]:
    """Return a warning where a password alone opens the offices, as in the demo."""
    if settings.REQUIRE_SECOND_FACTOR:
        return []
    return [
        Warning("REQUIRE_SECOND_FACTOR is false: a password alone opens the editors' office.", id="portal.W005"),
    ]
