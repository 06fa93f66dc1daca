"""A time for each merchant at the checkout: proposed, chosen, kept, and refused where it cannot be."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.hours import PARIS
from portal import database_clock
from shop import orders
from shop.models import MerchantOrder, ProductDetails, Purchase, Storefront
from shop.purchases import cancel
from tests.factories import make_merchant
from tests.shop.factories import (
    BINDS,
    filled_form,
    make_product,
    order,
    order_and_confirm,
    put_in_basket,
    refuse,
    someone_else,
)

pytestmark = pytest.mark.usefixtures("strict_templates")

CHECKOUT, BASKET = "/boutique/commande/", "/boutique/panier/"
ALWAYS = "24/7"


def told(response):
    return [str(message) for message in response.context["messages"]]


def choices_of(page):
    return {choice.merchant: choice for _, choice in page.context["parts"]}


@pytest.fixture
def stand(bakery):
    """The bakery, which never closes today: tests of its slots hold at any hour."""
    bakery.opening_hours = ALWAYS
    bakery.save()
    return bakery


@pytest.fixture
def bread(stand):
    return make_product(stand, title="Pain de seigle", stock=50)


def rules(merchant, **fields):
    Storefront.objects.filter(merchant=merchant).update(**fields)


def test_the_soonest_time_is_proposed_and_said_to_be_that(client, bread, stand):
    put_in_basket(client, bread)
    page = client.get(CHECKOUT)

    choice = choices_of(page)[stand.pk]
    assert choice.chosen == choice.slots[0]
    assert f"Au plus tôt\u00a0: <strong>{choice.label}</strong>" in page.content.decode().replace("&nbsp;", "\u00a0")
    assert choice.chosen.start >= database_clock.now() + timedelta(minutes=90)
    assert len(choice.days) == 15
    assert 'type="radio" name="creneau-' in page.content.decode()


def test_what_is_chosen_is_what_both_agree_on(client, bread, stand, picodon):
    put_in_basket(client, bread)
    put_in_basket(client, picodon)
    choices = choices_of(client.get(CHECKOUT))
    wanted = choices[stand.pk].slots[40]
    assert order(client, **{f"creneau-{stand.pk}": wanted.start.isoformat()}).status_code == 303

    part = MerchantOrder.objects.get(storefront__merchant=stand)
    assert (part.collect_from, part.collect_until) == wanted
    other = MerchantOrder.objects.exclude(pk=part.pk).get()
    assert other.slot == choices[other.storefront.merchant_id].slots[0]


def test_another_days_times_are_shown_and_nothing_typed_is_lost(client, bread, stand):
    put_in_basket(client, bread)
    first = client.get(CHECKOUT)
    third_day = choices_of(first)[stand.pk].days[2]["value"]
    form = filled_form(client, jour=third_day, email="camille@", note="Je passe à vélo.")
    page = client.post(CHECKOUT, form)

    assert page.status_code == 200
    assert not page.context["form"].errors
    assert 'value="camille@"' in page.content.decode()
    assert "Je passe à vélo." in page.content.decode()
    choice = choices_of(page)[stand.pk]
    assert str(choice.chosen.start.date()) == third_day.split("/")[1]
    assert choice.is_open
    assert not Purchase.objects.exists()


@pytest.mark.parametrize(
    "jour", ["", "x", "/", "999999/2026-12-05", "{pk}/2026-13-45", "{pk}/", "{pk}/1999-01-01", "{pk}/2026-12-05/7"]
)
def test_a_day_that_there_is_not_shows_the_page_all_the_same(client, bread, stand, jour):
    put_in_basket(client, bread)
    page = client.post(CHECKOUT, filled_form(client, jour=jour.format(pk=stand.pk)))
    assert page.status_code == 200
    assert choices_of(page)[stand.pk].chosen


@pytest.mark.parametrize(
    "value",
    ["", "demain", "2026-12-05", "2026-12-05T10:00", "0001-01-01T00:00+00:00", "9999-12-31T23:59+00:00",
     "2019-12-05T10:00+01:00"],
)  # fmt: skip
def test_a_time_that_cannot_be_had_buys_nothing_and_proposes_one(client, bread, stand, value):
    put_in_basket(client, bread)
    page = order(client, note="Un mot.", **{f"creneau-{stand.pk}": value})
    assert page.status_code == 409
    assert not Purchase.objects.exists()
    assert choices_of(page)[stand.pk].chosen
    assert choices_of(page)[stand.pk].label in " ".join(told(page))
    assert "Un mot." in page.content.decode()
    assert order(client).status_code == 303


def test_a_slot_that_filled_meanwhile_comes_back_with_the_next_one(client, bread, stand):
    rules(stand, slot_places=1)
    put_in_basket(client, bread)
    form = filled_form(client, note="Un mot.", **BINDS)
    faster = Client()
    put_in_basket(faster, bread)
    assert order(faster, **someone_else()).status_code == 303

    page = client.post(CHECKOUT, form)

    assert page.status_code == 409
    assert "n’est plus libre chez Le Fournil des Mines" in " ".join(told(page))
    assert "Un mot." in page.content.decode()
    choice = choices_of(page)[stand.pk]
    assert choice.chosen.start == MerchantOrder.objects.get().collect_until
    assert order(client).status_code == 303
    assert MerchantOrder.objects.count() == 2


def test_hours_that_changed_meanwhile_come_back_with_new_times(client, bread, stand):
    put_in_basket(client, bread)
    form = filled_form(client, **BINDS)
    stand.opening_hours = "Mo-Su 03:00-03:30"
    stand.save()

    page = client.post(CHECKOUT, form)

    assert page.status_code == 409
    assert {slot.start.hour for slot in choices_of(page)[stand.pk].slots} == {3}
    assert not Purchase.objects.exists()


def test_a_second_click_finds_the_purchase_though_its_slot_is_full(client, bread, stand):
    rules(stand, slot_places=1)
    put_in_basket(client, bread)
    form = filled_form(client, **BINDS)
    assert client.post(CHECKOUT, form)["Location"] == client.post(CHECKOUT, form)["Location"]
    assert MerchantOrder.objects.count() == 1


def test_the_database_gives_no_slot_more_orders_than_places(client, bread, stand):
    rules(stand, slot_places=2)
    for _ in range(3):
        put_in_basket(client, bread)
        assert order(client, **someone_else()).status_code == 303
    first, second, third = MerchantOrder.objects.order_by("pk")
    assert first.slot == second.slot != third.slot

    with pytest.raises(IntegrityError, match="never_overbooked"), transaction.atomic():
        MerchantOrder.objects.filter(pk=third.pk).update(
            collect_from=first.collect_from + timedelta(minutes=10), collect_until=first.collect_until
        )
    MerchantOrder.objects.filter(pk=first.pk).update(reminded_at=database_clock.now())  # is not taken twice


@pytest.mark.parametrize("how", ["buyer", "merchant", "clock"])
def test_the_place_of_what_is_cancelled_is_free_at_once(client, bread, stand, how):
    rules(stand, slot_places=1)
    put_in_basket(client, bread)
    order_and_confirm(client, **someone_else())
    part = MerchantOrder.objects.get()
    put_in_basket(client, bread)
    assert choices_of(client.get(CHECKOUT))[stand.pk].chosen != part.slot

    {
        "buyer": lambda: cancel(part),
        "merchant": lambda: refuse(part),
        "clock": lambda: orders.cancel(part, None, MerchantOrder.Cancelled.UNPREPARED),
    }[how]()

    assert choices_of(client.get(CHECKOUT))[stand.pk].chosen == part.slot
    assert order(client, **someone_else()).status_code == 303
    assert MerchantOrder.objects.latest("pk").slot == part.slot


def test_who_has_no_hours_that_anybody_knows_says_when(client, bread, stand):
    stand.opening_hours = 'Mo-Sa "sur rendez-vous"'
    stand.save()
    put_in_basket(client, bread)
    assert "Le commerçant vous dira quand venir." in client.get(BASKET).content.decode()
    page = client.get(CHECKOUT)
    assert "Le commerçant vous dira quand venir." in page.content.decode()
    assert order(client).status_code == 303
    assert MerchantOrder.objects.get().slot is None


def test_articles_without_a_common_day_are_not_ordered_together(client, bread, stand):
    cake = make_product(stand, title="Brioche du samedi")
    ProductDetails.objects.filter(product=cake).update(only_on=["samedi"])
    ProductDetails.objects.filter(product=bread).update(only_on=["mardi", "jeudi"])
    put_in_basket(client, bread)
    put_in_basket(client, cake)
    expected = "Aucun jour de retrait ne convient à « Pain de seigle » et « Brioche du samedi »"
    assert expected in client.get(BASKET).content.decode().replace("\u00a0", " ")
    page = order(client)
    assert page.status_code == 409
    assert expected in " ".join(told(page))
    assert not Purchase.objects.exists()

    client.post(BASKET, {"retirer": page.context["parts"][0][0].lines[0].key})
    assert order(client).status_code == 303
    assert MerchantOrder.objects.get().slot.start.weekday() == 5


def test_what_is_made_to_order_is_there_after_its_own_time(client, bread, stand):
    ProductDetails.objects.filter(product=bread).update(lead_hours=72)
    put_in_basket(client, bread)
    order(client)
    assert MerchantOrder.objects.get().collect_from >= database_clock.now() + timedelta(hours=71, minutes=59)


def test_a_shop_that_is_full_says_so_and_the_rest_can_be_ordered(client, bread, stand, picodon):
    stand.opening_hours = "Mo-Su 03:00-03:15"
    stand.save()
    rules(stand, slot_places=1, collection_ahead=1, collection_lead=0)
    for _ in range(2):
        put_in_basket(client, bread)
        assert order(client, **someone_else()).status_code == 303
    put_in_basket(client, bread)
    put_in_basket(client, picodon)
    page = order(client)
    assert page.status_code == 409
    assert "Tous les créneaux sont pris chez Le Fournil des Mines" in " ".join(told(page))
    assert MerchantOrder.objects.count() == 2


def test_a_merchant_has_until_the_slots_day_to_prepare_and_a_buyer_a_week_from_it(client, bread, stand):
    put_in_basket(client, bread)
    last = choices_of(client.get(CHECKOUT))[stand.pk].slots[-1]
    order_and_confirm(client, **{f"creneau-{stand.pk}": last.start.isoformat()})
    part = MerchantOrder.objects.get()
    assert part.prepare_by == last.start.date() > database_clock.today() + timedelta(days=7)
    orders.mark_ready(part, by=None)
    part.refresh_from_db()
    assert part.collect_by == last.start.date() + timedelta(days=7)


def test_the_first_slot_keeps_the_usual_days(client, bread, stand):
    put_in_basket(client, bread)
    order_and_confirm(client)
    assert MerchantOrder.objects.get().prepare_by == database_clock.today() + timedelta(days=7)


def test_the_basket_asks_as_little_for_six_merchants_as_for_one(client, places):
    counts = []
    for _ in range(6):
        put_in_basket(client, make_product(make_merchant(opening_hours="Mo-Sa 08:00-12:00"), stock=9))
        client.get(BASKET)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(BASKET)
        counts.append(len(queries))
        assert "À retirer dès" in page.content.decode()
    assert counts[0] == counts[-1] <= 12


def test_times_are_those_of_france(client, bread, stand):
    put_in_basket(client, bread)
    order(client)
    assert MerchantOrder.objects.get().slot.start.tzinfo == PARIS
