"""Accounts that nobody uses: warned, then erased, three years after the last act: the CNIL's term for customers.

What an act is, the packages above know as well: home/purges.py says which accounts are due.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.contrib.auth import user_logged_in
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver

from portal.models import User

UNUSED = timedelta(days=3 * 365 + 1)
NOTICE = timedelta(days=30)  # between the e-mail and the erasure
BATCH = 200  # e-mails a night

log = structlog.get_logger(__name__)


def warn(accounts: QuerySet, now: datetime) -> int:
    """Tell these accounts, once, that they will be erased unless somebody logs in; return how many."""
    count = 0
    for account in accounts.filter(warned_at=None).order_by("pk")[:BATCH]:
        with transaction.atomic():
            if User.objects.filter(pk=account.pk, warned_at=None).update(warned_at=now):
                get_adapter().send_mail("account/email/unused", account.email, {"erased_on": now + NOTICE})
                count += 1
    if count:
        log.info("unused_accounts_warned", accounts=count)
    return count


@receiver(user_logged_in)
def _is_used(user: Any, **kwargs: Any) -> None:
    """Whoever logs in uses the account."""
    if user.warned_at is not None:
        User.objects.filter(pk=user.pk).update(warned_at=None)
