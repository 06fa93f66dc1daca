"""Alcohol: said of each article, sold with a licence, to adults, and handed over after a look at an identity card."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.oscar_settings import ORDER_COLLECTED, ORDER_READY
from shop import alcohol, orders
from shop.alcohol import is_likely_alcohol, says_alcohol
from shop.models import MerchantOrder, ProductDetails, Purchase, Storefront
from shop.products import create_product, on_sale, open_storefront
from shop.words import listed, words_of
from tests.browser_forms import filled_in
from tests.factories import make_merchant
from tests.shop.factories import confirm, declare_licence, make_product, order, put_in_basket, refuse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Chinon rouge", True),
        ("VIN ROUGE", True),
        ("biere blonde", True),
        ("Bière de Noël au miel", True),
        ("Carton de 6 bouteilles de Saint-Joseph", True),
        ("6 bouteilles de crémant", True),
        ("Coffret 3 bières", True),
        ("Clairette de Die AOP tradition", True),
        ("Eau-de-vie de poire", True),
        ("Marc de Savoie", True),
        ("Crème de cassis", True),
        ("Verveine du Velay verte", True),
        ("Cidre fermier du Bugey", True),
        ("Génépi des Alpes IGP", True),
        ("Whisky tourbé 70 cl", True),
        ("Vinaigre de vin", False),
        ("Bière sans alcool", False),
        ("Vin rouge désalcoolisé", False),
        ("Terrine au chablis", False),
        ("Pain à la bière", False),
        ("Baba au rhum", False),
        ("Chocolats au génépi", False),
        ("Gâteau au marc de Savoie", False),
        ("Saucisson au beaujolais", False),
        ("Moutarde au vin blanc", False),
        ("Rosette de Lyon", False),
        ("Marc de café", False),
        ("Jus de raisin pétillant", False),
        ("Sirop de cassis", False),
        ("Limonade artisanale", False),
        ("Cocktail de fruits secs", False),
        ("Gratin dauphinois", None),
        ("Verveine séchée", None),
        ("Le Petit Bonheur", None),
        ("Poires de Savoie", None),
        ("Rouge des Coteaux", None),
    ],
)
def test_a_name_says_whether_it_is_a_drink_with_alcohol(title, expected):
    assert says_alcohol(title) is expected


@pytest.mark.parametrize(
    ("category", "title", "is_food", "expected"),
    [
        ("vigneron", "Rouge des Coteaux", True, True),
        ("vigneron", "Vieilles vignes, magnum", True, True),
        ("brasserie-distillerie", "Blonde", True, True),
        ("brasserie-distillerie", "La Glandasse", True, None),  # its merchant has to say
        ("caviste", "Tire-bouchon", False, False),
        ("caviste", "Jus de raisin", True, False),
        ("boulangerie-patisserie", "La Glandasse", True, False),
        ("boulangerie-patisserie", "Blonde", True, False),
        ("epicerie-fine", "Chartreuse verte", True, True),
        ("epicerie-fine", "Miel", None, None),
    ],
)
def test_a_trade_of_drinks_has_to_answer_where_a_name_does_not(category, title, is_food, expected):
    assert is_likely_alcohol(category, title, is_food) is expected


def test_each_word_of_the_list_stands_once():
    entries = [words_of(entry) for _, entry in listed("alcohol-words.txt")]

    assert sorted({entry for entry in entries if entries.count(entry) > 1}) == []
    assert all(entries)


@pytest.fixture
def cellar(places, neighbour):
    """A wine merchant's, without a licence."""
    cellar = make_merchant(
        title="La Cave du Gier", town=places.privas, category="caviste", opening_hours="Mo-Sa 09:00-19:00",
        managers=[neighbour],
    )  # fmt: skip
    open_storefront(cellar)
    return cellar


