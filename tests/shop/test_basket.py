from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from tests.factories import SAME_ORIGIN
from tests.shop.factories import make_product, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")

BASKET = "/boutique/panier/"
COUNT = "/boutique/panier/nombre/"


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_a_product_goes_into_the_basket_and_the_basket_says_so(client, picodon):
    response = put_in_basket(client, picodon, 2)

    page = client.get(response["Location"])
    assert told(page) == ["« Picodon affiné » est dans votre panier."]
    assert page.context["total"]["amount"] == Decimal("4.80")


def test_the_basket_cookies_come_with_the_first_article_and_leave_with_the_last(client, picodon):
    assert not client.get(BASKET).cookies

    put_in_basket(client, picodon)
    named, marker = client.cookies["oscar_open_basket"], client.cookies["panier"]
    assert (named["httponly"], named["samesite"]) == (True, "Lax")
    assert (marker.value, marker["httponly"]) == ("1", "")

    line = Line.objects.get()
    client.post(BASKET, {"retirer": line.pk})
    assert not client.cookies["oscar_open_basket"].value
    assert not client.cookies["panier"].value


def test_cookies_are_secure_when_the_site_is(client, picodon, settings):
    settings.OSCAR_BASKET_COOKIE_SECURE = True

    put_in_basket(client, picodon)

    assert client.cookies["oscar_open_basket"]["secure"]
    assert client.cookies["panier"]["secure"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://ailleurs.example"},
        {"referer": "https://ailleurs.example/http://testserver/"},
        {"origin": "null"},
    ],
)
def test_another_site_cannot_fill_a_basket(picodon, headers):
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("basket:add", args=[picodon.pk]), {"quantite": 1}, headers=headers)

    assert response.status_code == 403
    assert not Basket.objects.exists()


@pytest.mark.parametrize(
    "headers", [SAME_ORIGIN, {"origin": "http://testserver"}, {"referer": "http://testserver/boutique/produits/x_1/"}]
)
def test_our_own_page_can_without_a_token(picodon, headers):
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("basket:add", args=[picodon.pk]), {"quantite": 1}, headers=headers)

    assert response.status_code == 302
    assert Line.objects.get().quantity == 1


def test_the_basket_form_itself_asks_for_a_token(picodon):
    client = Client(enforce_csrf_checks=True)
    put_in_basket(client, picodon)

    assert client.post(BASKET, {"retirer": Line.objects.get().pk}).status_code == 403


def test_no_more_than_the_stock_can_be_put_in(client, loaf):
    put_in_basket(client, loaf, 3)
    response = put_in_basket(client, loaf, 4)

    page = client.get(response["Location"])
    assert (
        told(page)[-1] == "Il n’en reste que 5 de « Pain de seigle » : nous avons mis cette quantité dans votre panier."
    )
    assert Line.objects.get().quantity == 5


def test_a_sold_out_article_is_refused(client, loaf):
    loaf.stockrecords.update(num_in_stock=1, num_allocated=1)

    response = put_in_basket(client, loaf)

    assert told(client.get(response["Location"])) == ["« Pain de seigle » est épuisé."]
    assert not Line.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "-3", "21", "beaucoup", ""])
def test_an_impossible_quantity_is_explained_on_the_product_page(client, picodon, quantity):
    response = put_in_basket(client, picodon, quantity)

    assert response["Location"] == picodon.get_absolute_url()
    assert told(client.get(response["Location"])) == ["Écrivez une quantité de 1 à 20."]


def test_articles_are_grouped_by_merchant_with_their_sums(client, loaf, picodon, knife):
    put_in_basket(client, picodon, 2)
    put_in_basket(client, loaf)
    put_in_basket(client, knife)

    page = client.get(BASKET)

    assert [(group.title, group.subtotal) for group, *_ in page.context["groups"]] == [
        ("La Crèmerie du Gier", Decimal("24.70")),
        ("Le Fournil des Mines", Decimal("4.90")),
    ]
    assert page.context["total"]["amount"] == Decimal("29.60")
    assert "Votre panier chez 2 commerçants" in page.content.decode()


def test_quantities_change_by_field_and_by_button(client, loaf, picodon):
    put_in_basket(client, loaf, 2)
    put_in_basket(client, picodon, 2)
    bread, cheese = Line.objects.order_by("pk")

    client.post(BASKET, {f"quantite-{bread.pk}": "3", f"quantite-{cheese.pk}": "2", "plus": cheese.pk})

    bread.refresh_from_db()
    cheese.refresh_from_db()
    assert (bread.quantity, cheese.quantity) == (3, 3)


