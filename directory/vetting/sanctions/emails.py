"""E-mails of a procedure, queued in the transaction of the act: the statement of reasons, on a durable medium."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from directory.people.models import Role
from directory.vetting.sanctions.models import Sanction
from portal.editors import addresses_to_notify

SUBJECTS = {
    "hearing": "{number} : ce que la Région envisage contre « {title} », et votre réponse",
    "decided": "{number} : décision de la Région sur « {title} »",
    "dropped": "{number} : sans suite pour « {title} »",
    "lifted": "{number} : « {title} » est rétabli",
    "ended": "{number} : la décision sur « {title} » arrive à son terme",
    "answered": "{number} : réponse à votre réclamation pour « {title} »",
    "observed": "{number} : « {title} » a répondu",
    "appealed": "{number} : « {title} » conteste une décision",
}


def tell(sanction: Sanction, event: str, **more: Any) -> None:
    """Tell the owners of a page, or, where nobody keeps it, the address that it gives."""
    if (merchant := sanction.merchant) is None:
        return
    owners = merchant.accesses.filter(role=Role.OWNER, user__is_active=True)
    to = list(owners.order_by("since").values_list("user__email", flat=True)) or [merchant.email]
    link = f"{settings.SITE_URL}{reverse('sanctions:decision', args=[merchant.pk, sanction.number])}"
    for address in filter(None, to):
        _send(sanction, event, [address], {"link": link, **more})


def tell_editors(sanction: Sanction, event: str, **more: Any) -> None:
    if to := addresses_to_notify(event):
        link = f"{settings.SITE_URL}{reverse('vetting:sanction', args=[sanction.number])}"
        _send(sanction, event, to, {"link": link, **more})


def _send(sanction: Sanction, event: str, to: list[str], more: dict[str, Any]) -> None:
    context = {"event": event, "sanction": sanction, "site": settings.SITE_URL, **more}
    EmailMessage(
        SUBJECTS[event].format(number=sanction.number, title=sanction.merchant_title),
        render_to_string("directory/emails/sanction.txt", context),
        to=to,
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
