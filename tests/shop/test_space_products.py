"""A merchant puts her own articles on sale, with what the law wants told of them."""

import pytest
from django.urls import reverse

from shop.products import on_sale, open_storefront, stock_of
from tests.browser_forms import filled_in
from tests.shop.factories import put_in_basket

CHEESE = {
    "title": "Tomme de chèvre",
    "description": "Affinée six semaines.",
    "price": "8,40",
    "stock": "6",
    "unit": "300 g",
    "measure": "kg",
    "quantity": "0,3",
    "vat_rate": "5.5",
    "label": "",
    "allergens_known": "on",
    "allergens": ["lait"],
    "traces": ["oeufs"],
    "is_public": "on",
}


@pytest.fixture
def shop(client, neighbour, cheesemonger):
    open_storefront(cheesemonger)
    client.force_login(neighbour)
    return reverse("new_product", args=[cheesemonger.pk])


def edit(client, merchant, product, **changes):
    """Open the form of an article, change some fields (None unticks a box), and send it."""
    address = reverse("edit_product", args=[merchant.pk, product.pk])
    sent = filled_in(client.get(address), "title") | changes
    return client.post(address, {name: value for name, value in sent.items() if value is not None})


def test_an_article_is_on_sale_with_its_facts_as_soon_as_it_is_saved(client, shop):
    assert client.post(shop, CHEESE).status_code == 302

    product = on_sale().get(title="Tomme de chèvre")
    page = client.get(product.get_absolute_url()).content.decode()
    assert stock_of(product).net_stock_level == 6
    assert "28,00\u00a0€/kg" in page
    assert "Contient : lait. Peut contenir des traces : œufs." in page


def test_food_is_not_sold_before_its_allergens_are_told(client, shop):
    response = client.post(shop, CHEESE | {"allergens_known": ""})

    assert "allergens_known" in response.context["form"].errors
    assert not on_sale().exists()


def test_food_whose_allergens_nobody_told_says_to_ask(client, picodon):
    assert "demandez-lui avant d’acheter" in client.get(picodon.get_absolute_url()).content.decode()


def test_what_is_ordered_but_not_collected_is_not_counted_as_stock(client, shop, picodon, cheesemonger):
    stockrecord = stock_of(picodon)
    stockrecord.allocate(3)

    edit(client, cheesemonger, picodon, **CHEESE | {"stock": "10"})

    stockrecord.refresh_from_db()
    assert (stockrecord.num_in_stock, stockrecord.net_stock_level) == (13, 10)


def test_an_article_withdrawn_from_sale_can_no_longer_be_bought(client, shop, picodon, cheesemonger):
    edit(client, cheesemonger, picodon, **CHEESE | {"is_public": None})

    assert not on_sale().filter(pk=picodon.pk).exists()
    assert put_in_basket(client, picodon).status_code == 404


def test_nobody_edits_the_articles_of_another(client, baker, bakery, picodon, cheesemonger):
    open_storefront(bakery)
    client.force_login(baker)

    for merchant in (bakery, cheesemonger):
        address = reverse("edit_product", args=[merchant.pk, picodon.pk])
        assert client.get(address).status_code == client.post(address, CHEESE).status_code == 404


def test_a_merchant_without_a_shop_is_told_how_to_open_one(client, baker, bakery):
    client.force_login(baker)

    assert "écrivez à la Région" in client.get(reverse("merchant_products", args=[bakery.pk])).content.decode()
    assert client.get(reverse("new_product", args=[bakery.pk])).status_code == 404


def test_the_dashboard_leads_to_the_form_that_asks_for_the_facts(client, admin_client):
    assert admin_client.get("/boutique/gestion/catalogue/products/create/article/").headers["Location"] == "/espace/"


def test_a_merchant_takes_her_data_away_and_a_stranger_nothing(client, shop, picodon, cheesemonger, baker):
    address = reverse("merchant_data", args=[cheesemonger.pk])

    data = client.get(address).json()
    assert data["fiche"]["siret"] == cheesemonger.siret
    assert [article["title"] for article in data["produits"]] == ["Picodon affiné"]

    client.force_login(baker)
    assert client.get(address).status_code == 404
