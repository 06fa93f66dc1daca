"""The two e-mails of an alert: to confirm it, and that somebody has arrived."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from directory.models import MerchantPage
from search.alerts.models import UNCONFIRMED, Alert
from search.heading import heading
from search.understanding import gazetteer
from search.understanding.gazetteer import Gazetteer


def waits_for(known: Gazetteer, alert: Alert) -> str:
    """Return what an alert waits for, in a few words: the article's name, or the search."""
    return str(alert.product.title) if alert.product else heading(known, alert.what, alert.query(known))


def ask_to_confirm(alert: Alert) -> None:
    """Send the link without which nothing more is ever sent.

    The address may be anybody's: of what was typed, only the category and the place that were recognised are told.
    """
    known = gazetteer.current()
    query = alert.query(known)
    name = heading(known, "", query) if query.category or alert.place else ""
    if alert.product:
        name = alert.product.title
    facts = {"name": name, "days": UNCONFIRMED.days, "is_article": alert.product is not None}
    _send("alert_confirm", "Confirmez votre alerte", alert, facts)


def send_match(alert: Alert, arrived: Sequence[MerchantPage]) -> None:
    """Tell who has arrived: the last e-mail of an alert."""
    shops = [
        {"name": page.title, "town": page.town.name, "url": f"{settings.SITE_URL}{page.public_path}"}
        for page in arrived
    ]
    known = gazetteer.current()
    name = heading(known, alert.what, alert.query(known))
    _send("alert_found", f"Il y a du nouveau : {name}", alert, {"name": name, "shops": shops})


def send_back(alert: Alert) -> None:
    """Tell that an article is for sale again: the last e-mail of an alert."""
    name = str(alert.product.title) if alert.product else ""
    _send("alert_back", f"De retour : {name}", alert, {"name": name})


def _send(template: str, subject: str, alert: Alert, facts: dict) -> None:
    link = f"{settings.SITE_URL}{alert.link}"
    context = facts | {
        "link": link,
        "search": f"{settings.SITE_URL}{alert.url(gazetteer.current())}",
        "site_url": settings.SITE_URL,
    }
    message = EmailMultiAlternatives(
        subject,
        render_to_string(f"search/emails/{template}.txt", context),
        to=[alert.email],
        headers={  # RFC 8058: mail programs end it with one press
            "List-Unsubscribe": f"<{link}arreter/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string(f"search/emails/{template}.html", context), "text/html")
    message.send()
