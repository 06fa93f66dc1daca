"""Prices and stock of many articles in one form, and an article made like another."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from shop.models import ProductDetails
from shop.products import Product, stock_of
from tests.browser_forms import filled_in
from tests.shop.factories import make_product, order_and_confirm, put_in_basket


class Table:
    """The table as one person has it on the screen."""

    def __init__(self, user, merchant, page=1):
        self.client = Client()
        self.client.force_login(user)
        self.address = f"{reverse('product_prices', args=[merchant.pk])}?page={page}"
        self.sent = filled_in(self.client.get(self.address), "snapshot")

    def save(self, **changes):
        self.sent |= changes
        response = self.client.post(self.address, {name: v for name, v in self.sent.items() if v is not None})
        if response.status_code == 200:
            self.sent = filled_in(response, "snapshot")
        return response


def of(product):
    record = stock_of(Product.objects.get(pk=product.pk))
    return record.price, record.net_stock_level


@pytest.fixture
def table(neighbour, cheesemonger, picodon, knife):
    return Table(neighbour, cheesemonger)


def test_prices_and_stock_of_several_are_saved_at_once(table, picodon, knife):
    sent = {f"price_{picodon.pk}": "2,60 €", f"stock_{picodon.pk}": "40", f"stock_{knife.pk}": "0"}

    assert table.save(**sent, **{f"is_public_{knife.pk}": None}).status_code == 302

    assert of(picodon) == (Decimal("2.60"), 40)
    assert of(knife) == (Decimal("19.90"), 0)
    assert not Product.objects.get(pk=knife.pk).is_public


@pytest.mark.parametrize(
    ("column", "typed", "advice"),
    [
        ("price", "cher", "Écrivez un nombre, par exemple 8,40."),
        ("price", "", "Remplissez ce champ."),
        ("price", "0", "Écrivez au moins 0,01."),
        ("stock", "-1", "Écrivez au moins 0."),
        ("stock", "1,5", "Écrivez un nombre entier"),
    ],
)
def test_a_fault_is_told_in_its_row_and_nothing_typed_is_lost(table, picodon, knife, column, typed, advice):
    response = table.save(**{f"{column}_{picodon.pk}": typed, f"price_{knife.pk}": "21"})

    row = next(row for row in response.context["form"].rows() if row["pk"] == picodon.pk)
    assert advice in str(row["faulty"][0].errors)
    assert table.sent[f"{column}_{picodon.pk}"] == typed
    assert table.sent[f"price_{knife.pk}"] == "21"
    assert of(knife)[0] == Decimal("19.90")


def test_two_tabs_change_different_rows_and_both_stand(table, neighbour, cheesemonger, picodon, knife):
    other = Table(neighbour, cheesemonger)

    table.save(**{f"price_{picodon.pk}": "2,60"})
    other.save(**{f"price_{knife.pk}": "21"})

    assert (of(picodon)[0], of(knife)[0]) == (Decimal("2.60"), Decimal(21))


def test_two_tabs_change_the_same_price_and_the_second_sees_both(table, neighbour, cheesemonger, picodon):
    other = Table(neighbour, cheesemonger)
    table.save(**{f"price_{picodon.pk}": "2,60"})

    response = other.save(**{f"price_{picodon.pk}": "2,80"})

    assert response.context["form"].conflicts[f"price_{picodon.pk}"].stored == "2,60"
    assert of(picodon)[0] == Decimal("2.60")
    assert other.save().status_code == 302
    assert of(picodon)[0] == Decimal("2.80")


def test_orders_that_come_in_meanwhile_are_not_overwritten_unseen(table, client, picodon, knife):
    put_in_basket(client, picodon, 3)
    order_and_confirm(client)

    assert table.save(**{f"price_{knife.pk}": "21"}).status_code == 302
    assert of(picodon)[1] == 15


def test_food_without_its_allergens_stays_off_sale(table, cheesemonger, neighbour):
    tomme = make_product(cheesemonger, title="Tomme", is_food=True, allergens=None)

    Table(neighbour, cheesemonger).save(**{f"price_{tomme.pk}": "5"})

    assert of(tomme)[0] == Decimal(5)
    assert not ProductDetails.objects.get(product=tomme).may_be_sold


def test_fifty_a_page_in_a_constant_number_of_queries(cheesemonger, neighbour, django_assert_max_num_queries):
    for number in range(55):
        make_product(cheesemonger, title=f"Faisselle {number:02}")
    second = Table(neighbour, cheesemonger, page=2)

    assert sum(name.startswith("price_") for name in second.sent) == 5
    with django_assert_max_num_queries(12):
        second.client.get(reverse("product_prices", args=[cheesemonger.pk]))


def test_a_strangers_article_is_not_changed(table, loaf):
    table.save(**{f"price_{loaf.pk}": "1", f"stock_{loaf.pk}": "1"})

    assert of(loaf)[0] == Decimal("4.90")


def test_an_article_is_made_like_another(client, neighbour, cheesemonger, picodon, loaf):
    client.force_login(neighbour)
    address = reverse("new_product", args=[cheesemonger.pk])

    sent = filled_in(client.get(f"{address}?comme={picodon.pk}"), "title")
    assert (sent["title"], sent["price"], sent["unit"], sent["stock"]) == ("Picodon affiné (copie)", "2,40", "60 g", "")
    assert client.post(address, sent | {"title": "Picodon frais", "stock": "4"}).status_code == 302

    copy = Product.objects.get(title="Picodon frais")
    assert copy.details.label == "AOP"
    assert copy.details.allergens == picodon.details.allergens
    assert filled_in(client.get(f"{address}?comme={loaf.pk}"), "title")["title"] == ""
    assert filled_in(client.get(f"{address}?comme=abc"), "title")["title"] == ""
