"""What happened to each order: a table to which rows are only ever added, and how buyers and merchants read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.timezone import localtime

from portal import database_clock, jobs
from portal.dates import date_format
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY

if TYPE_CHECKING:
    from shop.models import MerchantOrder


class Refusal(models.TextChoices):
    """Why a merchant refuses an order or some of it: what is chosen, and what its buyer reads."""

    OUT_OF_STOCK = "rupture", "Il n’en reste plus"
    DAMAGED = "abime", "L’article n’est pas assez beau pour être vendu"
    CLOSED = "fermeture", "La boutique doit fermer"
    NO_TIME = "delai", "La commande ne peut pas être prête à temps"
    MISTAKE = "erreur", "Le prix ou la description était faux"
    RECALLED = "rappel", "L’article est rappelé"
    DUPLICATE = "doublon", "La commande est en double"
    OTHER = "autre", "Une autre raison"


OF_LINES = ["refus", "retracte", "echange", "remplace", "decline", "silence"]  # kinds of OrderEvent
LONGEST_WORDS = 300  # characters that a merchant may add to a reason


@dataclass(frozen=True)
class Reason:
    """Why a merchant refuses. words: the merchant's own, told to the buyer; "" where the choice says it all."""

    choice: Refusal
    words: str = ""

    def __str__(self) -> str:
        return told(self.choice, self.words)


def told(choice: str, words: str) -> str:
    """Return a reason in one line: "Il n’en reste plus (récolte finie)"; the words alone where no choice fits."""
    if choice == Refusal.OTHER:
        return words
    label = str(Refusal(choice).label) if choice else ""
    return f"{label} ({words})" if label and words else label or words


class OrderEvent(models.Model):
    """One thing that happened to a merchant's order.

    Units refused, given up or replaced: one event for each line they are of.
    """

    class Kind(models.TextChoices):
        TAKEN_ON = "acceptee", "Acceptée"
        READY = "prete", "Prête"
        COLLECTED = "retiree", "Retirée et payée"
        CANCELLED = "annulee", "Annulée"
        REFUSED = "refus", "Il manque"
        WEIGHED = "pesee", "Pesée"
        PROPOSED = "horaire", "Autre horaire proposé"
        ACCEPTED = "accord", "Nouvel horaire accepté"
        ASKED = "echange", "Remplacement proposé\u00a0:"
        REPLACED = "remplace", "Remplacement accepté\u00a0:"
        DECLINED = "decline", "Remplacement refusé\u00a0:"
        SILENT = "silence", "Remplacement sans réponse\u00a0:"
        WITHDRAWN = "retracte", "Rétractation\u00a0:"
        RETURNED = "rendue", "Bien reçu en retour"
        REFUNDED = "rembours", "Remboursée"

    class Actor(models.TextChoices):
        BUYER = "acheteur", "l’acheteur"
        MERCHANT = "commercant", "le commerçant"
        STAFF = "equipe", "l’équipe du portail"
        CLOCK = "horloge", "le portail"  # a deadline has passed, or the shop may not sell any more

    ANSWERS = (Actor.MERCHANT, Actor.STAFF)  # whose first act on an order is its answer

    merchant_order = models.ForeignKey("shop.MerchantOrder", models.CASCADE, related_name="events")
    at = models.DateTimeField("quand")
    kind = models.CharField("quoi", max_length=8, choices=Kind)
    actor = models.CharField("qui", max_length=10, choices=Actor)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField("motif", max_length=9, choices=Refusal, blank=True, default="")
    words = models.CharField("précision", max_length=LONGEST_WORDS, blank=True, default="")
    line = models.ForeignKey("order.Line", models.CASCADE, null=True, related_name="+")
    quantity = models.PositiveIntegerField("unités", null=True)

    class Meta:
        verbose_name = "événement d’une commande"
        verbose_name_plural = "événements des commandes"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OF_LINES, line__isnull=False, quantity__gt=0)
                | ~models.Q(kind__in=OF_LINES) & models.Q(line=None, quantity=None),
                name="refused_units_of_a_line",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="")
                | ~models.Q(kind="refus") & ~models.Q(kind="annulee", actor="commercant"),
                name="a_merchant_refuses_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="autre") | ~models.Q(words=""), name="another_reason_is_told"
            ),
        ]
        triggers = [
            # The account of who did it may go; all else stays as it was written.
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    if new.by_id is null and to_jsonb(new) - 'by_id' = to_jsonb(old) - 'by_id' then return new; end if;
                    raise exception 'The history of an order is never rewritten.'
                        using errcode = 'check_violation', constraint = 'order_history_is_kept';
                """,
            ),
            # At the commit: Django deletes an order's events before the order.
            pgtrigger.Trigger(
                name="kept_with_its_order",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func="""
                    if exists (select from shop_merchantorder where id = old.merchant_order_id) then
                        raise exception 'The history of an order goes with the order alone.'
                            using errcode = 'check_violation', constraint = 'order_history_is_kept';
                    end if;
                    return null;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_order_id}: {self.kind}"


KINDS = {
    ORDER_READY: OrderEvent.Kind.READY,
    ORDER_COLLECTED: OrderEvent.Kind.COLLECTED,
    ORDER_CANCELLED: OrderEvent.Kind.CANCELLED,
}


# What happened to what is brought, where it is called otherwise.
BROUGHT: dict[str, dict[str, str]] = {
    "tournee": {OrderEvent.Kind.READY: "En route", OrderEvent.Kind.COLLECTED: "Livrée et payée"},
    "colis": {OrderEvent.Kind.READY: "Expédiée", OrderEvent.Kind.COLLECTED: "Livrée"},
}


