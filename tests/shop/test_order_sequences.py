"""Whatever happens to orders, in whatever order: stock, what is promised of it, and totals always agree."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.core.loading import get_class, get_model

from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_RECEIVED
from shop import baskets, deadlines, orders, purchases, vat
from shop.collection import choosing
from shop.delivery import choosing as delivering
from shop.delivery.address import Address
from shop.delivery.choosing import Delivery
from shop.delivery.ways import taxed
from shop.limits import TooMuch
from shop.models import WAITING, MerchantOrder, Purchase, Storefront, Substitution
from shop.order_history import Reason, Refusal
from shop.payments import provider_of, providers
from shop.refusals import ChangedMeanwhile, Missing, refuse, refuse_all
from shop.stock import OutOfStock
from shop.substitution.acts import (
    ChangedMeanwhile as ReplacedMeanwhile,
)
from shop.substitution.acts import (
    DearerNotAccepted,
    TooLate,
    Wanted,
    accept,
    allergens_of,
    decline,
    propose,
)
from shop.substitution.models import AS_ACCEPTED
from shop.weighing.acts import ChangedMeanwhile as WeighedMeanwhile
from shop.weighing.acts import of_line, weigh
from shop.withdrawal import offer
from shop.withdrawal.acts import Declaration, declare, mark_refunded, mark_returned
from tests.shop.delivery.ordering import ADDRESS, deliver
from tests.shop.factories import make_product, someone_else

Basket = get_model("basket", "Basket")
Line = get_model("order", "Line")
StockRecord = get_model("partner", "StockRecord")
Selector = get_class("partner.strategy", "Selector")

START = 6  # of each article
FEE = Decimal("4.00")
PLACES = 2  # orders a slot
LOST = (
    InvalidOrderStatus,
    ChangedMeanwhile,
    WeighedMeanwhile,
    purchases.HasBegun,
    purchases.HoldIsOver,
    OutOfStock,
    TooMuch,
    ReplacedMeanwhile,
    DearerNotAccepted,
    TooLate,
)
BY_WEIGHT = {
    "price": Decimal(1),
    "vat_rate": "10",
    "measure": "kg",
    "quantity": Decimal("0.35"),
    "price_per_kilo": Decimal("24.90"),
}
units = st.integers(0, 3)
which = st.integers(0, 9)  # of the orders there are, turning round
ACTS = st.one_of(
    st.tuples(st.just("place"), units, units, units, st.booleans()),
    st.tuples(st.just("confirm"), which),
    st.tuples(st.just("buyer cancels"), which),
    st.tuples(st.just("merchant cancels"), which),
    st.tuples(st.just("missing"), which, units, units, st.booleans()),
    st.tuples(st.just("weigh"), which, st.integers(50, 1500)),
    st.tuples(st.just("ready"), which),
    st.tuples(st.just("collect"), which),
    st.tuples(st.just("withdraw"), which, st.integers(1, 2)),
    st.tuples(st.just("expire"), which),
    st.tuples(st.just("substitute"), which, st.integers(0, 2), st.integers(1, 3), st.booleans(), st.booleans()),
    st.tuples(st.just("substitute accepted"), which, st.booleans()),
    st.tuples(st.just("substitute declined"), which),
    st.tuples(st.just("substitute unanswered"), which),
    st.tuples(st.just("give back"), which, st.booleans()),
)


class Rollback(Exception):
    pass


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(happens=st.lists(ACTS, min_size=4, max_size=16))
def test_stock_promises_and_totals_agree_after_any_sequence(bakery, cheesemonger, places, happens):
    with pytest.raises(Rollback):
        run(bakery, cheesemonger, places, happens)


def run(bakery, cheesemonger, towns, happens):
    with transaction.atomic():
        articles = [
            make_product(bakery, stock=START, price=Decimal("4.90"), vat_rate="5.5"),
            make_product(bakery, stock=START, price=Decimal("9.99"), vat_rate="20"),
            make_product(cheesemonger, stock=START, **BY_WEIGHT),
        ]
        Storefront.objects.update(slot_places=PLACES)
        deliver(bakery, [towns.privas], fee=FEE, free_from=None, places=PLACES)
        place(articles, (2, 1, 3, False), towns)
        purchases.confirm(Purchase.objects.get())
        for act, *how in happens:
            with suppress(*LOST), transaction.atomic():
                do(articles, towns, act, *how)
            everything_agrees(articles)
        raise Rollback


def do(articles, towns, act, *how):
    if act == "place":
        place(articles, how, towns)
        return
    parts = list(MerchantOrder.objects.select_related("order", "purchase").order_by("pk"))
    if not parts:
        return
    part, rest = parts[how[0] % len(parts)], how[1:]
    reason = Reason(Refusal.NO_TIME)
    if act == "confirm":
        purchases.confirm(part.purchase)
    elif act == "buyer cancels":
        purchases.cancel(part)
    elif act == "merchant cancels":
        refuse_all(part, part.order.status, None, reason)
    elif act == "missing":
        lines = list(part.order.lines.order_by("pk"))
        lost = [Missing(line.pk, min(units, line.quantity), rest[-1]) for line, units in zip(lines, rest, strict=False)]
        if any(missing.units for missing in lost):
            refuse(part, lost, {line.pk: line.quantity for line in lines}, None, reason)
    elif act == "weigh":
        lines = list(part.order.lines.filter(weighed__isnull=False, quantity__gt=0))
        shown = dict(part.order.lines.values_list("pk", "quantity"))
        weigh(part, {line.pk: rest[0] for line in lines}, shown, by=None)
    elif act == "withdraw":
        withdraw(part.purchase, rest[0])
    elif act == "ready":
        orders.mark_ready(part, by=None)
    elif act == "collect":
        orders.mark_collected(part, by=None)
    elif act.startswith("substitute "):
        answer(part, act, *rest)
    elif act == "substitute":
        substitute(articles, part, *rest)
    elif act == "give back":
        give_back(part, *rest)
    else:
        expire(part)


def place(articles, wanted, towns):
    """wanted: how many of each article, and whether the baker brings theirs."""
    *quantities, is_brought = wanted
    basket = Basket.objects.create()
    basket.strategy = Selector().strategy(RequestFactory().get("/"))
    for article, quantity in zip(articles, quantities, strict=True):
        if quantity:
            baskets.add(basket, article, quantity)
    if basket.is_empty:
        return
    groups, delivery = baskets.groups(basket), None
    if is_brought and groups[0].lines[0].product in {article.pk for article in articles[:2]}:
        address = Address(*ADDRESS.values(), towns.privas)
        delivery = Delivery({groups[0].merchant: "tournee"}, address)
        groups = delivering.apply(groups, delivery)
    times = choosing.wanted_of(choosing.choices(groups, database_clock.now(), {}, binds=False))
    contact = purchases.Contact(**someone_else())
    purchases.place_purchase(basket, contact, providers()["retrait"], times=times, delivery=delivery)


def substitute(articles, part, line_number, units, dearer, none_left):
    """Propose one of the articles for all units of a line, whatever the rules: those of another shop are refused."""
    lines = list(part.order.lines.filter(quantity__gt=0).order_by("pk"))
    if lines:
        line = lines[line_number % len(lines)]
        product = articles[(line_number + units) % len(articles)].pk
        wanted = Wanted(line.pk, line.quantity, min(units, line.quantity), product, units, dearer, none_left)
        other = StockRecord.objects.get(product=product)
        is_again = Substitution.objects.filter(replacement=line).exists()
        if other.partner_id == line.partner_id and other.pk != line.stockrecord_id and not is_again:
            propose(part, wanted, None, Reason(Refusal.OUT_OF_STOCK))
        elif part.order.status == ORDER_RECEIVED:
            with pytest.raises((IntegrityError, *LOST)) as refused, transaction.atomic():
                propose(part, wanted, None, Reason(Refusal.OUT_OF_STOCK))
            if isinstance(refused.value, IntegrityError):
                assert refused.value.__cause__.diag.constraint_name == AS_ACCEPTED


def answer(part, act, dearer=False):
    found = part.substitutions.order_by("-pk").first()
    if found is None:
        return
    if act == "substitute accepted":
        accept(found, allergens_of(found), dearer)
    elif act == "substitute declined":
        decline(found)
    else:
        with time_machine.travel(found.answer_by + timedelta(seconds=1)):
            deadlines.end_substitutions()


def give_back(part, on_sale_again):
    """Do the next thing that the merchant does with what was given back."""
    found = part.withdrawals.filter(state__in=("demandee", "recue")).first()
    if found and found.state == "demandee":
        mark_returned(found, found.state, None, on_sale_again)
    elif found:
        mark_refunded(found, found.state, None)


def withdraw(purchase, most):
    """Give up so many units of each line, as far as that goes."""
    loaded = offer.load(purchase.number)
    lines = [line for part in offer.parts(loaded, database_clock.now()) for line in part.lines if line.units]
    units = {line.pk: min(most, line.units) for line in lines}
    if units:
        declare(
            purchase, Declaration(units, "Camille", "camille@voisins.example"), {line.pk: line.units for line in lines}
        )


def expire(part):
    """Let the deadline of one order pass, and the clock do its turn."""
    now = database_clock.now()
    Purchase.objects.filter(pk=part.purchase_id, confirmed_at=None).update(confirm_by=now - timedelta(minutes=1))
    yesterday = database_clock.today() - timedelta(days=1)
    MerchantOrder.objects.filter(pk=part.pk).update(prepare_by=yesterday, collect_by=yesterday)
    deadlines.end_holds()
    deadlines.cancel_unprepared()
    deadlines.cancel_uncollected()


def price_of(line):
    weighed = of_line(line)
    if weighed is None or weighed.grams is None:
        return line.unit_price_incl_tax * line.quantity
    most = weighed.ceiling * line.quantity
    scales = (weighed.price_per_kilo * weighed.grams / 1000).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return min(scales, most)


def replacements_agree(part, lines):
    """What is asked is of an order in preparation; what was accepted costs no more than was, unless that was said."""
    by_pk = {line.pk: line for line in lines}
    for asked in part.substitutions.all():
        assert asked.state != "demandee" or part.order.status == "Reçue"
        assert asked.state != "demandee" or by_pk[asked.line_id].quantity >= asked.missing
        if asked.state == "acceptee":
            new = by_pk[asked.replacement_id]
            assert asked.is_dearer or price_of(new) <= asked.most
            assert new.partner_id == by_pk[asked.line_id].partner_id


def everything_agrees(articles):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
    for article in articles:
        stock = StockRecord.objects.get(product=article)
        lines = Line.objects.filter(product=article)
        waiting = lines.filter(order__status__in=WAITING)
        promised, allocated = waiting.aggregate(
            a=Sum("quantity", default=0), b=Sum("num_allocated", default=0)
        ).values()
        gone = lines.filter(order__status=ORDER_COLLECTED).aggregate(sum=Sum("quantity", default=0))["sum"]
        asked = Substitution.objects.filter(stockrecord=stock, state="demandee")
        held = asked.aggregate(sum=Sum("quantity", default=0))["sum"]
        assert (stock.num_allocated or 0) == promised + held
        assert promised == allocated
        assert 0 <= promised <= stock.num_in_stock <= START - gone
        assert not lines.filter(order__status__in=(ORDER_CANCELLED, ORDER_COLLECTED), num_allocated__gt=0).exists()
    waiting_for = Counter(
        MerchantOrder.objects.exclude(order__status=ORDER_CANCELLED).values_list(
            "storefront", "delivery", "collect_from"
        )
    )
    assert all(start is not None and count <= PLACES for (*_, start), count in waiting_for.items())
    for part in MerchantOrder.objects.select_related("order"):
        order = part.order
        lines = list(order.lines.select_related("weighed"))
        assert order.shipping_incl_tax == (FEE if part.delivery else 0)
        assert order.total_incl_tax == sum(price_of(line) for line in lines) + order.shipping_incl_tax
        shares = vat.shares(taxed(order))
        replacements_agree(part, lines)
        assert order.total_excl_tax == sum(share.excl_tax for share in shares)
        assert order.total_incl_tax > 0
        assert order.total_excl_tax <= order.total_incl_tax
        for line in lines:
            refunded = sum(row.amount for row in line.withdrawn.filter(withdrawal__handed_over=True))
            assert refunded <= line.line_price_incl_tax
            given_back = sum(row.quantity for row in line.withdrawn.filter(withdrawal__handed_over=True))
            assert (refunded == line.line_price_incl_tax) or given_back < line.quantity
            if order.status in ("Prête", ORDER_COLLECTED) and line.quantity and of_line(line):
                assert line.weighed.grams is not None
        owed = 0 if order.status == ORDER_CANCELLED else order.total_incl_tax
        source = order.sources.get()
        assert source.amount_allocated == owed
        assert source.amount_debited == (owed if order.status == ORDER_COLLECTED else 0)
        assert provider_of(order).code == "retrait"
        kinds = [event.kind for event in part.events.all()]
        assert kinds.count("annulee") == (order.status == ORDER_CANCELLED)
        assert kinds.count("retiree") == (order.status == ORDER_COLLECTED)
