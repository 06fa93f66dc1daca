"""Orders as buyers and merchants see them, and the changes of their state."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils.timezone import localtime
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.core.loading import get_class, get_model

from directory import hours
from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from portal.phone import telephone_url
from shop import answering, emails, order_history, wording
from shop.collection import words
from shop.collection.slots import Slot
from shop.delivery.models import Kind
from shop.delivery.ways import taxed
from shop.models import TO_PREPARE, MerchantOrder
from shop.order_history import Entry, OrderEvent, Reason
from shop.pickup import address
from shop.receipts.issuing import issue
from shop.substitution.wording import asked as asked_told
from shop.substitution.wording import replaced as replaced_told
from shop.weighing.acts import of_line, to_weigh
from shop.weighing.acts import told as told_of_weight

EventHandler = get_class("order.processing", "EventHandler")
Line = get_model("order", "Line")
NOBODY = "Acheteur dont le nom est effacé"
Order = get_model("order", "Order")


LATE = "En retard : l’heure convenue est passée. Proposez un autre horaire, ou appelez le client."
CLOSED_THEN = "Vos horaires ont changé : la boutique est fermée à ce moment-là. Proposez un autre horaire."


class IdentityNotChecked(Exception):
    """The order holds alcohol, and nobody has looked at the buyer's identity card: nothing was handed over."""


ASK_IDENTITY = (
    "Cette commande contient de l’alcool\u00a0: regardez une pièce d’identité, "
    "cochez «\u00a0j’ai contrôlé l’âge\u00a0», puis remettez-la."
)


@dataclass(frozen=True)
class Ticket:
    """What components/order_ticket.html shows of one merchant's order, and the links for its foot.

    is_weighed: whether something of it is sold by weight. asks_identity: whether who hands it over has to look at an
    identity card. awaits_answer: whether its merchant has done nothing with it yet. code_label: its name.
    fee: of its delivery, None where it is collected. acts: what the merchant's buttons say, by what they do.
    code: "" where it serves nothing. slot: when its buyer comes, "" where nothing is agreed; proposal: when the
    merchant would rather have them come; may_move: whether the merchant can propose that; warning: what is wrong with
    that time, for the merchant. questions: the substitutes that the buyer has not answered. point: (latitude,
    longitude) of the shop, where its buyer is to go; else None.
    """

    number: str
    code: str
    title: str
    kind: str
    status: str
    when: str
    address: str
    lines: list[dict[str, Any]]
    slot: str
    proposal: str
    warning: str
    due: dict[str, Any]
    actions: list[dict[str, str]]
    history: list[Entry]
    point: tuple[float, float] | None
    asks_identity: bool = False
    awaits_answer: bool = False
    is_weighed: bool = False
    code_label: str = "Code de retrait"
    fee: Decimal | None = None
    acts: dict[str, str] = field(default_factory=dict)
    may_move: bool = True
    questions: list[str] = field(default_factory=list)


