"""What the merchant answers, and what the clock does where nothing is."""

from datetime import date, timedelta

from django.db import transaction

from portal import database_clock
from shop.enquiries import emails
from shop.enquiries.models import Enquiry

LONGEST_ASIDE = timedelta(days=30)
BATCH = 200

State = Enquiry.State


@transaction.atomic
def answer(enquiry: Enquiry, state: str, reply: str = "", kept_until: date | None = None) -> bool:
    """Keep the merchant's answer and e-mail it; return False if there is one, or the request was taken back."""
    found = Enquiry.objects.select_for_update(of=("self",)).select_related("merchant__town").get(pk=enquiry.pk)
    if not found.can_be_answered:
        return False
    found.state, found.reply, found.answered_at = state, reply, database_clock.now()
    found.kept_until = kept_until if state == State.YES and not found.is_call else None
    found.save()
    emails.tell_answer(found)
    return True


def remind() -> int:
    """Remind merchants, once, of what they have not answered; return of how many requests."""
    now = database_clock.now()
    due = Enquiry.objects.open().filter(remind_from__lte=now, answer_by__gt=now, reminded_at=None)
    return sum(_remind(pk) for pk in due.order_by("pk").values_list("pk", flat=True)[:BATCH])


def end_unanswered() -> int:
    """Tell visitors that nobody has answered in time; return how many."""
    due = Enquiry.objects.open().filter(answer_by__lte=database_clock.now())
    return sum(_end(pk) for pk in due.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _remind(pk: int) -> bool:
    if (enquiry := _locked(pk)) is None or enquiry.reminded_at:
        return False
    Enquiry.objects.filter(pk=pk).update(reminded_at=database_clock.now())
    emails.remind_merchant(enquiry)
    return True


@transaction.atomic
def _end(pk: int) -> bool:
    if (enquiry := _locked(pk)) is None:
        return False
    Enquiry.objects.filter(pk=pk).update(state=State.UNANSWERED)
    enquiry.state = State.UNANSWERED
    emails.tell_unanswered(enquiry)
    return True


def _locked(pk: int) -> Enquiry | None:
    """Return an open request, unless another worker has it."""
    rows = Enquiry.objects.open().select_for_update(of=("self",), skip_locked=True)
    return rows.select_related("merchant__town").filter(pk=pk).first()
