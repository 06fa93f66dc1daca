"""Where a merchant lands: all that waits for her, one tap away."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from directory import hours
from directory.models import MerchantManager
from portal.oscar_settings import ORDER_COLLECTED, ORDER_RECEIVED
from shop import orders
from shop.messages import sending
from shop.messages.models import Message
from shop.models import Enquiry, MerchantOrder, ProductDetails, Purchase, Storefront
from shop.products import open_storefront, product_class
from shop.withdrawal import acts
from shop.withdrawal.acts import Declaration
from tests.factories import make_merchant
from tests.shop.factories import make_enquiry, make_product, order_and_confirm, put_in_basket, time_to_tell

Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")

HOURS = "Tu-Sa 07:00-12:30,15:00-19:00; Su 07:00-12:30; PH off; 2026 Dec 08-2026 Dec 10 off"


@pytest.fixture
def today(client, baker, bakery):
    client.force_login(baker)
    return reverse("merchant_today", args=[bakery.pk])


def tasks(client, address):
    return {task.title: task for task in client.get(address).context["tasks"]}


def test_logging_in_leads_there(client, today):
    assert client.get(reverse("account_home"), follow=True).redirect_chain[-1][0] == today


def test_nothing_to_do_is_said(client, today):
    page = client.get(today).content.decode()

    assert "Rien ne vous attend" in page
    assert "Le Fournil des Mines" in page


def test_orders_are_counted_until_they_are_handed_over(client, today, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    received = tasks(client, today)["1 commande à préparer"]
    assert client.get(received.url).status_code == 200

    orders.mark_ready(MerchantOrder.objects.get(), by=None)
    assert list(tasks(client, today)) == ["1 commande attend son client"]

    orders.mark_collected(MerchantOrder.objects.get(), by=None)
    assert tasks(client, today) == {}


def test_an_order_that_nobody_confirmed_is_not_told(client, today, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    Purchase.objects.update(confirmed_at=None, confirm_by=timezone.now())

    assert tasks(client, today) == {}


@pytest.mark.parametrize(
    ("titles", "told", "named"),
    [
        (["Fougasse"], "1 article épuisé", "Fougasse."),
        (["Brioche", "Fougasse"], "2 articles épuisés", "Brioche, Fougasse."),
        (["A", "B", "C", "D"], "4 articles épuisés", "A, B, C et 1 autre."),
        (["A", "B", "C", "D", "E"], "5 articles épuisés", "A, B, C et 2 autres."),
    ],
)
def test_what_is_sold_out_is_named(client, today, bakery, loaf, titles, told, named):
    for title in titles:
        make_product(bakery, title=title, stock=0)

    task = tasks(client, today)[told]

    assert task.words == named
    assert {article["title"] for article in client.get(task.url).context["articles"]} == set(titles)


def test_what_is_reserved_is_sold_out_and_what_is_withdrawn_is_not_told(client, today, bakery):
    last = make_product(bakery, title="Dernière tourte", stock=1)
    withdrawn = make_product(bakery, title="Galette des rois", stock=0)
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(is_public=False)
    put_in_basket(client, last)
    order_and_confirm(client)

    assert tasks(client, today)["1 article épuisé"].words == "Dernière tourte."


def test_an_article_without_its_allergens_is_to_complete(client, today, bakery):
    make_product(bakery, title="Tarte aux noix", is_food=True, allergens=None)

    task = tasks(client, today)["1 article à compléter avant de pouvoir le vendre"]

    assert [article["title"] for article in client.get(task.url).context["articles"]] == ["Tarte aux noix"]


def test_requests_and_messages_that_nobody_answered_are_two_tasks(client, today, bakery, loaf):
    Storefront.objects.update(opened_at=None)  # requests made before the shop opened
    first = make_enquiry(bakery)
    make_enquiry(bakery, email="autre@voisins.example", answer_by=first.answer_by + timedelta(days=1))
    Storefront.objects.update(opened_at=timezone.now())
    put_in_basket(client, loaf)
    order_and_confirm(client)
    sending.send(MerchantOrder.objects.get(), Message.Author.BUYER, "Avez-vous du seigle ?")

    found = tasks(client, today)

    assert found["1 message d’un client sans réponse"].url.endswith("/messages/")
    assert found["2 demandes sans achat attendent votre réponse"].words.startswith("La première avant le ")
    Enquiry.objects.update(state=Enquiry.State.UNANSWERED)
    assert "2 demandes sans achat attendent votre réponse" not in tasks(client, today)


def test_the_next_fourteen_days_are_told_in_order():
    days = hours.days_ahead(HOURS, date(2026, 12, 7), 14)

    told = {day.day: ", ".join(day.ranges) or "fermé" for day in days}
    assert next(iter(told)) == "Lundi 7\u00a0décembre"
    assert len(told) == 14
    assert told["Mardi 8\u00a0décembre"] == "fermé"
    assert (
        told["Vendredi 11\u00a0décembre"] == "7\u00a0h\u00a0–\u00a012\u00a0h\u00a030, 15\u00a0h\u00a0–\u00a019\u00a0h"
    )
    assert hours.days_ahead("", date(2026, 12, 7), 14) == []
    assert hours.days_ahead("quand on veut", date(2026, 12, 7), 14) == []


def test_one_tap_confirms_the_hours_and_comes_back(client, today, bakery):
    response = client.post(
        reverse("space:confirm_hours", args=[bakery.pk]), {"hours": bakery.opening_hours, "aujourdhui": ""}
    )

    assert response.url == today
    assert client.get(today).context["is_confirmed"]


def test_who_keeps_several_shops_sees_what_waits_at_each(client, today, baker, bakery, loaf):
    market = make_merchant(title="Au marché")
    MerchantManager.objects.create(merchant=market, user=baker)
    put_in_basket(client, loaf)
    order_and_confirm(client)

    page = client.get(reverse("space:home")).content.decode()

    assert today in page
    assert reverse("merchant_today", args=[market.pk]) in page
    assert page.count("1 commande à préparer") == 1
    assert "Mes autres commerces" in client.get(today).content.decode()


def test_a_stranger_sees_nothing(client, cheesemonger, baker, bakery):
    client.force_login(baker)

    assert client.get(reverse("merchant_today", args=[cheesemonger.pk])).status_code == 404


def test_two_thousand_articles_and_five_thousand_orders_cost_fifteen_queries(
    client, today, bakery, loaf, django_assert_max_num_queries
):
    fill(storefront=open_storefront(bakery), articles=2000, placed=5000)

    with django_assert_max_num_queries(15):
        found = tasks(client, today)

    assert {"2000 articles épuisés", "2500 commandes à préparer"} <= found.keys()
    with django_assert_max_num_queries(15):
        client.get(reverse("merchant_products", args=[bakery.pk]))


def fill(storefront, articles, placed):
    """Store that many articles, all sold out, and that many orders, half of them to prepare and half collected."""
    products = Product.objects.bulk_create(
        Product(title=f"Pain {number}", slug=f"pain-{number}", product_class=product_class())
        for number in range(articles)
    )
    ProductDetails.objects.bulk_create(
        (ProductDetails(product=product, unit="la pièce", is_food=False, **time_to_tell()) for product in products),
        batch_size=1_000,  # PostgreSQL takes 65,535 values at once
    )
    StockRecord.objects.bulk_create(
        StockRecord(product=product, partner=storefront.partner, partner_sku=f"P{product.pk}", price=2, num_in_stock=0)
        for product in products
    )
    purchases = Purchase.objects.bulk_create(
        (
            Purchase(number=f"V{number}", name="Camille", email="c@voisins.example", confirmed_at=timezone.now())
            for number in range(placed)
        ),
        batch_size=1000,  # PostgreSQL takes 65,535 values in one statement
    )
    placed_orders = Order.objects.bulk_create(
        Order(
            number=f"V{number}",
            total_incl_tax=0,
            total_excl_tax=0,
            date_placed=timezone.now(),
            status=ORDER_RECEIVED if number % 2 else ORDER_COLLECTED,
        )
        for number in range(placed)
    )
    MerchantOrder.objects.bulk_create(
        (
            MerchantOrder(order=order, purchase=purchase, storefront=storefront, collection_code=order.number)
            for order, purchase in zip(placed_orders, purchases, strict=True)
        ),
        batch_size=1000,
    )
    with connection.cursor() as cursor:  # as autovacuum does; without statistics the planner reads every row each time
        cursor.execute(
            "analyze catalogue_product, shop_productdetails, partner_stockrecord, shop_merchantorder, order_order, "
            "shop_purchase, shop_storefront, partner_partner"
        )


def test_it_costs_the_same_however_much_waits(client, today, bakery, loaf, django_assert_max_num_queries):
    for number in range(12):
        make_product(bakery, title=f"Pain {number}", stock=0)
        put_in_basket(client, loaf)
    order_and_confirm(client)

    with django_assert_max_num_queries(15):
        client.get(today)


def test_the_desk_with_five_thousand_orders_costs_ten_queries(
    client, today, bakery, loaf, django_assert_max_num_queries
):
    fill(storefront=open_storefront(bakery), articles=1, placed=5000)
    desk = reverse("merchant_orders", args=[bakery.pk])
    client.get(desk)  # what a process remembers is read once

    for state in ("", "?etat=pretes", "?etat=remises&page=40"):
        with django_assert_max_num_queries(10):
            assert client.get(desk + state).status_code == 200


def collected(client, article):
    put_in_basket(client, article)
    order_and_confirm(client)
    order = MerchantOrder.objects.get()
    orders.mark_ready(order, by=None)
    orders.mark_collected(order, by=None)
    return order


def test_what_is_to_be_refunded_is_told_with_the_law_s_last_day(client, today, loaf):
    ProductDetails.objects.update(withdrawal_exception="")
    order = collected(client, loaf)
    line = order.order.lines.get()
    declared = Declaration({line.pk: 1}, "Camille Moulin", "camille@voisins.example")
    (withdrawal,) = acts.declare(Purchase.objects.get(), declared, {line.pk: 1})

    (task,) = tasks(client, today).values()
    assert task.title == "1 rétractation à rembourser"
    assert "Avant la fin du" in task.words
    assert client.get(task.url).status_code == 200

    with time_machine.travel(timezone.now() + timedelta(days=60)):
        client.force_login(order.storefront.merchant.managers.get())
        assert "Le délai de la loi est passé" in tasks(client, today)["1 rétractation à rembourser"].words
    acts.mark_refunded(withdrawal, withdrawal.state, None)
    assert tasks(client, today) == {}


def test_a_buyer_s_last_word_waits_for_an_answer(client, today, loaf, baker):
    order = collected(client, loaf)
    sending.send(order, Message.Author.BUYER, "Avez-vous des fougasses ?")
    sending.send(order, Message.Author.BUYER, "Pour samedi.")

    task = tasks(client, today)["1 message d’un client sans réponse"]
    assert client.get(task.url).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        client.force_login(baker)
        assert "1 message d’un client sans réponse" not in tasks(client, today)

    sending.send(order, Message.Author.MERCHANT, "Oui, jusqu’à midi.", by=baker)
    assert tasks(client, today) == {}
