"""How much one buyer may hold or order: what a reviewer's loop took in four seconds, and for ever, is bounded."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from shop import buyers, deadlines, limits
from shop.forks.partner.strategy import Selector
from shop.models import MerchantOrder, Purchase
from shop.order_history import Reason, Refusal
from shop.orders import cancel, mark_collected
from tests.shop.factories import (
    BINDS,
    CONTACT,
    confirm,
    filled_form,
    make_product,
    order,
    order_and_confirm,
    put_in_basket,
    someone_else,
)

pytestmark = pytest.mark.usefixtures("strict_templates")

StockRecord = get_model("partner", "StockRecord")
Line = get_model("basket", "Line")


def told(response):
    return [str(message) for message in response.context["messages"]]


def promised():
    return StockRecord.objects.aggregate(units=Sum("num_allocated", default=0))["units"]


@pytest.fixture
def market(bakery, cheesemonger):
    """Plenty of everything at two merchants."""
    return [make_product(merchant, stock=400, price=Decimal("1.00")) for merchant in (bakery, cheesemonger)] + [
        make_product(bakery, stock=400) for _ in range(6)
    ]


def attempt(products, quantity, **who):
    """Fill a new visitor's basket and order it; return the response."""
    visitor = Client()
    for product in products:
        put_in_basket(visitor, product, quantity)
    return order(visitor, **who)


# --- The attack


def test_one_invented_address_holds_little_and_not_for_long(market):
    answers = [attempt(market, 20, name="Personne", email="personne@invente.example") for _ in range(12)]

    # Eight lines of 20 are 160 units: a second such purchase would pass 200.
    assert [answer.status_code for answer in answers] == [303] + [409] * 11
    assert promised() == 160 <= settings.MAX_UNCONFIRMED_UNITS
    assert "Votre panier vous attend." in told(answers[-1])[0]

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert deadlines.end_holds() == 1
    assert promised() == 0


def test_one_address_in_small_baskets_holds_three(market):
    answers = [attempt(market[:1], 1) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 3 + [409] * 3
    assert told(answers[-1]) == [
        "3 commandes attendent déjà d’être confirmées : ouvrez le lien que nous avons envoyé pour chacune, ou attendez "
        "qu’elles expirent, au plus tard dans 60 minutes. Votre panier vous attend."
    ]
    assert promised() == 3


def test_changing_addresses_from_one_place_ends_too(market):
    answers = [attempt(market[:1], 1, **someone_else()) for _ in range(14)]

    assert [answer.status_code for answer in answers] == [303] * 10 + [409] * 4
    assert promised() == 10


def test_changing_addresses_with_big_baskets_ends_at_six_hundred_articles(market):
    for _ in range(8):
        attempt(market, 20, **someone_else())

    assert promised() == 480  # three of 160: a fourth would make 640


def test_another_visitor_is_not_slowed(market):
    for _ in range(11):
        attempt(market[:1], 1, **someone_else())
    other = Client(REMOTE_ADDR="203.0.113.7")
    put_in_basket(other, market[0])

    assert order(other, **someone_else()).status_code == 303


def test_what_is_confirmed_no_longer_counts_as_held_and_forgets_the_visitor(market):
    for _ in range(12):
        visitor = Client()
        put_in_basket(visitor, market[0])
        assert order_and_confirm(visitor, **someone_else()).status_code == 303

    assert set(Purchase.objects.values_list("visitor_key", flat=True)) == {""}


def test_the_visitors_address_is_nowhere_in_clear(market):
    attempt(market[:1], 1)

    row = Purchase.objects.values().get()
    assert "127.0.0.1" not in str(row)
    assert len(row["visitor_key"]) == 64
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        deadlines.end_holds()
    assert Purchase.objects.get().visitor_key == ""


# --- Whose is whose


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("camille@voisins.example", "CAMILLE@Voisins.Example", True),
        ("camille+1@voisins.example", "camille+2@voisins.example", True),
        ("ca.mille@gmail.com", "camille+x@googlemail.com", True),
        ("camille@chèvre.example", "Camille@xn--chvre-5ra.example", True),
        ("ca.mille@voisins.example", "camille@voisins.example", False),
        ("camille@voisins.example", "camille@ailleurs.example", False),
        ("+camille@voisins.example", "+odile@voisins.example", False),
    ],
)
def test_addresses_of_one_mailbox_are_one(one, other, same):
    assert (buyers.email_key(one) == buyers.email_key(other)) == same


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "06 39 98 00 99"},
        {"email": "autre@voisins.example", "phone": "+33 6 39 98 21 40"},
        {"email": "autre@voisins.example", "phone": "0033639982140"},
        {"email": "CAMILLE+moi@voisins.example", "phone": "06 39 98 00 99"},
    ],
)
def test_the_same_mailbox_or_the_same_telephone_counts(market, changes):
    for _ in range(3):
        attempt(market[:1], 1)

    assert attempt(market[:1], 1, **changes).status_code == 409


# --- Five open purchases


def test_five_wait_to_be_collected_and_the_sixth_comes_after_one_is_over(client, shopper, market):
    client.force_login(shopper)
    for _ in range(5):
        put_in_basket(client, market[0])
        assert order(client).status_code == 303
    put_in_basket(client, market[0])

    refusal = order(client)

    assert refusal.status_code == 409
    assert "Nous gardons 5 commandes à la fois" in told(refusal)[0]
    assert Line.objects.get(basket__status="Open").quantity == 1  # nothing is lost
    assert CONTACT["phone"] in refusal.content.decode()
    part = MerchantOrder.objects.first()
    mark_collected(part, by=None)
    assert order(client).status_code == 303


