"""Writing into the journal: who did what to which merchant or application, and why."""

from typing import Any

from directory.vetting.models import JournalEntry
from portal.models import User

Act = JournalEntry.Act


def note(
    act: JournalEntry.Act,
    by: User | None,
    *,
    merchant: int | None = None,
    application: str = "",
    reasons: str = "",
    on_behalf_of: str = "",
    **facts: Any,
) -> JournalEntry:
    """Add an entry in the transaction of the act. by: None for a machine. facts: what JSON holds; no name of a person.

    merchant: id of a page. application: its number.
    """
    return JournalEntry.objects.create(
        act=act,
        actor=by,
        merchant_number=merchant,
        application_number=application,
        reasons=reasons,
        on_behalf_of=on_behalf_of,
        facts=facts,
    )


def signature(by: User) -> str:
    """Return how a person signs a decision of the Region."""
    return by.get_full_name() or by.email
