"""Forget the second factor of somebody who has lost it: `manage.py reset_second_factor EMAIL --write`."""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from portal.models import User

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Forgets the second factor and ends the sessions of an account; without --write, only tells what it has."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--write", action="store_true", help="do it")

    @transaction.atomic
    def handle(self, *, email: str, write: bool, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"No account has the address {email}.")
        factors = Authenticator.objects.select_for_update().filter(user=user)
        if not factors:
            raise CommandError(f"{user.email} has no second factor: nothing to reset.")
        for factor in factors.order_by("type", "pk"):
            used = f"last used on {factor.last_used_at:%Y-%m-%d}" if factor.last_used_at else "never used"
            self.stdout.write(f"{factor.type}: added on {factor.created_at:%Y-%m-%d}, {used}")
        if not write:
            self.stdout.write("Nothing was changed: add --write to forget them.")
            return
        factors.delete()
        ended = _end_sessions(user)
        _notify(user)
        log.warning("second_factor_reset", account=user.pk)
        self.stdout.write(f"Forgotten; {ended} open session(s) ended. They were told at {user.email}.")


def _end_sessions(user: User) -> int:
    """End what the account has open, as whoever holds the lost device may hold a session too; return how many."""
    open_now = Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=1000)
    own = [session.pk for session in open_now if session.get_decoded().get("_auth_user_id") == str(user.pk)]
    Session.objects.filter(pk__in=own).delete()
    return len(own)


def _notify(user: User) -> None:
    get_adapter().send_mail("account/email/second_factor_reset", user.email, {})