def test_an_account_is_one_buyer_whatever_it_types(client, shopper, market):
    client.force_login(shopper)
    for _ in range(5):
        put_in_basket(client, market[0])
        order_and_confirm(client, **someone_else())
    put_in_basket(client, market[0])

    assert order(client, **someone_else()).status_code == 409


def test_a_verified_account_may_order_much_at_once(client, shopper, market, bakery):
    client.force_login(shopper)
    for product in [*market, *(make_product(bakery, stock=50) for _ in range(4))]:
        put_in_basket(client, product, 20)

    assert order(client).status_code == 303
    assert promised() == 240


def test_five_guests_purchases_are_confirmed_and_the_sixth_is_refused(market):
    for _ in range(5):
        attempt(market[:1], 1)
        confirm()

    assert attempt(market[:1], 1).status_code == 409


# --- Orders that waited in vain


@pytest.mark.parametrize(
    ("count", "because", "days", "answer"),
    [
        (3, "retrait", 1, 409),
        (3, "retrait", 89, 409),
        (3, "retrait", 91, 303),
        (2, "retrait", 1, 303),
        (3, "commercant", 1, 303),
        (3, "acheteur", 1, 303),
    ],
)
def test_who_let_three_orders_wait_in_vain_is_asked_to_come_in_person(market, count, because, days, answer):
    for _ in range(count):
        attempt(market[:1], 1)
        confirm()
    for part in MerchantOrder.objects.all():
        cancel(part, by=None, because=because, reason=Reason(Refusal.NO_TIME))

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        refusal = attempt(market[:1], 1)
        assert refusal.status_code == answer
        if answer == 409:
            assert "n’ont pas été retirées" in told(refusal)[0]
        assert attempt(market[:1], 1, **someone_else()).status_code == 303


# --- Lines and units


def test_the_sixty_first_article_is_told_and_loses_nothing(client, cheesemonger):
    products = [make_product(cheesemonger) for _ in range(61)]
    for product in products[:60]:
        put_in_basket(client, product)

    response = put_in_basket(client, products[60])

    page = client.get(response["Location"])
    assert "Votre panier contient déjà 60 articles différents" in told(page)[-1]
    assert products[60].title in told(page)[-1]
    assert Line.objects.count() == 60
    put_in_basket(client, products[0])  # more of one that is there is no new line
    assert Line.objects.get(product=products[0]).quantity == 2
    assert order(client).status_code == 303


def test_baskets_that_were_merged_to_more_are_refused_at_the_checkout_and_kept(client, cheesemonger, loaf):
    put_in_basket(client, loaf)
    line = Line.objects.get()
    for product in (make_product(cheesemonger) for _ in range(60)):
        line.basket.strategy = Selector().strategy()
        line.basket.add_product(product)
    client.get("/boutique/panier/")

    page = client.get("/boutique/commande/")
    assert "la vôtre 61" in told(page)[0]
    assert client.post("/boutique/commande/", {**filled_form(client), **BINDS}).status_code == 409
    assert Line.objects.count() == 61
    assert not Purchase.objects.exists()


@pytest.mark.parametrize(("held", "more"), [(20, 1), (15, 6), (1, 20)])
def test_the_twenty_first_unit_is_told_and_twenty_stay(client, market, held, more):
    put_in_basket(client, market[0], held)

    response = put_in_basket(client, market[0], more)

    assert "Pas plus de 20" in told(client.get(response["Location"]))[-1]
    assert Line.objects.get().quantity == 20


def test_a_quantity_typed_in_the_basket_is_lowered_with_a_word(client, market):
    put_in_basket(client, market[0], 3)

    page = client.post("/boutique/panier/", {f"quantite-{Line.objects.get().pk}": "250"}, follow=True)

    assert "Pas plus de 20" in told(page)[-1]
    assert Line.objects.get().quantity == 20


def test_an_old_basket_with_more_is_lowered_before_it_is_ordered(client, market):
    put_in_basket(client, market[0], 3)
    Line.objects.update(quantity=99)

    page = client.get("/boutique/commande/")
    assert "Pas plus de 20" in told(page)[-1]
    assert order(client).status_code == 303
    assert promised() == 20


def test_one_mailbox_is_asked_to_confirm_so_many_times_a_day_whoever_names_it(loaf):
    most = limits.CONFIRMATIONS.most
    loaf.stockrecords.update(num_in_stock=100)

    def try_to_order(number, at):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        with time_machine.travel(at):
            put_in_basket(visitor, loaf)
            answer = order(visitor, **{**someone_else(), "email": f"camille+{number}@voisins.example"})
            deadlines.end_holds()
        return answer

    now = timezone.now()
    for number in range(most):
        assert try_to_order(number, now + timedelta(minutes=61 * number)).status_code == 303
    assert len(mail.outbox) == most

    answer = try_to_order(most, now + timedelta(minutes=61 * most))
    assert f"{most} demandes de confirmation par jour" in answer.content.decode()
    assert len(mail.outbox) == most
    assert Purchase.objects.count() == most
    assert try_to_order(most + 1, now + timedelta(days=1, minutes=1)).status_code == 303
