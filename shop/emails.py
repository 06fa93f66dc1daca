"""What shoppers and merchants get by e-mail about a purchase.

Queued in the transaction of what they tell of (portal/mail.py): a process that dies leaves both or neither. A mail
server that is down keeps them waiting, and the order stands.
"""

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from directory.models import MerchantPage
from portal import grammar
from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY
from shop import vat, wording
from shop.models import MerchantOrder, Purchase, Storefront
from shop.order_history import Reason, reason_of_cancellation
from shop.pickup import address

log = structlog.get_logger(__name__)

CLOCK = (MerchantOrder.Cancelled.UNPREPARED, MerchantOrder.Cancelled.UNCOLLECTED)  # neither of the two pressed a button


def ask_to_confirm(purchase: Purchase) -> None:
    """Send the buyer the link that makes it an order; no merchant is told, and no code is given."""
    purchase = Purchase.objects.with_orders().get(pk=purchase.pk)
    if purchase.confirm_by is None:
        return
    parts = [_part(part) for part in purchase.merchant_orders.all()]
    before = wording.written_hour(purchase.confirm_by)
    _send(
        "to_confirm",
        f"Confirmez votre commande {purchase.number} avant {before}",
        [purchase.email],
        {"purchase": purchase, "parts": parts, "before": before},
    )


def confirm(purchase: Purchase) -> None:
    """Send the buyer all that was bought, and each merchant their own order only."""
    purchase = Purchase.objects.with_orders().get(pk=purchase.pk)
    parts = [part for part in purchase.merchant_orders.all() if part.order.status != ORDER_CANCELLED]
    shares = vat.shares((line.tax_code, line.line_price_incl_tax) for part in parts for line in part.order.lines.all())
    _send(
        "purchase",
        f"Votre commande {purchase.number}",
        [purchase.email],
        {"purchase": purchase, "parts": [_part(part) for part in parts], "shares": shares},
    )
    for part in parts:
        _tell_merchant(part, "merchant_order", f"Nouvelle commande {part.collection_code}")


def tell(part: MerchantOrder, status: str) -> None:
    """Tell who must know that a merchant's part became ready or cancelled; other states need no e-mail.

    A purchase that its buyer never confirmed is nobody's news: its address may be invented.
    """
    part = MerchantOrder.objects.with_details().get(pk=part.pk)
    merchant = part.storefront.merchant.title
    if part.purchase.confirmed_at is None:
        return
    if status == ORDER_READY:
        _tell_buyer(part, "order_ready", f"C’est prêt {grammar.chez(merchant)}")
    elif status == ORDER_CANCELLED and part.cancelled_because in CLOCK:
        _tell_buyer(part, "order_expired", f"Commande annulée {grammar.chez(merchant)}")
        _tell_merchant(part, "merchant_order_expired", f"Commande {part.collection_code} annulée")
    elif status == ORDER_CANCELLED and part.cancelled_because == MerchantOrder.Cancelled.BUYER:
        _tell_buyer(part, "order_cancelled_by_buyer", f"Commande annulée {grammar.chez(merchant)}")
        _tell_merchant(part, "merchant_order_cancelled", f"Commande {part.collection_code} annulée par le client")
    elif status == ORDER_CANCELLED:
        _tell_buyer(part, "order_cancelled", f"Commande annulée par {merchant}")


def tell_reduced(part: MerchantOrder, missing: list[str], reason: Reason) -> None:
    """Tell the buyer what is missing, as lines such as "2 × Pain de seigle", why, and what the rest costs."""
    part = MerchantOrder.objects.with_details().get(pk=part.pk)
    _tell_buyer(
        part,
        "order_reduced",
        f"Il manque un article à votre commande {grammar.chez(part.storefront.merchant.title)}",
        missing=missing,
        reason=str(reason),
    )


def remind(part: MerchantOrder) -> None:
    """Remind the buyer of what waits for them."""
    part = MerchantOrder.objects.with_details().get(pk=part.pk)
    _tell_buyer(part, "order_reminder", f"Votre commande vous attend {grammar.chez(part.storefront.merchant.title)}")


def remind_merchant(part: MerchantOrder) -> None:
    """Remind the merchant of what is cancelled unless they say that it is ready."""
    part = MerchantOrder.objects.with_details().get(pk=part.pk)
    _tell_merchant(part, "merchant_order_reminder", f"Commande {part.collection_code} à préparer")


def rehearse(storefront: Storefront) -> None:
    """Tell a merchant of the fake order that opens the shop, as of a real one."""
    merchant = storefront.merchant
    _send(
        "rehearsal",
        f"Commande d’essai {storefront.rehearsal_code}",
        recipients(merchant),
        {"merchant": merchant.title, "code": storefront.rehearsal_code, "link": _desk(merchant)},
    )


def recipients(merchant: MerchantPage) -> list[str]:
    """Return where a merchant reads orders: the address of the page, else those of its managers."""
    if merchant.email:
        return [merchant.email]
    return list(merchant.managers.filter(is_active=True).values_list("email", flat=True))


def _tell_buyer(part, template, subject, **more):
    _send(template, subject, [part.purchase.email], {"purchase": part.purchase, "part": _part(part), **more})


def _tell_merchant(part, template, subject):
    merchant = part.storefront.merchant
    context = {"part": _part(part), "buyer": part.purchase, "link": _desk(merchant)}
    _send(template, subject, recipients(merchant), context)


def _desk(merchant: MerchantPage) -> str:
    return f"{settings.SITE_URL}{reverse('merchant_orders', args=[merchant.pk])}"


def _part(part):
    merchant = part.storefront.merchant
    day = wording.last_day(part)
    return {
        "merchant": merchant.title,
        "address": address(merchant),
        "phone": merchant.phone,
        "conditions": f"{settings.SITE_URL}{reverse('merchant_conditions', args=[merchant.slug])}",
        "code": part.collection_code,
        "number": part.order.number,
        "lines": [line for line in part.order.lines.all() if line.quantity],
        "total": part.order.total_incl_tax,
        "until": wording.written_day(day) if day else "",
        "reason": reason_of_cancellation(part) if part.cancelled_because else "",
        "was_unprepared": part.cancelled_because == MerchantOrder.Cancelled.UNPREPARED,
    }


def _send(template, subject, to, context):
    """Send templates/shop/emails/<template>.txt with its .html twin. to: may be empty, then nothing is sent."""
    if not to:
        log.warning("email_without_recipient", template=template)
        return
    context = context | {"site_url": settings.SITE_URL}
    message = EmailMultiAlternatives(subject, render_to_string(f"shop/emails/{template}.txt", context), to=to)
    message.attach_alternative(render_to_string(f"shop/emails/{template}.html", context), "text/html")
    message.send()