def bottle(cellar, title="Chinon rouge", **fields):
    fields = {"price": 9, "stock": 6, "unit": "75 cl", "allergens": ["sulfites"], "is_food": True} | fields
    return create_product(Storefront.objects.get(merchant=cellar), title=title, category=cellar.category, **fields)


def test_no_licence_no_sale_anywhere_and_at_once_with_one(cellar):
    wine, juice = bottle(cellar), bottle(cellar, "Jus de raisin", allergens=[])
    assert on_sale().filter(pk=juice.pk).exists()
    assert not on_sale().filter(pk=wine.pk).exists()
    assert Client().get(wine.get_absolute_url()).status_code == 404
    assert "Déclarez votre licence" in ProductDetails.objects.get(product=wine).missing

    declare_licence(cellar)
    assert Client().get(wine.get_absolute_url()).status_code == 200
    assert on_sale().filter(pk=wine.pk).exists()

    Storefront.objects.filter(merchant=cellar).update(
        alcohol_licence="", alcohol_licence_number="", alcohol_licence_at=None
    )
    assert Client().get(wine.get_absolute_url()).status_code == 404


def test_a_licence_without_its_number_is_refused_by_the_database(cellar):
    with pytest.raises(IntegrityError, match="a_licence_has_its_number"), transaction.atomic():
        Storefront.objects.filter(merchant=cellar).update(alcohol_licence="emporter")


def test_a_drink_that_is_said_to_be_no_food_needs_the_licence_all_the_same(cellar):
    wine = bottle(cellar)

    ProductDetails.objects.filter(product=wine).update(is_food=False, allergens=[], traces=[], exemption="service")

    assert not ProductDetails.objects.get(product=wine).may_be_sold


@pytest.mark.parametrize("written", [{"is_licensed": True}, {"is_alcohol": True, "is_licensed": True}])
def test_no_query_licenses_a_drink(cellar, written):
    wine = bottle(cellar)

    ProductDetails.objects.filter(product=wine).update(**written)

    assert not ProductDetails.objects.get(product=wine).may_be_sold


def test_what_nobody_has_answered_is_not_on_sale(cellar):
    declare_licence(cellar)
    unsaid = bottle(cellar, "La Glandasse")

    details = ProductDetails.objects.get(product=unsaid)
    assert (details.is_alcohol, details.may_be_sold) == (None, False)
    assert "s’il contient de l’alcool" in details.missing
    ProductDetails.objects.filter(product=unsaid).update(is_alcohol=False)
    assert ProductDetails.objects.get(product=unsaid).may_be_sold


def test_a_drink_that_moves_to_a_shop_without_licence_leaves_the_sale(cellar, bakery):
    declare_licence(cellar)
    wine = bottle(cellar)
    other = open_storefront(bakery)
    assert ProductDetails.objects.get(product=wine).may_be_sold

    wine.stockrecords.update(partner=other.partner)

    assert not ProductDetails.objects.get(product=wine).may_be_sold


def test_the_merchant_declares_the_licence_with_its_number(client, cellar, neighbour):
    client.force_login(neighbour)
    address = f"/espace/{cellar.pk}/boutique/"
    legal = {
        "legal_name": "La Cave", "legal_form": "sarl",
        "vat_regime": "normal", "mediator_name": "Médiation", "mediator_address": "Lyon",
        "mediator_site": "mediation.example",
    }  # fmt: skip

    def save(**changes):
        return client.post(address, filled_in(client.get(address), "mediator_name") | legal | changes)

    assert "Écrivez le numéro" in save(alcohol_licence="petite").content.decode()
    assert not Storefront.objects.get(merchant=cellar).alcohol_licence
    assert save(alcohol_licence="petite", alcohol_licence_number="2026-14").status_code == 302
    shop = Storefront.objects.get(merchant=cellar)
    assert (shop.alcohol_licence, shop.alcohol_licence_number) == ("petite", "2026-14")
    assert shop.alcohol_licence_at is not None
    assert save(alcohol_licence="").status_code == 302
    shop.refresh_from_db()
    assert (shop.alcohol_licence, shop.alcohol_licence_number, shop.alcohol_licence_at) == ("", "", None)


