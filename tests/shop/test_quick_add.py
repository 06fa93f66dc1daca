"""One screen adds an article; what the law wants besides is guessed, shown, and the next step told."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from shop.products import Product, on_sale, open_storefront, stock_of
from tests.browser_forms import filled_in
from tests.factories import make_merchant
from tests.portal.pictures import photo, saved, turned, upload, with_gps
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db
FAISSELLE = {"title": "Faisselle de chèvre", "price": "3,20", "unit": "500 g", "stock": "8"}
MILK = {"allergens": ["lait"], "allergens_known": "on"}


@pytest.fixture
def quick(client, neighbour, cheesemonger):
    open_storefront(cheesemonger)
    client.force_login(neighbour)
    return reverse("quick_product", args=[cheesemonger.pk])


def add(client, quick, **sent):
    """Send the form as the page shows it, with what was typed."""
    return client.post(quick, filled_in(client.get(quick), "title") | sent, follow=True)


def test_food_is_saved_without_its_allergens_and_the_one_next_step_is_told(client, quick, cheesemonger):
    page = add(client, quick, **FAISSELLE)

    product = Product.objects.get(title="Faisselle de chèvre")
    html = page.content.decode()
    assert "pas encore en vente" in html
    assert "Il manque les allergènes" in html
    assert f"{reverse('edit_product', args=[cheesemonger.pk, product.pk])}#allergenes" in html
    assert "6,40\u00a0€/kg" in html
    assert "TVA\u00a0: 5,5" in html
    assert not on_sale().exists()

    # The form of all details asks for nothing else.
    address = reverse("edit_product", args=[cheesemonger.pk, product.pk])
    assert client.post(address, filled_in(client.get(address), "title") | MILK).status_code == 302
    assert on_sale().get().pk == product.pk


def test_food_whose_allergens_are_told_is_on_sale_at_once(client, quick):
    page = add(client, quick, **FAISSELLE, **MILK)

    product = on_sale().get()
    assert ": en vente" in page.content.decode().replace("\u00a0", " ")
    assert (product.details.measure, product.details.quantity) == ("kg", Decimal("0.5"))
    assert stock_of(product).net_stock_level == 8


def test_a_name_that_contradicts_its_allergens_waits_for_an_answer(client, quick):
    page = add(client, quick, **FAISSELLE | {"title": "Tarte aux noix"}, **MILK)

    assert "À confirmer pour vendre" in page.content.decode()
    assert not on_sale().exists()


@pytest.mark.parametrize(
    ("category", "title", "food", "drink", "rate", "told"),
    [
        ("boulangerie-patisserie", "Pain de seigle", True, False, "5.5", "Il manque les allergènes"),
        ("coutelier", "Couteau pliant", False, False, "20", "en vente"),
        ("librairie", "Carte du Vercors", False, False, "20", "en vente"),
        ("epicerie-fine", "Lot surprise", True, False, "5.5", "Il manque les allergènes"),
        ("savonnerie-cosmetique", "Lot surprise", None, None, "20", "Dites s’il se mange ou se boit"),
        ("epicerie-fine", "Confiture d’abricots", True, False, "5.5", "Il manque les allergènes"),
        ("epicerie-fine", "Bière blonde", True, True, "20", "Il manque les allergènes"),
        ("chocolaterie-confiserie", "Ballotin de pralinés", True, False, "20", "Il manque les allergènes"),
        ("caviste", "Cuvée du Glandasse", True, True, "20", "Il manque les allergènes"),
    ],
)
def test_what_nobody_is_asked_is_guessed_from_trade_and_name(
    client, places, neighbour, category, title, food, drink, rate, told
):
    merchant = make_merchant(category=category, managers=[neighbour], town=places.die)
    open_storefront(merchant)
    client.force_login(neighbour)

    page = add(client, reverse("quick_product", args=[merchant.pk]), **FAISSELLE | {"title": title, "unit": "la pièce"})

    details = Product.objects.get(title=title).details
    assert (details.is_food, details.is_alcohol, details.vat_rate) == (food, drink, rate)
    assert told in page.content.decode()


@pytest.mark.parametrize(
    ("kind", "name", "size"), [("JPEG", "IMG_0001.JPG", (400, 640)), ("HEIF", "IMG_0001.HEIC", (640, 400))]
)
def test_a_picture_from_a_telephone_is_upright_and_tells_no_place(client, quick, kind, name, size):
    exif = with_gps()
    exif[0x0112] = 6 if kind == "JPEG" else 1

    add(client, quick, **FAISSELLE, image=upload(saved(photo(), kind, exif=exif), name, "image/*"))

    stored = Product.objects.get().images.get().original
    with default_storage.open(stored.name) as file, Image.open(file) as picture:
        assert picture.size == size
        assert not picture.getexif()


def test_a_fault_loses_neither_the_picture_nor_what_was_typed(client, quick):
    jpeg = upload(saved(photo(), "JPEG", exif=turned(3)), "tomme.jpg")
    page = client.post(quick, FAISSELLE | {"price": "trois euros", "image": jpeg})
    assert "price" in page.context["form"].errors
    assert "est gardé : inutile" in page.content.decode().replace("\u00a0", " ")

    again = filled_in(page, "title")
    assert (again["title"], again["stock"]) == ("Faisselle de chèvre", "8")
    client.post(quick, again | {"price": "3,20"})
    assert Product.objects.get().images.count() == 1


def test_a_name_that_is_taken_is_a_fault_that_keeps_the_picture(client, quick, cheesemonger):
    make_product(cheesemonger, title="Faisselle de chèvre")
    Product.objects.update(date_created=timezone.now() - timedelta(days=3))
    page = client.post(quick, FAISSELLE | {"title": "faisselle  de Chèvre", "image": upload(saved(photo(), "JPEG"))})

    assert "porte déjà ce nom" in page.context["form"].errors["title"][0]
    client.post(quick, filled_in(page, "title") | {"title": "Faisselle de brebis"})
    assert Product.objects.get(title="Faisselle de brebis").images.count() == 1


def test_a_button_pressed_twice_adds_one_article(client, quick):
    add(client, quick, **FAISSELLE)
    page = add(client, quick, **FAISSELLE)

    assert Product.objects.count() == 1
    assert "Faisselle de chèvre" in page.content.decode()


def test_the_same_name_a_day_later_is_told(client, quick):
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        add(client, quick, **FAISSELLE)
    Product.objects.update(date_created=timezone.now() - timedelta(days=1))
    page = add(client, quick, **FAISSELLE)

    assert "porte déjà ce nom" in page.content.decode()
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": " "}, "title"),
        ({"price": "0"}, "price"),
        ({"price": ""}, "price"),
        ({"unit": ""}, "unit"),
        ({"stock": "-1"}, "stock"),
        ({"stock": ""}, "stock"),
        ({"allergens": ["lait"]}, "allergens_known"),
        ({"image": upload(b"rien", "photo.jpg")}, "image"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(client, quick, sent, field):
    page = client.post(quick, FAISSELLE | sent)

    assert field in page.context["form"].errors
    assert not Product.objects.exists()


def test_of_a_stranger_s_article_nothing_is_told(client, quick, bakery):
    other = make_product(bakery, title="Pain de seigle")

    assert "Pain de seigle" not in client.get(f"{quick}?ajoute={other.pk}").content.decode()
    assert client.get(f"{quick}?ajoute=²").status_code == 200
