"""What the name of an article says is in it, and that only what is answered is on sale."""

import csv
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from shop.allergens import Allergen, question, suggested, words
from shop.food import is_likely_food, looks_like_food
from shop.models import ProductDetails
from shop.products import create_product, on_sale, open_storefront
from shop.words import listed, words_of
from tests.shop.factories import make_product, put_in_basket, time_to_tell

with (Path(__file__).parent / "data/allergens.tsv").open() as file:
    NAMES = [(row["name"], row["suggested"]) for row in csv.DictReader(file, delimiter="\t")]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_says_what_is_in_an_article(name, expected):
    assert " ".join(suggested(name)) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Farine de blé, œufs, sucre.", ["gluten", "oeufs"]),
        ("<p>Au <strong>lait</strong> cru.</p>", ["lait"]),
        ("Idéal avec un fromage de chèvre. À servir avec un vin blanc.", []),
        ("Peut contenir des traces de noisettes et de lait.", []),
        ("Se marie avec le poisson ; se tartine sur du pain.", []),
        ("Sans œuf ni lait.", []),
        ("Une spécialité de Saint-Marcellin (Isère).", []),
        ("Une spécialité de la maison : noisettes et miel.", ["fruits-a-coque"]),
    ],
)
def test_a_description_says_what_is_in_it_and_not_what_goes_with_it(description, expected):
    assert suggested("La douceur du Diois", description) == expected


def test_what_a_description_denies_is_not_asked():
    assert suggested("Gâteau de Mamie", "Sans gluten, aux amandes") == ["fruits-a-coque"]


@pytest.mark.parametrize("file", ["allergen-words.txt", "food-words.txt"])
def test_each_entry_stands_once_and_means_something_known(file):
    entries = [words_of(entry) for _, entry in listed(file)]
    meanings = {code for codes, _ in listed(file) for code in codes.split()}

    assert [entry for entry in entries if entries.count(entry) > 1] == []
    assert all(entries)
    assert meanings <= {*Allergen.values, "rien", "autre", "partout", "aliment"}


@pytest.mark.parametrize(
    ("title", "is_food"),
    [
        ("Miel de lavande", True),
        ("Savon au miel", False),
        ("Cafetière à piston", False),
        ("Café moulu", True),
        ("Couteau à fromage", False),
        ("Moulin-à-Vent", None),
        ("Tablier de sapeur pané", True),
        ("Tablier de cuisine", False),
        ("Huile essentielle de lavande", False),
        ("Bouquet garni", True),
        ("Bouquet de saison", False),
        ("Le Petit Bonheur", None),
    ],
)
def test_a_name_says_whether_an_article_is_food(title, is_food):
    assert looks_like_food(title) is is_food


@pytest.mark.parametrize(
    ("category", "top", "title", "is_food"),
    [
        ("epicerie-superette", "alimentation", "Cafetière", False),
        ("epicerie-superette", "alimentation", "Le Petit Bonheur", True),
        ("coiffeur", "beaute", "Miel de lavande", None),
        ("coiffeur", "beaute", "Soin à la kératine", False),
        ("pharmacie", "sante", "Le Petit Bonheur", None),
        ("", "", "Le Petit Bonheur", None),
    ],
)
def test_a_trade_makes_food_likely_and_never_certain(category, top, title, is_food):
    assert is_likely_food(category, top, title) is is_food


@pytest.mark.parametrize(
    ("title", "is_food", "contained", "asked"),
    [
        ("Noix", True, [], "Vous vendez « Noix » et n’avez pas coché « Fruits à coque ». Est-ce bien juste ?"),
        ("Noix", True, ["fruits-a-coque"], ""),
        ("Pain aux noix", True, ["lait"], "« Gluten (céréales) » ni « Fruits à coque »"),
        ("Noix", False, [], "dites que cela ne se mange pas et ne se boit pas"),
        ("Miel", False, [], "dites que cela ne se mange pas et ne se boit pas"),
        ("Savon au lait de chèvre", False, [], ""),
        ("Pommes", True, [], ""),
        ("Noix", None, [], ""),
    ],
)
def test_only_an_answer_that_the_name_contradicts_is_asked_about(title, is_food, contained, asked):
    said = question(title, "", is_food, contained)

    assert asked in said
    assert bool(said) == bool(asked)


def test_what_is_contained_is_no_trace():
    assert words(True, ["lait"], ["lait", "oeufs"]) == "Contient : lait. Peut contenir des traces : œufs."


# --- On sale or not, by whatever way an article came


def details_of(product):
    return ProductDetails.objects.filter(product=product)


@pytest.mark.parametrize(
    ("fields", "is_sold"),
    [
        ({"is_food": True}, False),
        ({"is_food": True, "allergens": []}, True),
        ({"is_food": None}, False),
        ({"is_food": False}, True),
        ({"is_food": True, "allergens": [], "title": "Noix de Grenoble"}, False),
        ({"is_food": True, "allergens": ["fruits-a-coque"], "title": "Noix de Grenoble"}, True),
        ({"is_food": False, "title": "Noix de Grenoble"}, False),
    ],
)
def test_only_what_is_answered_and_not_contradicted_is_on_sale(cheesemonger, fields, is_sold):
    shop = open_storefront(cheesemonger)
    product = create_product(shop, title="Le petit", price=2, stock=1, unit="la pièce", facts=time_to_tell())
    product.title = fields.pop("title", product.title)
    details = details_of(product).get()
    details.is_food, details.allergens_known = fields["is_food"], "allergens" in fields
    details.allergens = fields.get("allergens", [])
    details.save()
    product.save()

    assert on_sale().filter(pk=product.pk).exists() is is_sold


def test_no_query_puts_unanswered_food_on_sale(client, picodon):
    details_of(picodon).update(allergens_known=False)
    type(picodon).objects.filter(pk=picodon.pk).update(is_public=True)

    assert not on_sale().filter(pk=picodon.pk).exists()
    assert client.get(picodon.get_absolute_url()).status_code == 404
    assert put_in_basket(client, picodon).status_code == 404
    with pytest.raises(Exception, match="may_be_sold"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update shop_productdetails set may_be_sold = true")


def test_an_article_in_a_basket_leaves_it_when_its_allergens_become_unknown(client, picodon):
    put_in_basket(client, picodon)
    details_of(picodon).update(allergens_known=False)

    assert "n’est plus en vente" in client.get("/boutique/panier/").content.decode()


def test_no_food_no_allergens_whoever_writes(knife):
    with pytest.raises(IntegrityError, match="only_food_has_allergens"):
        details_of(knife).update(allergens=["lait"])


def test_a_new_name_is_asked_about_again(cheesemonger):
    product = make_product(cheesemonger, title="Pommes", is_food=True, allergens=[])
    assert on_sale().filter(pk=product.pk).exists()

    product.title = "Pommes et noix"
    product.save()

    assert not on_sale().filter(pk=product.pk).exists()
    assert "Fruits à coque" in details_of(product).get().missing


def test_the_trade_does_not_make_a_coffee_maker_food(client, cheesemonger):
    product = make_product(cheesemonger, title="Cafetière à piston")

    assert "Allergènes" not in client.get(product.get_absolute_url()).content.decode()