def record(
    merchant_order: "MerchantOrder",
    kind: str,
    actor: str,
    by: Any = None,
    reason: Reason | None = None,
    words: str = "",
    **of_line: Any,
) -> None:
    """Add what just happened to an order.

    by: the User who did it, if any. words: told beside it, where no reason is. of_line: the line and quantity it is of.
    The first word of its merchant, or of the Region's staff in their place, stops the clock of who has not answered.
    """
    now = database_clock.now()
    if actor in OrderEvent.ANSWERS:
        orders = type(merchant_order).objects.filter(pk=merchant_order.pk, answered_at=None)
        if orders.update(answered_at=now):
            merchant_order.answered_at = now
            jobs.defer("time_answers", jobs.CLOCK, storefront=merchant_order.storefront_id)
    OrderEvent.objects.create(
        merchant_order=merchant_order,
        at=now,
        kind=kind,
        actor=actor,
        by=by,
        reason=reason.choice if reason else "",
        words=reason.words if reason else words,
        **of_line,
    )


def actor_of(merchant_order: "MerchantOrder", by: Any) -> OrderEvent.Actor:
    """Return as whom a user acts on an order: who keeps the shop as its merchant, others as the Region's staff."""
    keeps_shop = by is None or merchant_order.storefront.merchant.accesses.filter(user=by).exists()
    return OrderEvent.Actor.MERCHANT if keeps_shop else OrderEvent.Actor.STAFF


@dataclass(frozen=True)
class Entry:
    """One line of an order's history, as components/order_history.html shows it."""

    when: str
    what: str
    who: str
    reason: str


def refused_units(merchant_order: "MerchantOrder") -> dict[int, int]:
    """Return how many units of each line were refused, by the id of the line, of an order loaded with its events."""
    return _units(merchant_order, OrderEvent.Kind.REFUSED)


def replaced_units(merchant_order: "MerchantOrder") -> dict[int, int]:
    """Return how many units of each line another article replaces, by the id of the line; loaded as above."""
    return _units(merchant_order, OrderEvent.Kind.REPLACED)


def _units(merchant_order: "MerchantOrder", kind: str) -> dict[int, int]:
    units: dict[int, int] = {}
    for event in merchant_order.events.all():
        if event.kind == kind and event.line_id is not None:
            units[event.line_id] = units.get(event.line_id, 0) + (event.quantity or 0)
    return units


def may_contact(merchant_order: "MerchantOrder", now: datetime) -> bool:
    """Return whether the shop may still read how to reach the buyer, of an order loaded with its events.

    While it goes on, and DAYS_OF_CONTACT after it was collected or cancelled.
    """
    if merchant_order.order.status not in (ORDER_COLLECTED, ORDER_CANCELLED):
        return True
    over = [event.at for event in merchant_order.events.all() if event.kind in KINDS.values()]
    last = over[-1] if over else merchant_order.purchase.placed_at  # of before there were events
    return now - last < timedelta(days=settings.DAYS_OF_CONTACT)


def reason_of_cancellation(merchant_order: "MerchantOrder") -> str:
    """Return why its merchant cancelled an order loaded with its events, or ""."""
    cancelled = [event for event in merchant_order.events.all() if event.kind == OrderEvent.Kind.CANCELLED]
    return told(cancelled[-1].reason, cancelled[-1].words) if cancelled else ""


def for_buyer(merchant_order: "MerchantOrder") -> list[Entry]:
    """Return an order's history as its buyer reads it: which of the shop's people did what is not told."""
    names = {OrderEvent.Actor.BUYER: "vous", OrderEvent.Actor.MERCHANT: merchant_order.storefront.merchant.title}
    return list(_entries(merchant_order, lambda event: names.get(event.actor) or str(event.get_actor_display())))


def for_merchant(merchant_order: "MerchantOrder") -> list[Entry]:
    """Return an order's history as its merchant reads it, with the name of who did it in the shop."""
    return list(_entries(merchant_order, lambda event: _colleague(event) or str(event.get_actor_display())))


def for_staff(merchant_order: "MerchantOrder") -> list[Entry]:
    """Return an order's history as the Region's staff reads it, with the name of whoever did it."""
    return list(_entries(merchant_order, _named))


def _named(event: OrderEvent) -> str:
    who = str(event.get_actor_display())
    return f"{event.by.get_full_name() or event.by}, {who}" if event.by else who


def _colleague(event: OrderEvent) -> str:
    return event.by.get_full_name() if event.by and event.actor == OrderEvent.Actor.MERCHANT else ""


def _entries(merchant_order: "MerchantOrder", who: Any) -> Iterator[Entry]:
    purchase = merchant_order.purchase
    buyer = who(OrderEvent(actor=OrderEvent.Actor.BUYER))
    yield Entry(_when(purchase.placed_at), "Commandée", buyer, "")
    # Who was known to have the address confirmed by ordering.
    if purchase.confirmed_at is not None and purchase.confirm_by is not None:
        yield Entry(_when(purchase.confirmed_at), "Confirmée", buyer, "")
    titles = {line.pk: line.title for line in merchant_order.order.lines.all()}
    events: Iterable[OrderEvent] = merchant_order.events.all()
    for event in events:
        told_what = what(merchant_order, event)
        if event.line_id is not None:
            told_what = f"{told_what} {event.quantity} × {titles[event.line_id]}"
        yield Entry(_when(event.at), told_what, who(event), told(event.reason, event.words))


def what(merchant_order: "MerchantOrder", event: OrderEvent) -> str:
    """Return what happened to an order, by the way in which it is handed over."""
    return BROUGHT.get(merchant_order.delivery, {}).get(event.kind) or str(event.get_kind_display())


def _when(moment: datetime) -> str:
    local = localtime(moment)
    return f"{date_format(local, 'j F')}, {local.hour}\u00a0h\u00a0{local:%M}"
