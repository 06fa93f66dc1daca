"""Closes the pages of merchants who leave, on their day, once no order and no refund waits."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from directory.models import MerchantPage
from directory.vetting.termination import acts
from directory.vetting.termination.models import Stage, Termination
from shop.models import WAITING, MerchantOrder
from shop.withdrawal.models import OPEN, Withdrawal


def waits_for(merchant: MerchantPage) -> dict[str, int]:
    """Return how many orders and refunds of a merchant wait, as templates name them."""
    orders = MerchantOrder.objects.filter(storefront__merchant=merchant, order__status__in=WAITING).confirmed()
    refunds = Withdrawal.objects.filter(merchant_order__storefront__merchant=merchant, state__in=OPEN, refund__gt=0)
    return {"waiting_orders": orders.count(), "waiting_refunds": refunds.count()}


def close_due(now: datetime) -> int:
    """Close the pages whose day has come; return how many. Those for whom something waits stay, until another night."""
    due = Termination.objects.filter(stage=Stage.ANNOUNCED, effective_on__lte=timezone.localdate(now)).exclude(
        merchant=None
    )
    closed = 0
    for termination in due.select_related("merchant"):
        merchant = termination.merchant
        if merchant is None or any(waits_for(merchant).values()):
            continue
        try:
            acts.take_effect(merchant, now)
        except ValidationError:  # called off a moment ago
            continue
        closed += 1
    return closed