def test_a_quantity_above_the_stock_is_lowered_to_it(client, loaf):
    put_in_basket(client, loaf)

    response = client.post(BASKET, {f"quantite-{Line.objects.get().pk}": "9"}, follow=True)

    assert "Il n’en reste que 5" in told(response)[-1]
    assert Line.objects.get().quantity == 5


def test_nobody_changes_the_basket_of_another(client, loaf):
    put_in_basket(Client(), loaf, 2)
    line = Line.objects.get()

    client.post(BASKET, {f"quantite-{line.pk}": "1", "retirer": line.pk})

    line.refresh_from_db()
    assert line.quantity == 2


def test_the_button_to_the_checkout_keeps_the_quantities_typed(client, loaf):
    put_in_basket(client, loaf)

    response = client.post(BASKET, {f"quantite-{Line.objects.get().pk}": "2", "commander": ""})

    assert response["Location"] == "/boutique/commande/"
    assert Line.objects.get().quantity == 2


@pytest.mark.parametrize("lines", [1, 15])
def test_the_basket_costs_the_same_however_full(client, cheesemonger, bakery, lines, django_assert_max_num_queries):
    for number in range(lines):
        put_in_basket(client, make_product([cheesemonger, bakery][number % 2]))

    with django_assert_max_num_queries(12):
        client.get(BASKET)


def test_a_merchant_who_left_takes_her_articles_out_with_a_word(client, loaf, picodon, bakery):
    put_in_basket(client, loaf)
    put_in_basket(client, picodon)
    client.get(BASKET)
    bakery.unpublish()

    page = client.get(BASKET)

    assert told(page) == [
        "Le Fournil des Mines ne vend pas en ce moment : nous avons retiré « Pain de seigle » de votre panier."
    ]
    assert page.context["total"]["amount"] == Decimal("2.40")


def test_a_changed_price_is_told_once(client, picodon):
    put_in_basket(client, picodon)
    client.get(BASKET)
    picodon.stockrecords.update(price=Decimal("2.60"))

    page = client.get(BASKET)

    assert told(page) == ["Le prix de « Picodon affiné » a changé : 2,60\u00a0€ au lieu de 2,40\u00a0€."]
    assert page.context["total"]["amount"] == Decimal("2.60")
    assert told(client.get(BASKET)) == []


def test_the_count_is_one_query_and_is_never_cached(client, picodon, loaf, django_assert_num_queries):
    put_in_basket(client, picodon, 2)
    put_in_basket(client, loaf)

    with django_assert_num_queries(1):
        response = client.get(COUNT)

    assert response.json() == {"count": 3}
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_a_basket_filled_before_logging_in_is_kept(client, picodon, loaf, shopper):
    put_in_basket(client, picodon)
    client.force_login(shopper)
    put_in_basket(client, loaf)

    assert client.get(COUNT).json() == {"count": 2}
    assert Basket.objects.get(status=Basket.OPEN).owner == shopper


@pytest.mark.parametrize("quantities", [(2,), (1,), (1, 1), (3, 4)])
def test_a_basket_filled_before_logging_in_is_told_in_french(client, picodon, loaf, shopper, quantities):
    for product, quantity in zip((picodon, loaf), quantities, strict=False):
        put_in_basket(client, product, quantity)
    client.get(BASKET)
    client.force_login(shopper)

    page = client.get(BASKET)

    count = sum(quantities)
    assert told(page) == [
        "L’article choisi avant votre connexion est dans votre panier."
        if count == 1
        else f"Les {count} articles choisis avant votre connexion sont dans votre panier."
    ]
    assert "oscar_open_basket" not in {name for name, cookie in client.cookies.items() if cookie.value}


def test_a_forged_basket_cookie_opens_nothing(client, picodon):
    put_in_basket(Client(), picodon)
    client.cookies["oscar_open_basket"] = f"{Basket.objects.get().pk}:faux"

    assert client.get(COUNT).json() == {"count": 0}
    assert client.get(BASKET).context["groups"] == []


def test_an_empty_basket_shows_the_way_out(client, db):
    response = client.get(BASKET)

    assert "Votre panier est vide" in response.content.decode()
    assert not response.cookies
