"""What the clock does to orders that nobody prepares or collects."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from directory.hours import PARIS
from portal import database_clock
from portal.jobs import known
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from shop import deadlines, orders
from shop.models import MerchantOrder, Purchase
from tests.shop.factories import CONTACT, confirm, order, order_and_confirm, put_in_basket, refuse, someone_else

Order = get_model("order", "Order")

TUESDAY = datetime(2026, 12, 1, 15, tzinfo=PARIS)


@pytest.fixture
def clock():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def loaf_order(clock, loaf):
    """Two loaves, ordered and confirmed on Tuesday, 1 December."""
    buyer = Client()
    put_in_basket(buyer, loaf, 2)
    order_and_confirm(buyer)
    mail.outbox.clear()
    return MerchantOrder.objects.get()


def promised(product):
    return product.stockrecords.get().num_allocated or 0


def status_of(part):
    return Order.objects.get(pk=part.order_id).status


def done():
    """Do what the worker does each minute; return how many rows each duty changed, where any."""
    duties = (
        deadlines.end_holds, deadlines.remind_to_answer, deadlines.cancel_unanswered, deadlines.cancel_unprepared,
        deadlines.cancel_uncollected, deadlines.remind_buyers, deadlines.remind_merchants,
    )  # fmt: skip
    return {duty.__name__: count for duty in duties if (count := duty())}


@pytest.fixture
def accepted(loaf_order, baker):
    """The same order, which the baker has accepted."""
    orders.accept(loaf_order, by=baker)
    mail.outbox.clear()
    return loaf_order


def test_an_order_that_nobody_prepares_ends_after_its_seventh_day_and_both_are_told(clock, accepted, loaf, baker):
    loaf_order = accepted
    assert loaf_order.prepare_by == TUESDAY.date() + timedelta(days=7)
    clock.move_to(datetime(2026, 12, 6, 23, 59, tzinfo=PARIS))
    assert done() == {}

    clock.move_to(datetime(2026, 12, 7, 0, 1, tzinfo=PARIS))
    assert done() == {"remind_merchants": 1}
    (reminder,) = mail.outbox
    assert reminder.to == [baker.email]
    assert loaf_order.collection_code in reminder.subject
    for body in (reminder.body, reminder.alternatives[0][0]):
        assert "avant la fin du mardi 8 décembre" in body
        assert CONTACT["name"] in body
    mail.outbox.clear()

    clock.move_to(datetime(2026, 12, 8, 23, 59, tzinfo=PARIS))
    assert done() == {}
    assert promised(loaf) == 2

    clock.move_to(datetime(2026, 12, 9, 0, 1, tzinfo=PARIS))
    assert done() == {"cancel_unprepared": 1}
    assert done() == {}

    assert (status_of(loaf_order), promised(loaf)) == (ORDER_CANCELLED, 0)
    by_address = {message.to[0]: message.body for message in mail.outbox}
    assert set(by_address) == {CONTACT["email"], baker.email}
    assert "ne l’a pas préparée à temps" in by_address[CONTACT["email"]]
    assert "de nouveau en vente" in by_address[baker.email]


def test_what_is_ready_waits_seven_days_with_one_reminder_two_days_before(clock, loaf_order, loaf, baker):
    clock.move_to(datetime(2026, 12, 4, 18, tzinfo=PARIS))
    orders.mark_ready(loaf_order, by=None)
    loaf_order.refresh_from_db()
    assert loaf_order.collect_by == date(2026, 12, 11)
    mail.outbox.clear()

    clock.move_to(datetime(2026, 12, 8, 23, 59, tzinfo=PARIS))
    assert done() == {}
    clock.move_to(datetime(2026, 12, 9, 0, 5, tzinfo=PARIS))
    assert done() == {"remind_buyers": 1}
    assert done() == {}
    (reminder,) = mail.outbox
    assert reminder.to == [CONTACT["email"]]
    assert "jusqu’au vendredi 11 décembre inclus" in reminder.body
    assert loaf_order.collection_code in reminder.body

    clock.move_to(datetime(2026, 12, 11, 23, 59, tzinfo=PARIS))
    assert done() == {}
    assert promised(loaf) == 2
    clock.move_to(datetime(2026, 12, 12, 0, 1, tzinfo=PARIS))
    mail.outbox.clear()
    assert done() == {"cancel_uncollected": 1}

    assert (status_of(loaf_order), promised(loaf)) == (ORDER_CANCELLED, 0)
    assert loaf.stockrecords.get().num_in_stock == 5
    assert {message.to[0] for message in mail.outbox} == {CONTACT["email"], baker.email}
    changes = Order.objects.get().status_changes.order_by("pk").values_list("new_status", flat=True)
    assert list(changes) == [ORDER_RECEIVED, ORDER_READY, ORDER_CANCELLED]


def test_what_was_collected_or_cancelled_in_time_is_left_alone(clock, loaf_order, loaf):
    orders.mark_collected(loaf_order, by=None)

    clock.move_to(TUESDAY + timedelta(days=60))

    assert done() == {}
    assert status_of(loaf_order) == ORDER_COLLECTED
    assert loaf.stockrecords.get().num_in_stock == 3


def test_a_merchant_who_has_prepared_or_cancelled_is_not_reminded(clock, loaf_order, picodon):
    buyer = Client()
    put_in_basket(buyer, picodon)
    order_and_confirm(buyer, **someone_else())
    cancelled = MerchantOrder.objects.exclude(pk=loaf_order.pk).get()
    orders.mark_ready(loaf_order, by=None)
    refuse(cancelled)
    mail.outbox.clear()

    clock.move_to(datetime(2026, 12, 7, 12, tzinfo=PARIS))

    assert deadlines.remind_merchants() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("hours", [-30, -3, 3, 30])
def test_another_clock_of_a_process_moves_no_deadline(loaf, monkeypatch, clock_of_the_database, hours):
    true = clock_of_the_database()
    with time_machine.travel(true + timedelta(hours=hours)):
        monkeypatch.setattr(database_clock, "now", clock_of_the_database)
        buyer = Client()
        put_in_basket(buyer, loaf, 2)
        order(buyer)
        held = Purchase.objects.get()
        assert timedelta(minutes=59) < held.confirm_by - true < timedelta(minutes=61)
        assert abs(held.placed_at - true) < timedelta(minutes=1)
        assert abs(Order.objects.get().date_placed - true) < timedelta(minutes=1)
        assert deadlines.end_holds() == 0

        link = held.confirmation_link.removeprefix(settings.SITE_URL)
        assert "Confirmez votre commande" in buyer.get(link).content.decode()
        assert confirm(buyer, held).status_code == 303
        part = MerchantOrder.objects.get()
        assert part.prepare_by == timezone.localdate(clock_of_the_database()) + timedelta(days=7)
        orders.mark_ready(part, by=None)
        part.refresh_from_db()
        ready_for = max(timezone.localdate(clock_of_the_database()), part.slot.start.date())
        assert part.collect_by == ready_for + timedelta(days=7)
        assert done() == {}


def test_the_days_are_those_told_even_when_the_setting_changes(clock, accepted, settings):
    settings.DAYS_TO_PREPARE = 1
    clock.move_to(datetime(2026, 12, 8, 12, tzinfo=PARIS))

    assert done() == {"remind_merchants": 1}


def test_an_order_that_fails_holds_up_no_other(clock, loaf, picodon, monkeypatch):
    for product in (loaf, picodon):
        buyer = Client()
        put_in_basket(buyer, product)
        order_and_confirm(buyer, **someone_else())
    first = MerchantOrder.objects.order_by("pk").first()
    cancel = orders.cancel

    def fail_on_the_first(part, **told):
        if part.pk == first.pk:
            raise ValueError("broken")
        cancel(part, **told)

    monkeypatch.setattr(orders, "cancel", fail_on_the_first)
    clock.move_to(TUESDAY + timedelta(days=9))

    assert deadlines.cancel_unprepared() == 1
    assert (promised(loaf), promised(picodon)) == (1, 0)


def test_each_turn_takes_a_bounded_number(clock, loaf, monkeypatch):
    monkeypatch.setattr(deadlines, "BATCH", 2)
    for _ in range(3):
        buyer = Client()
        put_in_basket(buyer, loaf)
        order_and_confirm(buyer, **someone_else())
    clock.move_to(TUESDAY + timedelta(days=9))

    assert (deadlines.cancel_unprepared(), deadlines.cancel_unprepared()) == (2, 1)


def test_the_worker_does_all_of_them_every_minute(monkeypatch):
    duties = [
        "end_holds", "remind_to_answer", "cancel_unanswered", "cancel_unprepared", "cancel_uncollected",
        "remind_buyers", "remind_merchants",
    ]  # fmt: skip
    done = []
    for name in duties:
        monkeypatch.setattr(deadlines, name, lambda name=name: done.append(name))

    for kind in known().values():
        if kind.is_minutely and kind.act.__module__ == "shop.tasks":
            kind.act()

    assert sorted(done) == sorted(duties)


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_merchant_at_once_free_the_stock_once(loaf, picodon):
    for product in (loaf, picodon):
        buyer = Client()
        put_in_basket(buyer, product, 2)
        order_and_confirm(buyer, **someone_else())
    loaf.stockrecords.update(num_allocated=4)  # two more are promised to somebody else
    MerchantOrder.objects.update(prepare_by=TUESDAY.date() - timedelta(days=400))
    part = MerchantOrder.objects.get(storefront__merchant__title="Le Fournil des Mines")
    acts = [deadlines.cancel_unprepared] * 3 + [lambda: refuse(part)]
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))

    deadlines.cancel_unprepared()
    assert set(Order.objects.values_list("status", flat=True)) == {ORDER_CANCELLED}
    assert (promised(loaf), promised(picodon)) == (2, 0)
