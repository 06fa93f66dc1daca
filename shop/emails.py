"""What shoppers and merchants get by e-mail about a purchase.

Queued in the transaction of what they tell of (portal/mail.py): a process that dies leaves both or neither. A mail
server that is down keeps them waiting, and the order stands.
"""

from datetime import date
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from directory.models import MerchantPage
from portal import database_clock, grammar
from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY
from portal.templatetags.portal import euros
from shop import vat, wording
from shop.collection import words
from shop.delivery.models import Kind
from shop.delivery.ways import taxed
from shop.models import ExceptedLine, MerchantOrder, Purchase, Recall, Storefront
from shop.order_history import Reason, reason_of_cancellation
from shop.pickup import address
from shop.weighing import acts as weighing
from shop.withdrawal import exceptions

log = structlog.get_logger(__name__)

# What ended an order of which neither of the two pressed a button: for its buyer, and for its merchant.
CLOCK: dict[str, tuple[str, str]] = {
    MerchantOrder.Cancelled.UNANSWERED: (
        "le commerçant n’y a pas répondu à temps",
        "elle est restée sans réponse",
    ),
    MerchantOrder.Cancelled.UNPREPARED: (
        "le commerçant ne l’a pas préparée à temps",
        "elle n’était pas marquée comme prête à temps",
    ),
    MerchantOrder.Cancelled.UNCOLLECTED: ("elle n’a pas été retirée à temps",) * 2,
}

NOT_DELIVERED = "elle n’a pas été livrée à temps"


def ask_to_confirm(purchase: Purchase) -> None:
    """Send the buyer the link that makes it an order; no merchant is told, and no code is given."""
    purchase = Purchase.objects.with_orders().get(pk=purchase.pk)
    if purchase.confirm_by is None:
        return
    merchant_orders = [_in_email(merchant_order) for merchant_order in purchase.merchant_orders.all()]
    before = wording.written_hour(purchase.confirm_by)
    send(
        "to_confirm",
        f"Confirmez votre commande {purchase.number} avant {before}",
        [purchase.email],
        {"purchase": purchase, "merchant_orders": merchant_orders, "before": before},
    )


def confirm(purchase: Purchase) -> None:
    """Send the buyer all that was bought, and each merchant their own order only."""
    Purchase.objects.filter(pk=purchase.pk).update(told_of_withdrawal_at=database_clock.now())
    purchase = Purchase.objects.with_orders().get(pk=purchase.pk)
    merchant_orders = [
        merchant_order
        for merchant_order in purchase.merchant_orders.all()
        if merchant_order.order.status != ORDER_CANCELLED
    ]
    shares = vat.shares(part for merchant_order in merchant_orders for part in taxed(merchant_order.order))
    send(
        "purchase",
        f"Votre commande {purchase.number}",
        [purchase.email],
        {
            "purchase": purchase,
            "merchant_orders": [_in_email(merchant_order) for merchant_order in merchant_orders],
            "shares": shares,
            "has_slots": any(merchant_order.slot for merchant_order in merchant_orders),
            "excepted": _excepted(merchant_orders),
        },
    )
    for merchant_order in merchant_orders:
        _notify_merchant(merchant_order, "merchant_order", f"Nouvelle commande {merchant_order.collection_code}")


