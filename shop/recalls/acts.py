"""Recalls an article: off sale at once, its lines refused in open orders, its buyers of six months written to.

Everything but the letters is done in one transaction; a job sends these, and finds out whom none reaches.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from oscar.core.loading import get_model
from wagtail.log_actions import log

from portal import database_clock, mail
from portal.slugs import slug_of
from shop import emails, refusals
from shop.models import WAITING, MerchantOrder, Storefront, Substitution
from shop.order_history import Reason, Refusal
from shop.products import lock_product, merchant_of
from shop.recalls.models import Recall, RecallLetter

Line = get_model("order", "Line")
RECALLED, DISMISSED = "shop.recall", "shop.recall_dismissed"  # in Wagtail's log
SINCE = timedelta(days=184)  # « les six derniers mois » (article 32), the longest six months
AT_A_TIME = 200
HEADER = "X-Rappel"
KEPT = timedelta(days=730)
State = Recall.State


class AlreadyRecalled(Exception):
    """Somebody has asked for, published or dismissed it meanwhile: nothing was done."""


@transaction.atomic
def ask(product: Any, by: Any, told: dict[str, str]) -> Recall:
    """Keep that a merchant asks for a recall: the article leaves the sale at once, staff decides the rest.

    told: reason, risk, what_to_do, official_link.
    """
    recall = _begin(product, by, told)
    log(product, "wagtail.edit", user=by, data={"recall": recall.pk})
    return recall


@transaction.atomic
def publish_new(product: Any, by: Any, told: dict[str, str]) -> Recall:
    """Recall an article of which nobody has asked it."""
    return publish(_begin(product, by, told), by, told)


@transaction.atomic
def publish(recall: Recall, by: Any, told: dict[str, str]) -> Recall:
    """Publish the notice in staff's words, refuse what is still to be collected, and list who is to be written to."""
    locked = Recall.objects.select_for_update().filter(pk=recall.pk, state=State.ASKED).first()
    if locked is None:
        raise AlreadyRecalled
    for name, value in told.items():
        setattr(locked, name, value)
    locked.state, locked.decided_at, locked.decided_by = State.PUBLISHED, database_clock.now(), by
    locked.slug = f"{slug_of(locked.title)[:60]}-{locked.pk}"
    locked.save()
    if locked.product_id is not None:
        letters = _letters(locked)
        _refuse(locked, by, letters)
        RecallLetter.objects.bulk_create(letters.values(), batch_size=1_000)
        log(locked.product, RECALLED, user=by, data={"recall": locked.pk, "reason": locked.reason})
    if locked.storefront is not None:
        emails.tell_recalled(locked)
    return locked


@transaction.atomic
def dismiss(recall: Recall, by: Any, answer: str) -> None:
    """Answer a merchant that there is no recall: the article may be sold again."""
    locked = Recall.objects.select_for_update().filter(pk=recall.pk, state=State.ASKED).first()
    if locked is None:
        raise AlreadyRecalled
    locked.state, locked.decided_at, locked.decided_by = State.DISMISSED, database_clock.now(), by
    locked.answer = answer
    locked.save()
    if locked.product is not None:
        log(locked.product, DISMISSED, user=by, data={"recall": locked.pk, "reason": answer})
    if locked.storefront is not None:
        emails.tell_recalled(locked)


def unreached(recall: Recall) -> QuerySet[RecallLetter]:
    return recall.letters.exclude(unreached_at=None).select_related("purchase").order_by("pk")


def write_due() -> int:
    """Send some of the letters that wait, and note whom none reaches; return how many were sent. A job."""
    unreached = RecallLetter.objects.filter(pk__in=mail.given_up(HEADER), unreached_at=None)
    unreached.update(unreached_at=database_clock.now())
    waiting = RecallLetter.objects.filter(sent_at=None, unreached_at=None).select_related("recall", "purchase")
    with transaction.atomic():
        due = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_A_TIME])
        for letter in due:
            _send(letter)
        RecallLetter.objects.bulk_update(due, ["sent_at", "unreached_at"])
    return len(due)


def _begin(product: Any, by: Any, told: dict[str, str]) -> Recall:
    lock_product(product.pk)
    if Recall.objects.filter(product=product, state__in=(State.ASKED, State.PUBLISHED)).exists():
        raise AlreadyRecalled
    stock = product.stockrecords.select_related("partner__storefront__merchant__town").get()
    storefront: Storefront = stock.partner.storefront
    town = merchant_of(stock).town.name
    return Recall.objects.create(
        product=product,
        storefront=storefront,
        title=product.title,
        seller=f"{storefront.merchant.title}, {town}",
        identifier=product.details.identifier,
        state=State.ASKED,
        asked_by=by,
        **told,
    )


def _letters(recall: Recall) -> dict[int, RecallLetter]:
    """Return a letter for each purchase of the last six months that still holds units of it, by purchase."""
    assert recall.decided_at is not None
    bought = Line.objects.filter(
        product=recall.product_id,
        quantity__gt=0,
        order__merchant_order__purchase__confirmed_at__isnull=False,
        order__merchant_order__purchase__placed_at__gte=recall.decided_at - SINCE,
        order__merchant_order__cancelled_because="",
    )
    purchases = bought.values_list("order__merchant_order__purchase").annotate(units=Sum("quantity")).order_by()
    return {pk: RecallLetter(recall=recall, purchase_id=pk, units=units) for pk, units in purchases}


def _refuse(recall: Recall, by: Any, letters: dict[int, RecallLetter]) -> None:
    if recall.product_id is None:
        return
    held = Q(order__lines__product=recall.product_id, order__lines__quantity__gt=0)
    proposed = Q(substitutions__stockrecord__product=recall.product_id, substitutions__state=Substitution.State.ASKED)
    waiting = MerchantOrder.objects.filter(held | proposed, order__status__in=WAITING)
    for part in waiting.select_related("order", "storefront__merchant").distinct().order_by("pk"):
        gone = refusals.take_back(part, recall.product_id, by, Reason(Refusal.RECALLED))
        if part.purchase_id in letters:
            letters[part.purchase_id].refused += gone


def _send(letter: RecallLetter) -> None:
    now = database_clock.now()
    if not letter.purchase.email:
        letter.unreached_at = now
        return
    emails.send(
        "recall",
        f"Rappel de sécurité\u00a0: {letter.recall.title}",
        [letter.purchase.email],
        {"recall": letter.recall, "letter": letter, "purchase": letter.purchase},
        headers={HEADER: str(letter.pk)},
    )
    letter.sent_at = now
