"""What shoppers and merchants get by e-mail about a purchase.

Queued after the commit (portal/mail.py): a mail server that is down keeps them waiting, and the order stands.
"""

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY
from shop import vat
from shop.collection import address
from shop.models import MerchantOrder, Purchase

log = structlog.get_logger(__name__)

TOLD = {
    ORDER_READY: ("order_ready", "C’est prêt chez {merchant}"),
    ORDER_CANCELLED: ("order_cancelled", "Commande annulée par {merchant}"),
}


def confirm(purchase: Purchase) -> None:
    """Send the buyer all she bought, and each merchant her own part only."""
    purchase = Purchase.objects.with_orders().get(pk=purchase.pk)
    parts = list(purchase.merchant_orders.all())
    shares = vat.shares((line.tax_code, line.line_price_incl_tax) for part in parts for line in part.order.lines.all())
    _send(
        "purchase",
        f"Votre commande {purchase.number}",
        [purchase.email],
        {"purchase": purchase, "parts": [_part(part) for part in parts], "shares": shares},
    )
    for part in parts:
        _send(
            "merchant_order",
            f"Nouvelle commande {part.collection_code}",
            recipients(part),
            {
                "part": _part(part),
                "buyer": purchase,
                "link": f"{settings.SITE_URL}{reverse('merchant_orders', args=[part.storefront.merchant_id])}",
            },
        )


def tell_buyer(part: MerchantOrder) -> None:
    """Tell the buyer that a merchant's part is ready or cancelled; other states need no e-mail."""
    part = MerchantOrder.objects.with_details().get(pk=part.pk)
    if part.order.status in TOLD:
        template, subject = TOLD[part.order.status]
        _send(
            template,
            subject.format(merchant=part.storefront.merchant.title),
            [part.purchase.email],
            {"purchase": part.purchase, "part": _part(part)},
        )


def recipients(part: MerchantOrder) -> list[str]:
    """Return where a merchant reads her orders: her page's address, else her managers'."""
    merchant = part.storefront.merchant
    if merchant.email:
        return [merchant.email]
    return list(merchant.managers.filter(is_active=True).values_list("email", flat=True))


def _part(part):
    merchant = part.storefront.merchant
    return {
        "merchant": merchant.title,
        "address": address(merchant),
        "phone": merchant.phone,
        "code": part.collection_code,
        "number": part.order.number,
        "lines": part.order.lines.all(),
        "total": part.order.total_incl_tax,
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