def notify(merchant_order: MerchantOrder, status: str) -> None:
    """Tell who must know that a merchant's order became ready or cancelled; other states need no e-mail.

    A purchase that its buyer never confirmed is nobody's news: its address may be invented.
    """
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    merchant = merchant_order.storefront.merchant.title
    if merchant_order.purchase.confirmed_at is None:
        return
    if status == ORDER_READY and merchant_order.delivery:
        what = "Colis parti" if merchant_order.delivery == Kind.PARCEL else "En route"
        _notify_buyer(merchant_order, "order_on_its_way", f"{what}\u00a0: votre commande {grammar.chez(merchant)}")
    elif status == ORDER_READY:
        _notify_buyer(merchant_order, "order_ready", f"C’est prêt {grammar.chez(merchant)}")
    elif status == ORDER_CANCELLED and merchant_order.cancelled_because in CLOCK:
        _notify_buyer(merchant_order, "order_expired", f"Commande annulée {grammar.chez(merchant)}")
        _notify_merchant(merchant_order, "merchant_order_expired", f"Commande {merchant_order.collection_code} annulée")
    elif status == ORDER_CANCELLED and merchant_order.cancelled_because == MerchantOrder.Cancelled.WITHDRAWN:
        return  # shop/withdrawal/emails.py tells both what was given up
    elif status == ORDER_CANCELLED and merchant_order.cancelled_because == MerchantOrder.Cancelled.BUYER:
        _notify_buyer(merchant_order, "order_cancelled_by_buyer", f"Commande annulée {grammar.chez(merchant)}")
        _notify_merchant(
            merchant_order,
            "merchant_order_cancelled",
            f"Commande {merchant_order.collection_code} annulée par le client",
        )
    elif status == ORDER_CANCELLED and merchant_order.cancelled_because == MerchantOrder.Cancelled.STAFF:
        _notify_buyer(merchant_order, "order_cancelled", f"Commande annulée {grammar.chez(merchant)}")
        _notify_merchant(
            merchant_order,
            "merchant_order_cancelled_by_staff",
            f"Commande {merchant_order.collection_code} annulée par l’équipe du portail",
        )
    elif status == ORDER_CANCELLED:
        _notify_buyer(merchant_order, "order_cancelled", f"Commande annulée par {merchant}")


def notify_reduced(merchant_order: MerchantOrder, missing: list[str], reason: Reason) -> None:
    """Tell the buyer what is missing, as lines such as "2 × Pain de seigle", why, and what the rest costs."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    _notify_buyer(
        merchant_order,
        "order_reduced",
        f"Il manque un article à votre commande {grammar.chez(merchant_order.storefront.merchant.title)}",
        missing=missing,
        reason=str(reason),
    )


def propose(merchant_order: MerchantOrder, time: str, word: str, answer_url: str) -> None:
    """Tell the buyer of another time that the merchant proposes. word: their own, or "". answer_url: a path."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    _notify_buyer(
        merchant_order,
        "order_proposal",
        f"Un autre horaire {grammar.chez(merchant_order.storefront.merchant.title)}\u00a0?",
        time=time,
        word=word,
        answer_link=f"{settings.SITE_URL}{answer_url}",
    )


def notify_moved(merchant_order: MerchantOrder) -> None:
    """Tell the merchant that the buyer accepts the time that was proposed."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    subject = f"Commande {merchant_order.collection_code}\u00a0: nouvel horaire accepté"
    _notify_merchant(merchant_order, "merchant_order_moved", subject)


def ask_to_replace(merchant_order: MerchantOrder, told: dict[str, str]) -> None:
    """Ask the buyer whether another article suits them. told: of shop.substitution.wording.as_told."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    merchant = merchant_order.storefront.merchant.title
    _notify_buyer(
        merchant_order,
        "order_substitute",
        f"Un autre article {grammar.chez(merchant)}\u00a0? À vous de dire",
        told=told,
    )


def tell_replaced(merchant_order: MerchantOrder, told: dict[str, str]) -> None:
    """Tell both what replaces what, and what the order costs now."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    merchant = merchant_order.storefront.merchant.title
    subject = f"Remplacement noté\u00a0: votre commande {grammar.chez(merchant)}"
    _notify_buyer(merchant_order, "order_substituted", subject, told=told)
    subject = f"Commande {merchant_order.collection_code}\u00a0: remplacement accepté"
    _notify_merchant(merchant_order, "merchant_substitute_accepted", subject, told=told)


def tell_answer(merchant_order: MerchantOrder, told: dict[str, str], is_silent: bool) -> None:
    """Tell the merchant that the buyer did not want the article, or kept silent."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    answer = "remplacement sans réponse" if is_silent else "remplacement refusé"
    subject = f"Commande {merchant_order.collection_code}\u00a0: {answer}"
    more = {"told": told, "is_silent": is_silent, "is_over": merchant_order.order.status == ORDER_CANCELLED}
    _notify_merchant(merchant_order, "merchant_substitute_refused", subject, **more)