def new_article(client, cellar, **changes):
    address = f"/espace/{cellar.pk}/produits/nouveau/"
    form = filled_in(client.get(address), "title") | {
        "title": "La Glandasse", "price": "9", "stock": "6", "unit": "75 cl", "measure": "piece", "quantity": "1",
        "vat_rate": "20", "is_food": "True", "allergens_known": "on", "is_public": "on",
    }  # fmt: skip
    return client.post(address, form | changes)


def test_the_form_asks_a_wine_merchant_and_wants_a_licence(client, cellar, neighbour):
    client.force_login(neighbour)
    assert "Dites si c’est une boisson alcoolisée" in new_article(client, cellar).content.decode()
    assert "Déclarez d’abord votre licence" in new_article(client, cellar, is_alcohol="True").content.decode()
    assert not ProductDetails.objects.exists()

    declare_licence(cellar)
    assert new_article(client, cellar, is_alcohol="True").status_code == 302
    assert ProductDetails.objects.get().may_be_sold


def test_a_name_that_contradicts_the_answer_is_asked_about_once(client, cellar, neighbour):
    client.force_login(neighbour)
    asked = new_article(client, cellar, title="Crémant de Savoie", is_alcohol="False", allergens=["sulfites"])
    assert "dites qu’il n’y a pas d’alcool" in asked.content.decode()

    question = alcohol.question("Crémant de Savoie", is_alcohol=False)
    assert new_article(
        client, cellar, title="Crémant de Savoie", is_alcohol="False", allergens=["sulfites"], confirm=question
    ).status_code == 302  # fmt: skip
    assert ProductDetails.objects.get().may_be_sold


@pytest.fixture
def wine(cellar):
    declare_licence(cellar)
    return bottle(cellar)


def test_a_guest_must_say_to_be_of_age_and_the_purchase_keeps_it(client, wine):
    put_in_basket(client, wine, 2)
    page = client.get("/boutique/commande/").content.decode()
    assert "Je déclare avoir 18 ans ou plus" in page
    assert "L’abus d’alcool est dangereux pour la santé" in page

    refused = order(client)
    assert "L’alcool ne se vend qu’aux majeurs" in refused.content.decode()
    assert 'value="Camille Moulin"' in refused.content.decode()
    assert not Purchase.objects.exists()

    assert order(client, adult="on").status_code == 303
    assert Purchase.objects.get().adult_declared_at is not None
    assert MerchantOrder.objects.get().has_alcohol


def test_nothing_is_asked_without_alcohol(client, loaf):
    put_in_basket(client, loaf)

    assert "18 ans" not in client.get("/boutique/commande/").content.decode()
    assert order(client).status_code == 303
    assert Purchase.objects.get().adult_declared_at is None
    assert not MerchantOrder.objects.get().has_alcohol


def test_an_article_that_becomes_alcohol_after_the_page_was_shown_is_not_sold_without_the_declaration(client, cellar):
    declare_licence(cellar)
    drink = bottle(cellar, "La Glandasse", is_alcohol=False)
    put_in_basket(client, drink)
    client.get("/boutique/commande/")
    ProductDetails.objects.filter(product=drink).update(is_alcohol=True)

    order(client)

    assert not Purchase.objects.exists()


def buy_wine(wine, *others):
    guest = Client()
    put_in_basket(guest, wine)
    for other in others:
        put_in_basket(guest, other)
    order(guest, adult="on")
    confirm(guest)
    mail.outbox.clear()
    return MerchantOrder.objects.get(order__lines__product=wine)