def buyer_ticket(merchant_order: MerchantOrder, now: datetime, key: str = "") -> Ticket:
    """Return a merchant's order as its buyer sees it: whose it is and where to go.

    key: what opened the page, for the links on it.
    """
    merchant = merchant_order.storefront.merchant
    state = wording.state_of(merchant_order, now)
    answer_it = {"label": "Répondre au nouvel horaire", "url": answer_url(merchant_order, key), "icon": "calendar"}
    answer = [answer_it] if merchant_order.proposal and merchant_order.order.status in TO_PREPARE else []
    answer += [
        {
            "label": f"Répondre : {substitution.title}",
            "url": substitution.path + (f"?{urlencode({'cle': key})}" if key else ""),
            "icon": "info",
        }
        for substitution in merchant_order.substitutions.all()
        if substitution.is_open
    ]
    cancel_it = {"label": "Annuler cette commande", "url": cancel_url(merchant_order, key), "icon": "close"}
    write_it = {"label": "Écrire au commerçant", "url": messages_url(merchant_order, key), "icon": "mail"}
    write = [write_it] if merchant_order.purchase.is_named_and_confirmed else []
    if state is wording.COLLECTED and merchant_order.purchase.is_named_and_confirmed:
        said = "Voir mon avis" if hasattr(merchant_order, "review") else "Donner mon avis"
        review_it = {"label": said, "url": _with_key("checkout:review", merchant_order, key), "icon": "star"}
        write = [*_receipts(merchant_order, key), review_it, *write]
    return _ticket(
        merchant_order,
        state,
        title=merchant.title,
        address=f"Livraison : {merchant_order.purchase.delivery_address}"
        if merchant_order.delivery
        else address(merchant),
        when=wording.sentence(state.told, merchant_order),
        due=state.due,
        code=merchant_order.collection_code if state.shows_code else "",
        actions=[*answer, cancel_it, *write] if state.buyer_may_cancel else write,
        history=order_history.for_buyer(merchant_order),
        point=None if state.is_cancelled or merchant_order.delivery else merchant.point,
    )


def merchant_ticket(merchant_order: MerchantOrder, now: datetime) -> Ticket:
    """Return an order as its merchant sees it: who comes for it."""
    buyer = merchant_order.purchase
    state = wording.state_of(merchant_order, now)
    may_contact = order_history.may_contact(merchant_order, now)
    phone = buyer.phone if may_contact else ""
    where = buyer.delivery_address if may_contact and merchant_order.delivery else ""
    path = reverse("merchant_messages", args=[merchant_order.storefront.merchant_id, merchant_order.order.number])
    call = {"label": "Appeler", "url": telephone_url(phone), "icon": "phone"}
    write = {"label": "Écrire", "url": path, "icon": "mail"}
    actions = [*([call] if phone else []), *([write] if buyer.is_named_and_confirmed else [])]
    slot = merchant_order.slot
    is_late = merchant_order.order.status in TO_PREPARE and slot is not None and slot.start <= now
    return _ticket(
        merchant_order,
        state,
        title=buyer.name or NOBODY,
        kind="late" if is_late else "",
        warning=_warning(merchant_order, state, is_late),
        address=". ".join(filter(None, [where, phone])),
        when=wording.sentence(state.told_merchant, merchant_order),
        due=state.merchant_due,
        code=merchant_order.collection_code,
        actions=actions,
        history=order_history.for_merchant(merchant_order),
        point=None,
    )


def _warning(merchant_order: MerchantOrder, state: wording.State, is_late: bool) -> str:
    """Return what is wrong with the time that was agreed, for its merchant, or ""; a colour alone tells it to few."""
    if is_late:
        return LATE
    return CLOSED_THEN if state.shows_code and is_closed_then(merchant_order) else ""


def is_closed_then(merchant_order: MerchantOrder) -> bool:
    """Return whether the shop, by its hours of today, is closed for some of the time that was agreed."""
    slot, merchant = merchant_order.slot, merchant_order.storefront.merchant
    if slot is None or merchant_order.delivery:
        return False
    start, end = slot.start.replace(tzinfo=None), slot.end.replace(tzinfo=None)
    found = hours.openings(merchant.opening_hours, start, end, merchant.place)
    return sum((until - since for since, until in found), timedelta()) < end - start


def messages_url(merchant_order: MerchantOrder, key: str = "") -> str:
    """Return the address of the page on which a buyer writes to the merchant. key: see ``buyer_ticket``."""
    query = f"?{urlencode({'cle': key})}" if key else ""
    return reverse("checkout:messages", args=[merchant_order.order.number]) + query


def cancel_url(merchant_order: MerchantOrder, key: str = "") -> str:
    """Return the address of the page on which a buyer cancels. key: see ``buyer_ticket``."""
    return _with_key("checkout:cancel", merchant_order, key)