def tell_accepted(merchant_order: MerchantOrder) -> None:
    """Tell the buyer that the shop has read the order and prepares it."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    merchant = merchant_order.storefront.merchant.title
    _notify_buyer(merchant_order, "order_accepted", f"Commande acceptée {grammar.chez(merchant)}")


def remind_to_answer(merchant_order: MerchantOrder) -> None:
    """Remind the merchant of an order that is cancelled unless they answer."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    _notify_merchant(
        merchant_order, "merchant_order_unanswered", f"Commande {merchant_order.collection_code} sans réponse"
    )


def remind(merchant_order: MerchantOrder) -> None:
    """Remind the buyer of what waits for them."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    _notify_buyer(
        merchant_order,
        "order_reminder",
        f"Votre commande vous attend {grammar.chez(merchant_order.storefront.merchant.title)}",
    )


def remind_merchant(merchant_order: MerchantOrder) -> None:
    """Remind the merchant of what is cancelled unless they say that it is ready."""
    merchant_order = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    _notify_merchant(merchant_order, "merchant_order_reminder", f"Commande {merchant_order.collection_code} à préparer")


def rehearse(storefront: Storefront) -> None:
    """Tell a merchant of the fake order that opens the shop, as of a real one."""
    merchant = storefront.merchant
    send(
        "rehearsal",
        f"Commande d’essai {storefront.rehearsal_code}",
        recipients(merchant),
        {"merchant": merchant.title, "code": storefront.rehearsal_code, "link": _desk(merchant)},
    )


def tell_paused(storefront: Storefront, until: date, reason: str) -> None:
    """Tell a merchant that the Region's staff has paused the shop, until when and why."""
    merchant = storefront.merchant
    context = {"merchant": merchant.title, "until": wording.written_day(until), "reason": reason}
    link = f"{settings.SITE_URL}{reverse('merchant_shop', args=[merchant.pk])}"
    send("shop_paused", f"Boutique en pause\u00a0: {merchant.title}", recipients(merchant), context | {"link": link})


def tell_withdrawn(product: Any, reason: str) -> None:
    """Tell a merchant that the Region's staff has taken an article off sale, and why."""
    merchant = product.stockrecords.select_related("partner__storefront__merchant").get().partner.storefront.merchant
    context = {"merchant": merchant.title, "article": product.title, "reason": reason}
    link = f"{settings.SITE_URL}{reverse('edit_product', args=[merchant.pk, product.pk])}"
    subject = f"Article retiré de la vente\u00a0: {product.title}"
    send("product_withdrawn", subject, recipients(merchant), context | {"link": link})


def tell_recalled(recall: Recall) -> None:
    """Tell a merchant what became of the recall of an article: published, or dismissed with its reason."""
    assert recall.storefront is not None
    what = "Article rappelé" if recall.slug else "Rappel écarté"
    send("merchant_recall", f"{what}\u00a0: {recall.title}", recipients(recall.storefront.merchant), {"recall": recall})


def recipients(merchant: MerchantPage) -> list[str]:
    """Return where a merchant reads orders: the address of the page, else those of its managers."""
    if merchant.email:
        return [merchant.email]
    return list(merchant.managers.filter(is_active=True).values_list("email", flat=True))


def _notify_buyer(merchant_order: MerchantOrder, template: str, subject: str, **more: Any) -> None:
    send(
        template,
        subject,
        [merchant_order.purchase.email],
        {"purchase": merchant_order.purchase, "merchant_order": _in_email(merchant_order), **more},
    )


def _notify_merchant(merchant_order: MerchantOrder, template: str, subject: str, **more: Any) -> None:
    merchant = merchant_order.storefront.merchant
    context = {"merchant_order": _in_email(merchant_order), "buyer": merchant_order.purchase, "link": _desk(merchant)}
    send(template, subject, recipients(merchant), context | more)


