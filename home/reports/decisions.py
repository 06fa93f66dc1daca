"""Decisions of editors on reports; tells everybody concerned once, with the reasons.

The e-mails are queued in the transaction of the decision, so neither exists without the other.
"""

from collections.abc import Collection

from django.db import transaction

from home.reports import emails
from home.reports.models import Notice
from portal import database_clock
from portal.models import User

State = Notice.State


@transaction.atomic
def decide(notices: Collection[Notice], state: State, answer: str, by: User) -> int:
    """Decide these reports alike; return how many that changed. answer: the reasons, told as they are.

    One e-mail an address, however many of its reports these are. A report that is decided as it was told already, as
    after « Remettre à traiter » by mistake, tells nobody again.
    """
    decided = []
    for notice in Notice.objects.select_for_update().filter(pk__in=[notice.pk for notice in notices]).order_by("pk"):
        if (notice.state, notice.answer) != (state, answer):
            notice.state, notice.answer = state, answer
            notice.decided_at, notice.decided_by = database_clock.now(), by
            decided.append(notice)
    news = [notice for notice in decided if (notice.told_state, notice.told_answer) != (state, answer)]
    emails.notify_senders(news)
    emails.notify_merchants(news)
    for notice in news:
        notice.told_state, notice.told_answer = state, answer
    Notice.objects.bulk_update(
        decided, ["state", "answer", "decided_at", "decided_by", "told_state", "told_answer"], batch_size=200
    )
    return len(decided)


@transaction.atomic
def reopen(notices: Collection[Notice]) -> int:
    """Undo the decisions on these reports; return how many were decided. Their senders hear of the next decision."""
    decided = Notice.objects.filter(pk__in=[notice.pk for notice in notices]).exclude(state=State.NEW)
    return decided.update(state=State.NEW, decided_at=None, decided_by=None)