def answer_url(merchant_order: MerchantOrder, key: str = "") -> str:
    """Return the address of the page on which a buyer answers a proposal of another time. key: see ``buyer_ticket``."""
    return _with_key("checkout:answer", merchant_order, key)


def _receipts(merchant_order: MerchantOrder, key: str) -> list[dict[str, str]]:
    """Return the links to an order's receipt and credit notes, of an order loaded with them."""
    query = f"?{urlencode({'cle': key})}" if key else ""
    return [
        {
            "label": f"{str(receipt.get_kind_display()).capitalize()} (PDF)",
            "url": reverse("checkout:receipt", args=[merchant_order.order.number, receipt.pk]) + query,
            "icon": "print",
        }
        for receipt in merchant_order.receipts.all()
    ]


def _with_key(page: str, merchant_order: MerchantOrder, key: str) -> str:
    query = f"?{urlencode({'cle': key})}" if key else ""
    return reverse(page, args=[merchant_order.order.number]) + query


def vat_lines(merchant_orders: Iterable[MerchantOrder], now: datetime) -> list[tuple[str, Decimal]]:
    """Return (rate, total) of all lines and deliveries that are not cancelled, for vat.shares()."""
    return [
        part
        for merchant_order in merchant_orders
        if not wording.state_of(merchant_order, now).is_cancelled
        for part in taxed(merchant_order.order)
    ]


def ordered_since(product: Any, moment: datetime) -> int:
    """Return how many pieces of a product were ordered since then, without the orders cancelled meanwhile."""
    lines = Line.objects.filter(product=product, order__date_placed__gte=moment).exclude(order__status=ORDER_CANCELLED)
    return lines.aggregate(count=Sum("quantity", default=0))["count"]


def receive(merchant_order: MerchantOrder) -> None:
    """The buyer has confirmed: the merchant has until a moment to answer, and until a day to prepare it."""
    MerchantOrder.objects.filter(pk=merchant_order.pk).update(
        **deadlines(merchant_order.storefront.merchant, merchant_order.slot)
    )
    EventHandler().handle_order_status_change(merchant_order.order, ORDER_RECEIVED)


@transaction.atomic
def accept(merchant_order: MerchantOrder, by: Any) -> None:
    """Somebody of the shop has read it and prepares it: its buyer is told. A second press changes nothing.

    Raises oscar's InvalidOrderStatus once it is no longer waiting to be prepared.
    """
    order = Order.objects.select_for_update().get(pk=merchant_order.order_id)
    if order.status != ORDER_RECEIVED:
        raise InvalidOrderStatus(f"{order.number} : {order.status}")
    if MerchantOrder.objects.filter(pk=merchant_order.pk, answered_at=None).exists():
        actor = order_history.actor_of(merchant_order, by)
        order_history.record(merchant_order, OrderEvent.Kind.TAKEN_ON, actor, by)
        emails.tell_accepted(merchant_order)


def mark_ready(merchant_order: MerchantOrder, by: Any) -> None:
    """The goods are packed; the buyer is told, and until when they wait. by: the User who says so."""
    EventHandler(by).handle_order_status_change(merchant_order.order, ORDER_READY)


@transaction.atomic
def mark_collected(merchant_order: MerchantOrder, by: Any, identity_checked: bool = False) -> None:
    """The goods left the shop and were paid: they leave the stock.

    identity_checked: whoever hands them over has looked at an identity card; raises IdentityNotChecked where that must
    be done and was not.
    """
    Order.objects.select_for_update().get(pk=merchant_order.order_id)  # first, as everybody does
    locked = MerchantOrder.objects.get(pk=merchant_order.pk)
    if locked.has_alcohol and locked.identity_checked_at is None:
        if not identity_checked:
            raise IdentityNotChecked
        MerchantOrder.objects.filter(pk=merchant_order.pk).update(identity_checked_at=database_clock.now())
    EventHandler(by).handle_order_status_change(merchant_order.order, ORDER_COLLECTED)
    issue(merchant_order)


