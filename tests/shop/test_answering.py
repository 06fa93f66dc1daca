"""Orders that nobody answers: merchants reminded, then called, orders cancelled in time; how fast shops answer."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime

from directory.hours import PARIS
from portal.jobs import CLOCK
from portal.oscar_settings import ORDER_CANCELLED, ORDER_RECEIVED
from shop import answering, deadlines, orders
from shop.models import MerchantOrder, OrderEvent, Storefront
from tests.factories import make_merchant, make_user
from tests.jobs import do_jobs
from tests.shop.factories import CONTACT, confirm, make_product, order, put_in_basket, refuse, someone_else

TUESDAY = datetime(2026, 12, 1, 15, tzinfo=PARIS)
WEEK = "Mo-Sa 08:00-19:00"


@pytest.fixture
def clock():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


def buy(product, quantity=1, slot=False, **contact):
    """Buy as a guest, for a slot or for when the merchant says."""
    guest = Client()
    put_in_basket(guest, product, quantity)
    order(guest, **contact)
    if not slot:
        MerchantOrder.objects.update(collect_from=None, collect_until=None)
    confirm(guest)
    mail.outbox.clear()
    return MerchantOrder.objects.latest("pk")


@pytest.fixture
def part(clock, loaf, bakery):
    """Two loaves, ordered on Tuesday at three o'clock from a baker who is there from eight to seven, but on Sundays."""
    bakery.opening_hours = WEEK
    bakery.save()
    return buy(loaf, 2)


def duties():
    found = (deadlines.remind_to_answer, deadlines.cancel_unanswered, deadlines.cancel_unprepared)
    return {duty.__name__: count for duty in found if (count := duty())}


def status(part):
    return type(part.order).objects.get(pk=part.order_id).status


def written(moment):
    return f"{localtime(moment, PARIS):%d %H:%M}" if moment else ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "start", "remind", "call", "answer"),
    [
        # Eleven hours a day: 4 left on Tuesday, 11 on Wednesday, the sixteenth on Thursday from eight to nine.
        (WEEK, "2026-12-01 15:00", "01 17:00", "01 19:00", "03 09:00"),
        # Ordered at night: the clock begins at eight.
        (WEEK, "2026-12-01 23:30", "02 10:00", "02 12:00", "03 13:00"),
        # Saturday evening: Sunday does not count.
        (WEEK, "2026-12-05 18:00", "07 09:00", "07 11:00", "08 12:00"),
        # Two times a day.
        ("Mo-Fr 09:00-12:00,14:00-18:00", "2026-12-01 11:00", "01 15:00", "01 17:00", "03 15:00"),
        # A stall of five hours on Saturdays: it closes for the last time before the end of the seventh day.
        ("Sa 08:00-13:00", "2026-12-01 15:00", "05 10:00", "05 12:00", "05 13:00"),
        ("Sa 08:00-13:00", "2026-12-05 12:00", "12 09:00", "12 11:00", "12 13:00"),
        # Closed for the holidays meanwhile: from the twelfth on, nothing counts.
        ("Mo-Sa 08:00-19:00; 2026 Dec 02-2027 Jan 10 off", "2026-12-01 18:00", "", "", "01 19:00"),
        # Open no more before the end: this clock does not run, the day to prepare does.
        ("Mo-Sa 08:00-19:00; 2026 Dec 02-2027 Jan 10 off", "2026-12-01 19:30", "", "", ""),
        # Day and night.
        ("24/7", "2026-12-01 15:00", "01 17:00", "01 19:00", "02 07:00"),
        # The night on which clocks go forward: the hour from two to three is none.
        ("Mo-Su 22:00-24:00", "2027-03-27 21:00", "28 00:00", "29 00:00", "04 00:00"),
        # Christmas is a public holiday.
        ("Mo-Fr 09:00-17:00; PH off", "2026-12-24 16:00", "28 10:00", "28 12:00", "29 16:00"),
    ],
)
def test_the_clock_counts_opening_hours(places, hours, start, remind, call, answer):
    merchant = make_merchant(opening_hours=hours)
    moment = datetime.fromisoformat(start).replace(tzinfo=PARIS)

    found = answering.clock(merchant, moment, moment.date() + timedelta(days=7))

    assert (written(found.remind_from), written(found.call_from), written(found.answer_by)) == (remind, call, answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "promised", "remind", "call", "answer"),
    [
        # Promised for the day after next: sixteen hours come first.
        ("2026-12-01 15:00", "2026-12-03 17:00", "01 17:00", "01 19:00", "03 09:00"),
        # Promised for tomorrow: an hour before.
        ("2026-12-01 15:00", "2026-12-02 10:00", "01 17:00", "01 19:00", "02 09:00"),
        # Promised for today: a quarter of what is left, and reminded halfway.
        ("2026-12-01 15:00", "2026-12-01 17:00", "01 15:45", "01 16:07", "01 16:30"),
        ("2026-12-01 15:00", "2026-12-01 19:00", "01 17:00", "01 17:15", "01 18:00"),
        # In the evening, for the next morning: the shop has been open half an hour, and may answer from home.
        ("2026-12-01 18:30", "2026-12-02 08:30", "02 01:00", "02 04:15", "02 07:30"),
        # Promised for later than the usual days.
        ("2026-12-01 15:00", "2026-12-20 10:00", "01 17:00", "01 19:00", "03 09:00"),
    ],
)
def test_an_order_for_a_slot_is_answered_or_ends_before_it(places, start, promised, remind, call, answer):
    moment, slot = (datetime.fromisoformat(each).replace(tzinfo=PARIS) for each in (start, promised))

    found = answering.clock(make_merchant(opening_hours=WEEK), moment, moment.date() + timedelta(days=7), slot)

    assert (written(found.remind_from), written(found.call_from), written(found.answer_by)) == (remind, call, answer)
    assert moment < found.remind_from < found.call_from <= found.answer_by < slot


