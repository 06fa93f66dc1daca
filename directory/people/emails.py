"""E-mails about who keeps a merchant's page; an answer reaches the Region's contact."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def send(subject: str, template: str, address: str, context: dict[str, Any]) -> None:
    """Send one of templates/directory/people/emails/ to one address."""
    body = render_to_string(f"directory/people/emails/{template}.txt", {**context, "site": settings.SITE_URL})
    reply_to = [parseaddr(settings.DEFAULT_FROM_EMAIL)[1]]
    EmailMessage(subject, body, to=[address], reply_to=reply_to).send()