@transaction.atomic
def cancel(merchant_order: MerchantOrder, by: Any, because: str, reason: Reason | None = None) -> None:
    """The order will not be served: its goods are on sale again; who knows of it is told why.

    because: one of MerchantOrder.Cancelled. reason: of the merchant, or of the Region's staff.
    """
    locked = Order.objects.select_for_update().get(pk=merchant_order.order_id)
    if locked.status != ORDER_CANCELLED:  # the first reason stands: a second press changes nothing
        # Stored before the change of status, whose e-mail tells it.
        MerchantOrder.objects.filter(pk=merchant_order.pk).update(cancelled_because=because)
    EventHandler(by, reason).handle_order_status_change(merchant_order.order, ORDER_CANCELLED)


def deadlines(merchant: Any, slot: Slot | None) -> dict[str, Any]:
    """Return the fields of MerchantOrder that say until when a merchant who hears of an order now has to act."""
    last_day = last_day_to_prepare(slot)
    clock = answering.clock(merchant, database_clock.now(), last_day, slot.start if slot else None)
    return {"prepare_by": last_day, **asdict(clock)}


def last_day_to_prepare(slot: Slot | None) -> date:
    """Return until which day a merchant can say « prête »: of its slot, if that is later than the usual days."""
    usual = database_clock.today() + timedelta(days=settings.DAYS_TO_PREPARE)
    return max(usual, localtime(slot.start).date()) if slot else usual


def _ticket(
    merchant_order: MerchantOrder,
    state: wording.State,
    title: str,
    address: str,
    when: str,
    due: Any,
    code: str,
    actions: list[dict[str, str]],
    history: list[order_history.Entry],
    point: tuple[float, float] | None,
    kind: str = "",
    warning: str = "",
) -> Ticket:
    order, handing = merchant_order.order, wording.HANDINGS[merchant_order.delivery]
    refused, replaced = order_history.refused_units(merchant_order), order_history.replaced_units(merchant_order)
    placed = localtime(merchant_order.purchase.placed_at)
    titles = {line.pk: line.title for line in order.lines.all()}
    done = "commandée" if merchant_order.purchase.confirmed_at else "enregistrée"
    return Ticket(
        number=order.number,
        code=code,
        title=title,
        kind=kind or ("new" if wording.is_new(merchant_order) else ""),
        status=f"{state.name}, {done} le {placed:%d/%m} à {wording.written_hour(placed)}",
        when=when,
        address=address,
        lines=[
            {
                "quantity": line.quantity,
                "title": line.title,
                "total": line.line_price_incl_tax,
                "refused": ". ".join(
                    filter(None, [wording.refused(refused.get(line.pk, 0)), replaced_told(replaced.get(line.pk, 0))])
                ),
                "weighed": told_of_weight(line),
            }
            for line in order.lines.all()
        ],
        slot=f"{handing.slot} {words.written(slot)}"
        if (slot := merchant_order.slot) and not state.is_cancelled
        else "",
        proposal=words.written(proposal)
        if (proposal := merchant_order.proposal) and order.status in TO_PREPARE
        else "",
        warning=warning,
        questions=[
            asked_told(substitution, titles.get(substitution.line_id, ""))
            for substitution in merchant_order.substitutions.all()
            if substitution.is_open
        ],
        due={
            "label": f"{due}, environ" if to_weigh(order.lines.all()) else due,
            "amount": order.total_incl_tax * (not state.is_cancelled),
        },
        actions=actions,
        history=history,
        point=point,
        asks_identity=merchant_order.has_alcohol and merchant_order.identity_checked_at is None,
        awaits_answer=wording.is_new(merchant_order),
        code_label=handing.code,
        fee=order.shipping_incl_tax if merchant_order.delivery else None,
        acts={"prete": handing.act_ready, "remise": handing.act_done},
        may_move=merchant_order.delivery != Kind.PARCEL,
        is_weighed=any(line.quantity and of_line(line) for line in order.lines.all()),
    )
