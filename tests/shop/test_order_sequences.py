"""Whatever happens to orders, in whatever order: stock, what is promised of it, and totals always agree."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.core.loading import get_class, get_model

from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED
from shop import baskets, deadlines, orders, purchases, vat
from shop.collection import choosing
from shop.limits import TooMuch
from shop.models import WAITING, MerchantOrder, Purchase, Storefront
from shop.order_history import Reason, Refusal
from shop.payments import provider_of, providers
from shop.refusals import ChangedMeanwhile, Missing, refuse, refuse_all
from shop.stock import OutOfStock
from shop.weighing.acts import ChangedMeanwhile as WeighedMeanwhile
from shop.weighing.acts import of_line, weigh
from shop.withdrawal import offer
from shop.withdrawal.acts import Declaration, declare
from tests.shop.factories import make_product, someone_else

Basket = get_model("basket", "Basket")
Line = get_model("order", "Line")
StockRecord = get_model("partner", "StockRecord")
Selector = get_class("partner.strategy", "Selector")

START = 6  # of each article
PLACES = 2  # orders a slot
LOST = (
    InvalidOrderStatus,
    ChangedMeanwhile,
    WeighedMeanwhile,
    purchases.HasBegun,
    purchases.HoldIsOver,
    OutOfStock,
    TooMuch,
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
    st.tuples(st.just("place"), units, units, units),
    st.tuples(st.just("confirm"), which),
    st.tuples(st.just("buyer cancels"), which),
    st.tuples(st.just("merchant cancels"), which),
    st.tuples(st.just("missing"), which, units, units, st.booleans()),
    st.tuples(st.just("weigh"), which, st.integers(50, 1500)),
    st.tuples(st.just("ready"), which),
    st.tuples(st.just("collect"), which),
    st.tuples(st.just("withdraw"), which, st.integers(1, 2)),
    st.tuples(st.just("expire"), which),
)


class Rollback(Exception):
    pass


@pytest.mark.usefixtures("places")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(happens=st.lists(ACTS, min_size=4, max_size=16))
def test_stock_promises_and_totals_agree_after_any_sequence(bakery, cheesemonger, happens):
    with pytest.raises(Rollback):
        run(bakery, cheesemonger, happens)


def run(bakery, cheesemonger, happens):
    with transaction.atomic():
        articles = [
            make_product(bakery, stock=START, price=Decimal("4.90"), vat_rate="5.5"),
            make_product(bakery, stock=START, price=Decimal("9.99"), vat_rate="20"),
            make_product(cheesemonger, stock=START, **BY_WEIGHT),
        ]
        Storefront.objects.update(slot_places=PLACES)
        place(articles, (2, 1, 3))
        purchases.confirm(Purchase.objects.get())
        for act, *how in happens:
            with suppress(*LOST), transaction.atomic():
                do(articles, act, *how)
            everything_agrees(articles)
        raise Rollback


def do(articles, act, *how):
    if act == "place":
        place(articles, how)
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
    else:
        expire(part)


def place(articles, quantities):
    basket = Basket.objects.create()
    basket.strategy = Selector().strategy(RequestFactory().get("/"))
    for article, quantity in zip(articles, quantities, strict=True):
        if quantity:
            baskets.add(basket, article, quantity)
    if basket.is_empty:
        return
    times = choosing.wanted_of(choosing.choices(baskets.groups(basket), database_clock.now(), {}, binds=False))
    contact = purchases.Contact(**someone_else())
    purchases.place_purchase(basket, contact, providers()["retrait"], times=times)


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
        assert (stock.num_allocated or 0) == promised == allocated
        assert 0 <= promised <= stock.num_in_stock <= START - gone
        assert not lines.filter(order__status__in=(ORDER_CANCELLED, ORDER_COLLECTED), num_allocated__gt=0).exists()
    waiting_for = Counter(
        MerchantOrder.objects.exclude(order__status=ORDER_CANCELLED).values_list("storefront", "collect_from")
    )
    assert all(start is not None and count <= PLACES for (_, start), count in waiting_for.items())
    for part in MerchantOrder.objects.select_related("order"):
        order = part.order
        lines = list(order.lines.select_related("weighed"))
        assert order.total_incl_tax == sum(price_of(line) for line in lines)
        shares = vat.shares((line.tax_code, line.line_price_incl_tax) for line in lines)
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
