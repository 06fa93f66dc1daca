"""What buyer and merchant are told of a withdrawal, in the transaction that makes it so."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from portal import grammar
from shop import emails
from shop.models import Purchase
from shop.pickup import address
from shop.withdrawal import wording
from shop.withdrawal.models import Withdrawal

State = Withdrawal.State


def acknowledge(purchase: Purchase, withdrawals: list[Withdrawal]) -> None:
    """Send at once what was given up, and when (C. conso. art. L221-21): to the address given, and the buyer's."""
    told = [_told(withdrawal) for withdrawal in _loaded(withdrawals)]
    for to in dict.fromkeys(each.lower() for each in (withdrawals[0].email, purchase.email)):
        emails.send(
            "withdrawal",
            f"Accusé de réception de votre rétractation, commande {purchase.number}",
            [to],
            {"purchase": purchase, "withdrawals": told, "name": withdrawals[0].name},
        )


def tell_merchant(withdrawal: Withdrawal, nothing_left: bool) -> None:
    """nothing_left: whether the order is cancelled by it, nothing being handed over yet."""
    _to_merchant(
        withdrawal,
        "merchant_withdrawal",
        f"Rétractation sur la commande {withdrawal.merchant_order.collection_code}",
        nothing_left=nothing_left,
    )


def tell_buyer(withdrawal: Withdrawal) -> None:
    """Tell what became of it: got back, or refunded."""
    (loaded,) = _loaded([withdrawal])
    purchase = loaded.merchant_order.purchase
    merchant = loaded.merchant_order.storefront.merchant.title
    is_refunded = loaded.state == State.REFUNDED
    what = "Remboursement" if is_refunded else "Retour bien reçu"
    emails.send(
        "withdrawal_state",
        f"{what} {grammar.chez(merchant)}",
        [purchase.email],
        {"purchase": purchase, "withdrawal": _told(loaded), "is_refunded": is_refunded},
    )


def remind_merchant(withdrawal: Withdrawal, is_overdue: bool) -> None:
    """Remind of a refund that is due in a few days, or was due."""
    what = "en retard" if is_overdue else "à faire"
    _to_merchant(
        withdrawal,
        "merchant_refund_due",
        f"Remboursement {what}, commande {withdrawal.merchant_order.collection_code}",
        is_overdue=is_overdue,
    )


def _to_merchant(withdrawal: Withdrawal, template: str, subject: str, **more: Any) -> None:
    (loaded,) = _loaded([withdrawal])
    merchant = loaded.merchant_order.storefront.merchant
    link = f"{settings.SITE_URL}{reverse('merchant_withdrawals', args=[merchant.pk])}"
    context = {"withdrawal": _told(loaded), "buyer": loaded.merchant_order.purchase, "link": link}
    emails.send(template, subject, emails.recipients(merchant), context | more)


def _loaded(withdrawals: Iterable[Withdrawal]) -> Any:
    own = Withdrawal.objects.filter(pk__in=[withdrawal.pk for withdrawal in withdrawals])
    return own.select_related(
        "merchant_order__purchase", "merchant_order__storefront__merchant__town"
    ).prefetch_related("lines__line")


def _told(withdrawal: Withdrawal) -> dict[str, Any]:
    merchant = withdrawal.merchant_order.storefront.merchant
    return {
        "number": withdrawal.number,
        "code": withdrawal.merchant_order.collection_code,
        "merchant": merchant.title,
        "address": address(merchant),
        "phone": merchant.phone,
        "email": merchant.email,
        "name": withdrawal.name,
        "at": wording.to_the_second(withdrawal.at),
        "iso": localtime(withdrawal.at).isoformat(timespec="seconds"),
        "lines": [f"{row.quantity} × {row.line.title}" for row in withdrawal.lines.all()],
        "handed_over": withdrawal.handed_over,
        "refund": withdrawal.refund,
        "delivery": withdrawal.delivery,
        "refund_by": wording.whole_day(withdrawal.refund_by) if withdrawal.refund_by else "",
    }