def _desk(merchant: MerchantPage) -> str:
    return f"{settings.SITE_URL}{reverse('merchant_orders', args=[merchant.pk])}"


def _in_email(merchant_order: MerchantOrder) -> dict[str, Any]:
    merchant, handing = merchant_order.storefront.merchant, wording.HANDINGS[merchant_order.delivery]
    day, answer_by = wording.last_day(merchant_order), merchant_order.answer_by
    cause = merchant_order.cancelled_because
    ended, ended_for_merchant = CLOCK.get(cause, ("", ""))
    is_undelivered = bool(merchant_order.delivery) and cause == MerchantOrder.Cancelled.UNCOLLECTED
    return {
        "merchant": merchant.title,
        "address": address(merchant),
        "phone": merchant.phone,
        "email": merchant.email,
        "conditions": f"{settings.SITE_URL}{reverse('merchant_conditions', args=[merchant.slug])}",
        "slot": words.written(slot) if (slot := merchant_order.slot) else "",
        "code": merchant_order.collection_code,
        "number": merchant_order.order.number,
        "lines": [_line_in_email(line) for line in merchant_order.order.lines.all() if line.quantity],
        "weighed": _weighed(merchant_order),
        "total": merchant_order.order.total_incl_tax,
        "delivered_to": merchant_order.purchase.delivery_address if merchant_order.delivery else "",
        "fee": merchant_order.order.shipping_incl_tax,
        "is_parcel": merchant_order.delivery == Kind.PARCEL,
        "to_pay": handing.to_pay,
        "to_cash": handing.to_cash,
        "code_label": handing.code,
        "invites": handing.invites,
        "until": wording.written_day(day) if day else "",
        "answer_by": wording.written_moment(answer_by) if answer_by else "",
        "reason": reason_of_cancellation(merchant_order) if cause else "",
        "by_staff": cause == MerchantOrder.Cancelled.STAFF,
        "ended": ended if not is_undelivered else NOT_DELIVERED,
        "ended_for_merchant": ended_for_merchant if not is_undelivered else NOT_DELIVERED,
    }


def _line_in_email(line: Any) -> dict[str, Any]:
    told = weighing.told(line)
    title = f"{line.title} ({told})" if told else line.title
    return {"quantity": line.quantity, "title": title, "line_price_incl_tax": line.line_price_incl_tax}


def _weighed(merchant_order: MerchantOrder) -> list[str]:
    """Return what was weighed of an order, "Tomme de brebis, pesé 333 g à 24,90 €/kg : 8,29 €"."""
    lines = [(line, weighing.told(line)) for line in merchant_order.order.lines.all()]
    return [f"{line.title}, {told} : {euros(line.line_price_incl_tax)}" for line, told in lines if told]


def _excepted(merchant_orders: list[MerchantOrder]) -> list[dict[str, str]]:
    """Return what of these orders cannot be given back, and why; one query."""
    orders = [merchant_order.order_id for merchant_order in merchant_orders]
    excepted = ExceptedLine.objects.filter(line__order__in=orders, line__quantity__gt=0)
    return [
        {"title": row.line.title, "told": exceptions.told(row.exception)}
        for row in excepted.select_related("line").order_by("line")
    ]


def send(
    template: str, subject: str, to: Any, context: Any, stop: str = "", headers: dict[str, str] | None = None
) -> None:
    """Send templates/shop/emails/<template>.txt with its .html twin. to: may be empty, then nothing is sent.

    stop: the address at which mail programs end such e-mails with one press (RFC 8058), of those that nobody needs.
    """
    if not to:
        log.warning("email_without_recipient", template=template)
        return
    if isinstance(purchase := context.get("purchase"), Purchase):
        context = context | {"withdrawal_link": f"{settings.SITE_URL}{purchase.withdrawal_path}"}
    context = context | {"site_url": settings.SITE_URL}
    if stop:
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    text = render_to_string(f"shop/emails/{template}.txt", context)
    message = EmailMultiAlternatives(subject, text, to=to, headers=headers)
    message.attach_alternative(render_to_string(f"shop/emails/{template}.html", context), "text/html")
    message.send()
