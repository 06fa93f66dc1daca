"""Another time: the merchant proposes it, the buyer accepts it or cancels (docs/collection.md)."""

from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from shop import emails, order_history, orders
from shop.collection import words
from shop.collection.slots import Slot
from shop.models import TO_PREPARE, MerchantOrder, Purchase
from shop.order_history import OrderEvent, Reason, Refusal

Order = get_model("order", "Order")


class Outdated(Exception):
    """The order, or what is proposed, is no longer what the page showed: nothing was done."""


@transaction.atomic
def propose(merchant_order: MerchantOrder, slot: Slot, by: Any, word: str = "") -> None:
    """Propose another time to the buyer of an order that is being prepared. word: the merchant's own, or "".

    The agreed slot stays until the buyer answers; the proposed one holds no place. Raises Outdated.
    """
    if Order.objects.select_for_update().get(pk=merchant_order.order_id).status not in TO_PREPARE:
        raise Outdated
    stored = MerchantOrder.objects.get(pk=merchant_order.pk)
    if slot in (stored.slot, stored.proposal):
        return  # a second press
    MerchantOrder.objects.filter(pk=stored.pk).update(proposed_from=slot.start, proposed_until=slot.end)
    _record(stored, OrderEvent.Kind.PROPOSED, OrderEvent.Actor.MERCHANT, by, slot, word)
    emails.propose(stored, words.written(slot), word, orders.answer_url(stored, stored.purchase.key))


@transaction.atomic
def accept(merchant_order: MerchantOrder, shown: str, by: Any = None) -> bool:
    """Make what is proposed the time that both agree on; return whether that was done now, not before.

    shown: the beginning that the page showed, in ISO's format. by: the User, None for a guest. Raises Outdated. The
    purchase is locked before the order, as whoever cancels does.
    """
    Purchase.objects.select_for_update(no_key=True).get(pk=merchant_order.purchase_id)
    status = Order.objects.select_for_update().get(pk=merchant_order.order_id).status
    stored = MerchantOrder.objects.get(pk=merchant_order.pk)
    proposal = stored.proposal
    if proposal is None and stored.slot and stored.slot.start.isoformat() == shown:
        return False
    if status not in TO_PREPARE or proposal is None or proposal.start.isoformat() != shown:
        raise Outdated
    MerchantOrder.objects.filter(pk=stored.pk).update(
        collect_from=proposal.start,
        collect_until=proposal.end,
        proposed_from=None,
        proposed_until=None,
        prepare_by=max(filter(None, [stored.prepare_by, orders.last_day_to_prepare(proposal)])),
    )
    _record(stored, OrderEvent.Kind.ACCEPTED, OrderEvent.Actor.BUYER, by, proposal)
    emails.notify_moved(stored)
    return True


def _record(merchant_order: MerchantOrder, kind: str, actor: str, by: Any, slot: Slot, word: str = "") -> None:
    told = words.written(slot) + (f". {word}" if word else "")
    order_history.record(merchant_order, kind, actor, by, Reason(Refusal.OTHER, told))
