"""E-mails of a termination: to the owners, and to the editors, who see it come and go."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from directory.emails import send
from directory.people.models import Role
from directory.vetting.termination.models import Termination
from portal.editors import addresses_to_notify

SUBJECTS = {
    "announced": "« {} » ferme sa page",
    "cancelled": "« {} » ne ferme plus sa page",
    "closed": "La page de « {} » est fermée",
    "reversed": "« {} » revient",
}


def tell(termination: Termination, event: str, **more: Any) -> None:
    """Tell the owners what happened, and the editors that it did."""
    if (merchant := termination.merchant) is None:
        return
    subject = SUBJECTS[event].format(termination.merchant_title)
    desk = f"{settings.SITE_URL}{reverse('vetting:merchant', args=[merchant.pk])}"
    context = {"event": event, "termination": termination, "merchant": merchant, **more}
    owners = merchant.accesses.filter(role=Role.OWNER, user__is_active=True).order_by("since")
    for address in owners.values_list("user__email", flat=True):
        send(subject, "directory/emails/termination.txt", address, context)
    for address in addresses_to_notify("leaving"):
        send(subject, "directory/emails/termination_told.txt", address, {**context, "desk": desk})
