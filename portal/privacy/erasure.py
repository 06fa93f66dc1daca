"""Erasing a person: everything that the register knows of them, at once, as far as the law lets go of it."""

from collections.abc import Iterable

import structlog
from django.db import transaction

from portal.models import User
from portal.privacy.models import ErasureRecord
from portal.privacy.person import Person, of_account
from portal.privacy.register import holdings

log = structlog.get_logger(__name__)


@transaction.atomic
def erase(person: Person, way: str) -> ErasureRecord:
    """Erase a person and return the record of it, which names nobody.

    The account, on which all else hangs, is the last.
    """
    if person.user:
        User.objects.select_for_update().get(pk=person.user.pk)
    outcome = {}
    for holding in sorted(holdings(), key=lambda holding: holding.erased_last):
        if holding.erase and (count := holding.erase(person)):
            outcome[holding.name] = count
    record = ErasureRecord.objects.create(way=way, outcome=outcome)
    log.info("person_erased", way=way, rows=sum(outcome.values()))
    return record


def erase_accounts(users: Iterable[User], way: str = ErasureRecord.Way.TERM) -> int:
    """Erase accounts, by default those that nobody uses; return how many."""
    people = [of_account(user) for user in users]
    for person in people:
        erase(person, way)
    return len(people)
