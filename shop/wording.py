"""Texts of each state of an order: one table for pages, e-mails, account and merchant's space."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localtime

from portal.dates import date_format
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED, ORDER_TO_CONFIRM
from shop.delivery.models import Kind
from shop.models import MerchantOrder
from shop.order_history import reason_of_cancellation

Cancelled = MerchantOrder.Cancelled

TO_PAY, PAID, NOTHING = "À payer au retrait", "Payé au retrait", "Rien à payer"
TO_CASH, CASHED, NOTHING_TO_CASH = "À encaisser au retrait", "Encaissé", "Rien à encaisser"


@dataclass(frozen=True)
class Handing:
    """What is said of how an order reaches its buyer: collected, brought, sent.

    to_pay, to_cash, paid: what stands before the amount. code: of its code. slot: before its time, on tickets; invites:
    before it, in e-mails to its buyer. act_ready, act_done: the merchant's buttons; is_ready, is_done: what they did.
    """

    to_pay: str
    to_cash: str
    paid: str
    code: str
    slot: str
    invites: str
    act_ready: str
    is_ready: str
    act_done: str
    is_done: str


HANDINGS: dict[str, Handing] = {
    "": Handing(
        TO_PAY,
        TO_CASH,
        PAID,
        code="Code de retrait",
        slot="Retrait",
        invites="À retirer",
        act_ready="C’est prêt",
        is_ready="est prête",
        act_done="Remise et payée",
        is_done="est remise et payée",
    ),
    Kind.ROUND: Handing(
        "À payer à la livraison",
        "À encaisser à la livraison",
        "Payé à la livraison",
        code="Code de livraison",
        slot="Livraison",
        invites="Livraison",
        act_ready="Elle est en route",
        is_ready="est en route",
        act_done="Livrée et payée",
        is_done="est livrée et payée",
    ),
    Kind.PARCEL: Handing(
        "À payer avant l’envoi",
        "À encaisser avant l’envoi",
        "Payé avant l’envoi",
        code="Code de commande",
        slot="Envoi",
        invites="Envoi",
        act_ready="Le colis est parti",
        is_ready="est expédiée",
        act_done="Le colis est livré",
        is_done="est livrée",
    ),
}


@dataclass(frozen=True)
class State:
    """One state of a merchant's order.

    name: in lists and on tickets. told: a sentence for the buyer; {day} is the last day of it, {answer} the moment by
    which its merchant has to answer, {reason} why it was cancelled. told_merchant: the same for the merchant. due,
    merchant_due: what stands before the amount.
    shows_code: whether the collection code serves. step: ORDER_READY or ORDER_COLLECTED, however it is got, else "".
    """

    name: str
    told: str
    told_merchant: str
    due: str
    merchant_due: str
    shows_code: bool = False
    is_cancelled: bool = False
    buyer_may_cancel: bool = False  # the merchant has not begun
    step: str = ""


def _cancelled(name: str, told: str, told_merchant: str = "") -> State:
    return State(name, told, told_merchant or told, NOTHING, NOTHING_TO_CASH, is_cancelled=True)


TO_CONFIRM = State(
    "À confirmer", "Vos articles sont réservés en attendant.", "", TO_PAY, TO_CASH, buyer_may_cancel=True
)
EXPIRED = _cancelled("Non confirmée", "Elle n’a pas été confirmée à temps : rien n’est commandé.")
RECEIVED = State(
    "Reçue",
    "Le commerçant doit encore l’accepter. Sans réponse avant {answer}, elle s’annule.",
    "À accepter avant {answer}. À préparer jusqu’au {day} inclus.",
    TO_PAY,
    TO_CASH,
    shows_code=True,
    buyer_may_cancel=True,
)
PREPARING = State(
    "En préparation",
    "Le commerçant la prépare et vous préviendra. Sans nouvelle après le {day}, elle s’annule.",
    "À préparer jusqu’au {day} inclus.",
    TO_PAY,
    TO_CASH,
    shows_code=True,
    buyer_may_cancel=True,
)
READY = State(
    "Prête",
    "Elle vous attend jusqu’au {day} inclus.",
    "Gardée jusqu’au {day} inclus.",
    TO_PAY,
    TO_CASH,
    shows_code=True,
    step=ORDER_READY,
)
COLLECTED = State("Retirée", "", "", PAID, CASHED, shows_code=True, step=ORDER_COLLECTED)
_BROUGHT: dict[str, dict[str, State]] = {
    Kind.ROUND: {
        ORDER_READY: replace(READY, name="En route", told="Le commerçant vous l’apporte.", told_merchant="En tournée."),
        ORDER_COLLECTED: replace(COLLECTED, name="Livrée"),
    },
    Kind.PARCEL: {
        ORDER_READY: replace(
            READY,
            name="Expédiée",
            told="Votre colis est parti.",
            told_merchant="Sans nouvelle de vous, elle compte comme livrée après le {day}.",
        ),
        ORDER_COLLECTED: replace(COLLECTED, name="Livrée"),
    },
}
_NOT_BROUGHT = "Annulée : elle n’a pas été livrée à temps."
CANCELLED = {
    Cancelled.UNCONFIRMED: EXPIRED,
    Cancelled.GIVEN_UP: _cancelled("Abandonnée", "Vous y avez renoncé avant de la confirmer."),
    Cancelled.BUYER: _cancelled("Annulée", "Vous l’avez annulée.", "Annulée par le client."),
    Cancelled.WITHDRAWN: _cancelled("Annulée", "Vous y avez renoncé.", "Le client y a renoncé."),
    Cancelled.MERCHANT: _cancelled("Annulée", "Annulée par le commerçant{reason}."),
    Cancelled.STAFF: _cancelled("Annulée", "Annulée par l’équipe du portail{reason}."),
    Cancelled.UNANSWERED: _cancelled(
        "Annulée", "Annulée : le commerçant n’y a pas répondu à temps.", "Annulée : elle est restée sans réponse."
    ),
    Cancelled.CLOSED: _cancelled("Annulée", "Annulée : le commerçant ne vend plus sur le portail."),
    Cancelled.UNPREPARED: _cancelled("Annulée", "Annulée : elle n’a pas été préparée à temps."),
    Cancelled.UNCOLLECTED: _cancelled("Non retirée", "Annulée : elle n’a pas été retirée à temps."),
    "": _cancelled("Annulée", ""),  # by the Region's staff, or before reasons were kept
}
_BY_STATUS = {ORDER_RECEIVED: RECEIVED, ORDER_READY: READY, ORDER_COLLECTED: COLLECTED}


def state_of(merchant_order: MerchantOrder, now: datetime) -> State:
    """Return the state of an order loaded with its purchase; a hold that is over has ended, whatever the clock did."""
    status = merchant_order.order.status
    state = _BROUGHT.get(merchant_order.delivery, {}).get(status) or _collected_state(merchant_order, now)
    if not merchant_order.delivery:
        return state
    if state.is_cancelled:
        is_late = merchant_order.cancelled_because == Cancelled.UNCOLLECTED
        return _cancelled("Non livrée", _NOT_BROUGHT) if is_late else state
    handing = HANDINGS[merchant_order.delivery]
    done = state.step == ORDER_COLLECTED
    return replace(
        state, due=handing.paid if done else handing.to_pay, merchant_due=CASHED if done else handing.to_cash
    )


def is_new(merchant_order: MerchantOrder) -> bool:
    """Return whether its merchant has done nothing with it yet."""
    return merchant_order.order.status == ORDER_RECEIVED and merchant_order.answered_at is None


def _collected_state(merchant_order: MerchantOrder, now: datetime) -> State:
    status = merchant_order.order.status
    if status == ORDER_CANCELLED:
        return CANCELLED[merchant_order.cancelled_because]
    if status == ORDER_TO_CONFIRM:
        return TO_CONFIRM if merchant_order.purchase.is_held(now) else EXPIRED
    if status == ORDER_RECEIVED and merchant_order.answered_at is not None:
        return PREPARING
    return _BY_STATUS[status]


def closed(merchant_orders: Iterable[MerchantOrder], awaits_confirmation: bool) -> str:
    """Return who stopped selling before a purchase was confirmed, as sentences for its buyer, or ""."""
    names = [
        merchant_order.storefront.merchant.title
        for merchant_order in merchant_orders
        if merchant_order.cancelled_because == Cancelled.CLOSED
    ]
    if not names:
        return ""
    who = " et ".join(f"«\u00a0{name}\u00a0»" for name in names)
    sell, ended = (
        ("ne vend", "cette part est annulée") if len(names) == 1 else ("ne vendent", "ces parts sont annulées")
    )
    told = f"{who} {sell} plus sur le portail depuis que vous avez commandé\u00a0: {ended}, sans rien à payer."
    return f"{told} Le reste n’est pas encore confirmé." if awaits_confirmation else told


def last_day(merchant_order: MerchantOrder) -> date | None:
    """Return the last day of the state an order is in, where it has one."""
    return {ORDER_RECEIVED: merchant_order.prepare_by, ORDER_READY: merchant_order.collect_by}.get(
        merchant_order.order.status
    )


def sentence(template: str, merchant_order: MerchantOrder) -> str:
    """Return State.told or told_merchant with its days and reason; what tells of one that nobody set is left out.

    So is the last day to prepare what has a slot, which is told beside it and comes first.
    """
    if "{reason}" in template:
        reason = reason_of_cancellation(merchant_order).rstrip(".")
        return template.format(reason=f"\u00a0: {reason}" if reason else "")
    has_slot = merchant_order.slot is not None and merchant_order.order.status == ORDER_RECEIVED
    day, answer_by = None if has_slot else last_day(merchant_order), merchant_order.answer_by
    known = {"day": written_day(day) if day else "", "answer": written_moment(answer_by) if answer_by else ""}
    said = [part.rstrip(".") for part in template.split(". ") if part]
    unknown = [f"{{{name}}}" for name, value in known.items() if not value]
    return " ".join(f"{part}.".format(**known) for part in said if not any(name in part for name in unknown))


def refused(units: int) -> str:
    """Return what stands beside a line of which units were refused, or ""."""
    if not units:
        return ""
    return f"{units} manquent, retirés du total" if units > 1 else "1 manque, retiré du total"


def written_day(day: date) -> str:
    """Return a day without its year: "mardi 1er décembre"."""
    return date_format(day, "l j F")


def written_moment(moment: datetime) -> str:
    """Return a day and an hour: "mardi 1er décembre à 15 h 42"."""
    return f"{written_day(localtime(moment).date())} à {written_hour(moment)}"


def written_hour(moment: datetime) -> str:
    """Return an hour as the French write it: "15 h 42"."""
    local = localtime(moment)
    return f"{local.hour}\u00a0h\u00a0{local:%M}"


@dataclass(frozen=True)
class Summary:
    """What stands above and below all the orders of one purchase. rows: (what, euros) before the total, if any."""

    title: str
    rows: tuple[tuple[str, Decimal], ...]
    total_label: str
    total: Decimal
    awaits_confirmation: bool
    is_over: bool


def summary(merchant_orders: Iterable[MerchantOrder], now: datetime) -> Summary:
    """Return what a whole purchase says, whatever mixture of states its orders are in."""
    stated = [
        (state_of(merchant_order, now), merchant_order.order.total_incl_tax) for merchant_order in merchant_orders
    ]
    alive = [state for state, _ in stated if not state.is_cancelled]
    paid = sum((total for state, total in stated if state.step == ORDER_COLLECTED), Decimal(0))
    due = sum((total for state, total in stated if _is_due(state)), Decimal(0))
    paid_label = _one_of((state.due for state in alive if not _is_due(state)), "Payé")
    due_label = _one_of((state.due for state in alive if _is_due(state)), "À payer")
    if not alive:
        label = NOTHING
    elif due and paid:
        label = "Total TTC"
    else:
        label = f"Total TTC, {(due_label if due else paid_label).lower()}"
    return Summary(
        title=_title([state for state, _ in stated], alive),
        rows=((paid_label, paid), (due_label, due)) if due and paid else (),
        total_label=label,
        total=due + paid,
        awaits_confirmation=any(state.name == TO_CONFIRM.name for state in alive),
        is_over=not alive,
    )


def _title(states: list[State], alive: list[State]) -> str:
    if not alive:
        names = {state.name for state in states}
        return "Commande annulée" if len(names) > 1 else f"Commande {states[0].name[0].lower()}{states[0].name[1:]}"
    if any(state.name == TO_CONFIRM.name for state in alive):
        return "Plus qu’une étape"
    if any(not state.step for state in alive):
        return "C’est commandé. Merci\u00a0!"
    if waiting := {state.name for state in alive if state.step == ORDER_READY}:
        return "C’est prêt\u00a0!" if READY.name in waiting else "C’est en route\u00a0!"
    names = {state.name for state in alive}
    return f"Commande {names.pop().lower() if len(names) == 1 else 'remise'}. Merci\u00a0!"


def _is_due(state: State) -> bool:
    return not state.is_cancelled and state.step != ORDER_COLLECTED


def _one_of(labels: Iterable[str], otherwise: str) -> str:
    """Return the label that all have, else what fits any."""
    found = set(labels)
    return found.pop() if len(found) == 1 else otherwise
