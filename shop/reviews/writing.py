"""Reviews are written by buyers, read by the Region's staff before anybody sees them, and replied to by merchants."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime
from oscar.core.loading import get_model

from portal import database_clock, rate_limits
from portal.oscar_settings import ORDER_COLLECTED
from portal.rate_limits import Limit
from shop import buyers, emails
from shop.models import MerchantOrder, OrderEvent, Purchase, Review
from shop.reviews.models import Refused

State = Review.State
Order = get_model("order", "Order")
AGAIN = Limit("reviews written about an order", 5, timedelta(days=1))


class ChangedMeanwhile(Exception):
    """The review is no longer what the page showed: nothing was done."""


class TooMany(Exception):
    """It was written anew too often today."""


def collected_on(merchant_order: MerchantOrder) -> date:
    """Return the day on which an order was handed over: of its history, or, where that tells none, of its purchase."""
    event = merchant_order.events.filter(kind=OrderEvent.Kind.COLLECTED).order_by("-pk").first()
    return localtime(event.at if event else merchant_order.purchase.placed_at).date()


def may_review(merchant_order: MerchantOrder) -> bool:
    """Return whether there is something to review: handed over, its buyer known, and not the merchant's own."""
    if merchant_order.order.status != ORDER_COLLECTED or not merchant_order.purchase.is_named_and_confirmed:
        return False
    return not is_own_shop(merchant_order)


def is_own_shop(merchant_order: MerchantOrder) -> bool:
    """Return whether the buyer keeps the shop, by account, mailbox or telephone."""
    purchase, merchant = merchant_order.purchase, merchant_order.storefront.merchant
    keepers = list(merchant.managers.values_list("pk", "email"))
    if purchase.user_id in [pk for pk, _ in keepers]:
        return True
    mailboxes = {buyers.email_key(email) for email in [merchant.email, *(email for _, email in keepers)] if email}
    if buyers.email_key(purchase.email) in mailboxes:
        return True
    return bool(merchant.phone) and buyers.phone_key(merchant.phone) == purchase.phone_key


@transaction.atomic
def write(merchant_order: MerchantOrder, mark: int, text: str, first_name: str) -> Review:
    """Store a review, to be read before it is shown; one that was refused is written anew. A second press does nothing.

    Raises ChangedMeanwhile where there is one that may not be changed; TooMany.
    """
    # As pseudonymisation does: it never misses a review that is being written.
    purchase = Purchase.objects.select_for_update(no_key=True).get(pk=merchant_order.purchase_id)
    Order.objects.select_for_update().get(pk=merchant_order.order_id)
    told = {"mark": mark, "text": text, "first_name": first_name}
    found = Review.objects.filter(merchant_order=merchant_order).first()
    if found is not None and found.state == State.WAITING and all(getattr(found, key) == told[key] for key in told):
        return found
    if purchase.pseudonymised_at is not None or (found is not None and found.state != State.REFUSED):
        raise ChangedMeanwhile
    if rate_limits.take(AGAIN, str(merchant_order.pk)):
        raise TooMany
    now = database_clock.now()
    if found is None:
        return Review.objects.create(
            merchant_order=merchant_order, experienced_on=collected_on(merchant_order), written_at=now, **told
        )
    Review.objects.filter(pk=found.pk).update(state=State.WAITING, written_at=now, reason="", words="", **told)
    found.refresh_from_db()
    return found


@transaction.atomic
def publish(review: Review, shown: str, by: Any) -> None:
    """Show a review; its author and its merchant are told. shown: its state as the page told it.

    Raises ChangedMeanwhile.
    """
    locked = _locked(review, shown, (State.WAITING, State.REFUSED, State.WITHDRAWN))
    now = database_clock.now()
    is_first = locked.published_at is None
    first = {"published_at": now} if is_first else {}
    _change(locked, state=State.PUBLISHED, decided_at=now, decided_by=by, reason="", words="", **first)
    _tell_author(locked, "review_published", "Votre avis est publié")
    if is_first:
        _tell_merchant(locked)


@transaction.atomic
def refuse(review: Review, shown: str, by: Any, reason: str, words: str) -> None:
    """Do not show a review, or show it no more; its author is told why. Raises ChangedMeanwhile."""
    locked = _locked(review, shown, (State.WAITING, State.PUBLISHED))
    state = State.REFUSED if locked.published_at is None else State.WITHDRAWN
    _change(locked, state=state, decided_at=database_clock.now(), decided_by=by, reason=reason, words=words)
    what = "n’est pas publié" if state == State.REFUSED else "n’est plus publié"
    _tell_author(locked, "review_refused", f"Votre avis {what}")


@transaction.atomic
def take_back(review: Review) -> None:
    """Its author wants it shown no more."""
    Review.objects.filter(pk=review.pk).exclude(state=State.WITHDRAWN).update(
        state=State.WITHDRAWN, reason="", words=""
    )


@transaction.atomic
def reply(review: Review, text: str, by: Any) -> bool:
    """Add the merchant's only reply to a review that is shown; return False where that is done, or it is not shown."""
    own = Review.objects.filter(pk=review.pk, state=State.PUBLISHED, replied_at=None)
    if not own.update(reply=text, replied_at=database_clock.now(), replied_by=by):
        return False
    locked = Review.objects.get(pk=review.pk)
    _tell_author(locked, "review_replied", "Le commerçant répond à votre avis")
    return True


def _locked(review: Review, shown: str, from_states: tuple[str, ...]) -> Review:
    locked: Review = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if locked.state != shown or shown not in from_states:
        raise ChangedMeanwhile
    return locked


def _change(review: Review, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(review, name, value)
    review.save(update_fields=list(fields))


def _context(review: Review) -> tuple[MerchantOrder, dict[str, Any]]:
    part = MerchantOrder.objects.with_details().get(pk=review.merchant_order_id)
    merchant = part.storefront.merchant
    return part, {
        "merchant": merchant.title,
        "text": review.text,
        "mark": review.mark,
        "reply": review.reply,
        "reason": review.told_reason,
        "may_write_anew": review.state == State.REFUSED,
        "public": f"{settings.SITE_URL}{merchant.public_path}avis/#avis-{review.pk}",
    }


def _tell_author(review: Review, template: str, subject: str) -> None:
    part, context = _context(review)
    purchase = part.purchase
    if not purchase.is_named_and_confirmed:
        return
    path = reverse("checkout:review", args=[part.order.number])
    context["link"] = f"{settings.SITE_URL}{path}?cle={purchase.key}"
    emails.send(template, subject, [purchase.email], context | {"buyer": purchase.name})


def _tell_merchant(review: Review) -> None:
    part, context = _context(review)
    merchant = part.storefront.merchant
    context["link"] = f"{settings.SITE_URL}{reverse('merchant_reviews', args=[merchant.pk])}"
    subject = f"Un avis sur {merchant.title}"
    emails.send("merchant_review", subject, emails.recipients(merchant), context | {"author": review.first_name})


__all__ = ["ChangedMeanwhile", "Refused", "TooMany", "may_review", "publish", "refuse", "reply", "take_back", "write"]