def test_the_slot_that_was_ordered_sets_the_clock(clock, loaf, bakery):
    bakery.opening_hours = WEEK
    bakery.save()

    part = buy(loaf, slot=True)

    assert TUESDAY < part.answer_by < part.collect_from
    clock.move_to(part.answer_by + timedelta(minutes=1))
    assert duties() == {"cancel_unanswered": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("hours", ["", "sur rendez-vous"])
def test_a_shop_whose_hours_nobody_knows_has_no_such_clock(places, hours):
    merchant = make_merchant()
    merchant.opening_hours = hours

    assert answering.clock(merchant, TUESDAY, date(2026, 12, 8)) == answering.AnswerClock()


def test_the_merchant_is_reminded_then_called_then_the_order_ends_and_the_shopper_is_told(clock, part, loaf, baker):
    assert (written(part.remind_from), written(part.call_from), written(part.answer_by)) == (
        "01 17:00", "01 19:00", "03 09:00",
    )  # fmt: skip
    clock.move_to(TUESDAY.replace(hour=16, minute=59))
    assert duties() == {}

    clock.move_to(TUESDAY.replace(hour=17, minute=1))
    assert duties() == {"remind_to_answer": 1}
    assert duties() == {}
    (reminder,) = mail.outbox
    assert reminder.to == [baker.email]
    for body in (reminder.body, reminder.alternatives[0][0]):
        assert "avant jeudi 3 décembre à 9\u00a0h\u00a000" in body
        assert CONTACT["name"] in body
    mail.outbox.clear()

    clock.move_to(datetime(2026, 12, 3, 8, 59, tzinfo=PARIS))
    assert duties() == {}
    clock.move_to(datetime(2026, 12, 3, 9, 1, tzinfo=PARIS))
    assert duties() == {"cancel_unanswered": 1}
    assert duties() == {}

    part.refresh_from_db()
    assert (status(part), part.cancelled_because) == (ORDER_CANCELLED, "reponse")
    assert loaf.stockrecords.get().num_allocated == 0
    assert [(event.kind, event.actor) for event in OrderEvent.objects.all()] == [("annulee", "horloge")]
    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {CONTACT["email"], baker.email}
    for body in (told[CONTACT["email"]].body, told[CONTACT["email"]].alternatives[0][0]):
        assert "le commerçant n’y a pas répondu à temps" in body
    assert "elle est restée sans réponse" in told[baker.email].body
    page = Client().get(part.purchase.link).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "Annulée : le commerçant n’y a pas répondu à temps." in page


@pytest.mark.parametrize("answer", ["accept", "ready", "refuse_some", "cancel", "staff"])
def test_any_answer_stops_the_clock(clock, part, baker, client, answer):
    clock.move_to(TUESDAY + timedelta(minutes=30))
    if answer == "accept":
        orders.accept(part, by=baker)
    elif answer == "ready":
        orders.mark_ready(part, by=baker)
    elif answer == "refuse_some":
        line = part.order.lines.get()
        client.force_login(baker)
        client.post(
            f"/espace/{part.storefront.merchant_id}/commandes/{part.order.number}/manque/",
            {"shown": f"{line.pk}:2", "motif": "rupture", "mot": "", f"manque_{line.pk}": "1"},
        )
    elif answer == "cancel":
        refuse(part, by=baker)
    else:
        orders.accept(part, by=make_user())
    part.refresh_from_db()
    assert timedelta(minutes=30) <= part.answered_at - TUESDAY < timedelta(minutes=31)
    mail.outbox.clear()

    clock.move_to(datetime(2026, 12, 6, 12, tzinfo=PARIS))

    assert duties() == {}
    assert mail.outbox == []


def test_acceptance_is_told_once_and_changes_what_both_read(clock, part, baker, client):
    client.force_login(baker)
    desk = f"/espace/{part.storefront.merchant_id}/commandes/"
    assert "J’accepte" in client.get(desk).content.decode()

    for _ in range(2):
        client.post(f"{desk}{part.order.number}/", {"faire": "acceptee", "shown_status": ORDER_RECEIVED})

    (message,) = mail.outbox
    assert message.to == [CONTACT["email"]]
    assert "est acceptée chez" in message.body
    assert OrderEvent.objects.get().kind == "acceptee"
    page = client.get(desk).content.decode()
    assert "J’accepte" not in page
    assert "C’est prêt" in page
    assert "Le commerçant la prépare" in Client().get(part.purchase.link).content.decode()


def test_what_was_cancelled_is_not_accepted_any_more(clock, part, baker, client):
    refuse(part, by=baker)
    client.force_login(baker)
    desk = f"/espace/{part.storefront.merchant_id}/commandes/"

    page = client.post(
        f"{desk}{part.order.number}/", {"faire": "acceptee", "shown_status": ORDER_RECEIVED}, follow=True
    )

    assert "est devenue « Annulée »" in page.content.decode().replace("\u00a0", " ")
    assert OrderEvent.objects.get().kind == "annulee"


def test_hours_that_change_later_move_no_order_that_was_told_of(clock, part, bakery):
    bakery.opening_hours = "Sa 08:00-09:00"
    bakery.save()
    clock.move_to(datetime(2026, 12, 3, 9, 1, tzinfo=PARIS))

    assert duties() == {"cancel_unanswered": 1}
    assert status(part) == ORDER_CANCELLED


def test_the_office_lists_whom_to_call_the_longest_waiting_first(clock, part, picodon, client):
    manager = make_user("sami@region.example")
    manager.groups.add(Group.objects.get(name="Responsables de boutiques"))
    clock.move_to(TUESDAY + timedelta(hours=1))
    later = buy(picodon, **someone_else())
    answered = buy(picodon, **someone_else())
    orders.accept(answered, by=None)

    def listed():
        client.force_login(manager)
        return client.get("/gestion/boutiques/a-appeler/").content.decode().replace("\u00a0", " ")

    clock.move_to(TUESDAY.replace(hour=18, minute=59))
    assert part.order.number not in listed()
    clock.move_to(datetime(2026, 12, 2, 10, tzinfo=PARIS))
    page = listed()
    assert page.index(part.order.number) < page.index(later.order.number)
    assert answered.order.number not in page
    assert "mardi 1er décembre à 15 h 00" in page
    assert part.storefront.merchant.phone in page


def answer_after(clock, product, baker, minutes, by_staff=False):
    """Have an order placed on a Wednesday at nine and answered so many minutes later; None: never."""
    clock.move_to(clock_day(clock))
    part = buy(product, **someone_else())
    if minutes is None:
        clock.move_to(part.answer_by + timedelta(minutes=1))
        deadlines.cancel_unanswered()
    else:
        clock.move_to(part.purchase.confirmed_at + timedelta(minutes=minutes))
        orders.accept(part, by=None if not by_staff else make_user())
    return part


def clock_day(clock):
    return (timezone.now() + timedelta(days=7)).astimezone(PARIS).replace(hour=9, minute=0)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ([10] * 4, ""),  # too few
        ([10] * 5, "Répond en général en moins de 15 min d’ouverture."),
        ([10, 20, 70, 90, 100], "Répond en général en moins de 2 h d’ouverture."),
        ([10, 20, 25, 29, 600], "Répond en général en moins de 30 min d’ouverture."),
        ([10] * 5 + [None] * 6, ""),  # half of them were never answered
        ([10] * 5 + [None] * 4, "Répond en général en moins de 15 min d’ouverture."),
        (
            [60 * 23 + 30] * 5,
            "Répond en général en moins de 16 h d’ouverture.",
        ),  # overnight
    ],
)
def test_how_fast_a_shop_answers_is_told_from_its_last_orders(clock, bakery, baker, minutes, told):
    bakery.opening_hours = WEEK
    bakery.save()
    loaf = make_product(bakery, title="Pain", stock=100)
    shop = Storefront.objects.get(merchant=bakery)
    for each in minutes:
        answer_after(clock, loaf, baker, each)
    do_jobs(CLOCK)

    shop.refresh_from_db()
    assert answering.told(shop.answer_minutes) == told
    page = Client().get(bakery.url).content.decode().replace("\u00a0", " ")
    assert ("Répond en général" in page) == bool(told)
    assert told in page


def test_what_staff_answers_in_its_place_does_not_make_a_shop_fast(clock, bakery, baker):
    loaf = make_product(bakery, title="Pain", stock=100)
    for _ in range(6):
        answer_after(clock, loaf, baker, 5, by_staff=True)
    do_jobs(CLOCK)

    assert Storefront.objects.get(merchant=bakery).answer_minutes is None


def test_only_the_last_twenty_count(clock, bakery, baker):
    bakery.opening_hours = WEEK
    bakery.save()
    loaf = make_product(bakery, title="Pain", stock=100)
    for minutes in [300] * 6 + [10] * answering.LAST_ORDERS:
        answer_after(clock, loaf, baker, minutes)

    assert answering.time_answers(Storefront.objects.get(merchant=bakery)) == 15


def test_the_delays_stand_in_one_table():
    assert settings.HOURS_TO_REMIND < settings.HOURS_TO_CALL < settings.HOURS_TO_ANSWER
