"""Plain e-mails to those who keep a merchant's page; an answer reaches the Region's contact."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def send(
    subject: str, template: str, address: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    """Send a text to one address. template: its whole name; it is given ``site``, the portal's address, as well."""
    body = render_to_string(template, {**context, "site": settings.SITE_URL})
    reply_to = [parseaddr(settings.DEFAULT_FROM_EMAIL)[1]]
    EmailMessage(subject, body, to=[address], reply_to=reply_to, headers=headers).send()
