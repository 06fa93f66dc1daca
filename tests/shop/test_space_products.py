"""A merchant puts their own articles on sale, with what the law wants told of them."""

import pytest
from django.urls import reverse

from portal.typography import no_break
from shop.models import ProductDetails
from shop.products import on_sale, open_storefront, stock_of
from tests.browser_forms import filled_in
from tests.shop.factories import put_in_basket

ANTIQUE = {"is_food": "False", "exemption": "ancien"}
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
    "is_food": "True",
    "is_alcohol": "False",
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
    assert "Contient\u00a0: lait. Peut contenir des traces\u00a0: œufs." in page


def test_food_is_not_sold_before_its_allergens_are_told(client, shop):
    response = client.post(shop, CHEESE | {"allergens_known": ""})

    assert "allergens_known" in response.context["form"].errors
    assert not on_sale().exists()


NUTS = CHEESE | {"title": "Noix de Grenoble", "allergens": [], "traces": []}
ASKED = "Vous vendez « Noix de Grenoble » et n’avez pas coché « Fruits à coque ». Est-ce bien juste ?"


def listed(client, merchant):
    return client.get(reverse("merchant_products", args=[merchant.pk])).content.decode()


def test_food_that_is_not_for_sale_yet_may_wait_for_its_allergens(client, shop, cheesemonger):
    draft = {name: value for name, value in CHEESE.items() if name not in ("is_public", "allergens_known", "allergens")}

    assert client.post(shop, draft).status_code == 302
    assert not on_sale().exists()
    assert "Retiré de la vente" in listed(client, cheesemonger)


def test_a_merchant_sees_which_articles_wait_for_their_allergens(client, shop, picodon, cheesemonger):
    ProductDetails.objects.update(allergens_known=False)

    assert "Il manque les allergènes\u00a0: complétez pour vendre" in listed(client, cheesemonger)


def test_answers_that_the_name_contradicts_are_asked_about_once(client, shop, cheesemonger):
    response = client.post(shop, NUTS)
    assert ASKED in response.context["form"].errors["allergens"]
    assert f'name="confirm" value="{ASKED}"' in response.content.decode()
    assert not on_sale().exists()

    assert client.post(shop, NUTS | {"confirm": ASKED}).status_code == 302
    product = on_sale().get()

    assert edit(client, cheesemonger, product, price="9").status_code == 302
    assert on_sale().get() == product


@pytest.mark.parametrize(
    "change",
    [{"title": "Noix de pécan"}, {"title": "Pain aux noix"}, {"is_food": "False"}, {"description": "Au lait."}],
)
def test_another_name_or_answer_is_asked_about_again(client, shop, cheesemonger, change):
    client.post(shop, NUTS | {"confirm": ASKED})

    response = edit(client, cheesemonger, on_sale().get(), confirm=ASKED, **change)

    assert response.status_code == 200
    assert response.context["form"].question not in ("", ASKED)


def test_what_turns_out_to_be_no_food_loses_its_allergens(client, shop, picodon, cheesemonger):
    assert edit(client, cheesemonger, picodon, **ANTIQUE | {"title": "Couteau à fromage"}).status_code == 302

    details = on_sale().get().details
    assert (details.is_food, details.allergens_known, details.allergens) == (False, False, [])


def test_what_was_put_on_sale_otherwise_is_sold_once_confirmed(client, shop, picodon, cheesemonger):
    ProductDetails.objects.filter(product=picodon).update(allergens=[])
    picodon.save()
    asked = ProductDetails.objects.get(product=picodon).question
    assert not on_sale().exists()
    assert no_break(asked) in listed(client, cheesemonger)

    assert edit(client, cheesemonger, picodon).status_code == 200
    assert edit(client, cheesemonger, picodon, confirm=asked).status_code == 302
    assert on_sale().get() == picodon


def test_what_is_not_eaten_has_no_allergens(client, shop):
    assert client.post(shop, CHEESE | ANTIQUE | {"title": "Cafetière"}).status_code == 302

    details = on_sale().get().details
    assert (details.is_food, details.allergens_known, details.allergens, details.traces) == (False, False, [], [])


def test_whether_an_article_is_eaten_has_to_be_said(client, shop):
    response = client.post(shop, {name: value for name, value in CHEESE.items() if name != "is_food"})

    assert "la loi demande alors ses allergènes" in response.content.decode()


def test_the_trade_proposes_an_answer_where_it_is_nearly_certain(client, shop, cheesemonger):
    assert client.get(shop).context["form"].initial["is_food"] is True


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

    assert "ouvrez votre boutique" in client.get(reverse("merchant_products", args=[bakery.pk])).content.decode()
    assert client.get(reverse("new_product", args=[bakery.pk])).status_code == 404


def test_a_merchant_takes_her_data_away_and_a_stranger_nothing(client, shop, picodon, cheesemonger, baker):
    address = reverse("merchant_data", args=[cheesemonger.pk])

    data = client.get(address).json()
    assert data["fiche"]["siret"] == cheesemonger.siret
    assert [article["title"] for article in data["produits"]] == ["Picodon affiné"]

    client.force_login(baker)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("title", "chosen", "kept"),
    [
        ("Tomme de chèvre", "perissable", "perissable"),
        ("Confiture de cerises", "perissable", ""),  # left as proposed: its name decides
        ("Confiture de cerises", "", ""),
        ("Tomme de chèvre", "", ""),
        ("Plateau gravé à votre nom", "sur-mesure", "sur-mesure"),
    ],
)
def test_whether_a_new_article_can_be_given_back_is_proposed_and_its_merchants_to_say(
    client, shop, title, chosen, kept
):
    assert client.get(shop).context["form"].initial["withdrawal_exception"] == "perissable"

    client.post(shop, CHEESE | {"title": title, "withdrawal_exception": chosen, "is_public": ""})

    assert ProductDetails.objects.get(product__title=title).withdrawal_exception == kept