def test_the_database_stores_no_order_of_alcohol_without_the_declaration(wine):
    part = buy_wine(wine)
    Purchase.objects.update(adult_declared_at=None)
    kept = {"order": part.order, "purchase": part.purchase, "storefront": part.storefront}
    MerchantOrder.objects.filter(pk=part.pk).delete()

    with pytest.raises(IntegrityError, match="adults_only"), transaction.atomic():
        MerchantOrder.objects.create(collection_code="A 111", **kept)


def test_it_is_handed_over_once_somebody_has_looked_at_an_identity_card(client, wine, cellar, neighbour):
    part = buy_wine(wine)
    orders.mark_ready(part, by=neighbour)
    client.force_login(neighbour)
    desk = f"/espace/{cellar.pk}/commandes/"
    assert "j’ai contrôlé l’âge" in client.get(f"{desk}?etat=pretes").content.decode()

    def hand_over(**ticked):
        posted = {"faire": "remise", "shown_status": ORDER_READY} | ticked
        return client.post(f"{desk}{part.order.number}/", posted, follow=True)

    assert "regardez une pièce d’identité" in hand_over().content.decode()
    part.order.refresh_from_db()
    assert part.order.status == ORDER_READY

    hand_over(identite="oui")
    part.refresh_from_db()
    part.order.refresh_from_db()
    assert part.order.status == ORDER_COLLECTED
    assert abs(part.identity_checked_at - timezone.now()) < timezone.timedelta(minutes=1)


def test_the_database_hands_no_alcohol_over_unchecked(wine):
    part = buy_wine(wine)

    with pytest.raises(IntegrityError, match="identity_is_checked"), transaction.atomic():
        type(part.order).objects.filter(pk=part.order_id).update(status=ORDER_COLLECTED)


def test_once_the_wine_is_refused_the_rest_needs_no_look(client, cellar, neighbour, wine):
    juice = bottle(cellar, "Jus de raisin", allergens=[])
    part = buy_wine(wine, juice)
    line = part.order.lines.get(product=wine)
    client.force_login(neighbour)
    client.post(
        f"/espace/{cellar.pk}/commandes/{part.order.number}/manque/",
        {
            "shown": " ".join(f"{each.pk}:{each.quantity}" for each in part.order.lines.order_by("pk")),
            "motif": "rupture", "mot": "", f"manque_{line.pk}": "1",
        },
    )  # fmt: skip

    part.refresh_from_db()
    assert not part.has_alcohol
    orders.mark_collected(part, by=neighbour)
    part.order.refresh_from_db()
    assert part.order.status == ORDER_COLLECTED


def test_bread_and_an_order_that_was_cancelled_need_no_look(wine, loaf):
    guest = Client()
    put_in_basket(guest, loaf)
    order(guest)
    confirm(guest)
    bread = MerchantOrder.objects.get()
    orders.mark_collected(bread, by=None)
    part = buy_wine(wine)
    refuse(part)

    assert {each.order.status for each in MerchantOrder.objects.select_related("order")} == {"Retirée", "Annulée"}


@pytest.mark.parametrize("path", ["product", "merchant", "/metiers/caviste/", "town", "/recherche/?categorie=caviste"])
def test_the_law_s_sentence_stands_where_alcohol_is_offered(client, wine, cellar, path):
    path = {
        "product": wine.get_absolute_url(),
        "merchant": cellar.public_path,
        "town": f"{cellar.town.get_absolute_url()}caviste/",
    }.get(path, path)

    assert "L’abus d’alcool est dangereux pour la santé, à consommer avec modération." in client.get(path).text


def test_it_stands_nowhere_else(client, loaf, bakery):
    for path in (loaf.get_absolute_url(), bakery.public_path, "/metiers/boulangerie-patisserie/", "/commerces/"):
        assert "abus d’alcool" not in client.get(path).text


def test_it_stands_on_the_front_page(client, bakery):
    assert "abus d’alcool" in client.get("/").text


def test_the_factory_s_wine_is_on_sale(bakery):
    assert on_sale().filter(pk=make_product(bakery, title="Chinon rouge").pk).exists()
