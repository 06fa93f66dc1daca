from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from directory.models import MerchantPage
from shop import thumbnails
from shop.products import listed, on_sale, open_storefront, product_cards, products_of
from shop.templatetags.shop import merchant_products
from tests.shop.factories import make_product

pytestmark = pytest.mark.usefixtures("strict_templates")


def picture(width=900, height=600):
    content = BytesIO()
    Image.new("RGBA", (width, height), (200, 120, 40, 128)).save(content, "PNG")
    return ContentFile(content.getvalue(), "pain.png")


def test_a_product_page_tells_price_unit_price_vat_stock_and_seller(client, picodon):
    page = client.get(picodon.get_absolute_url()).content.decode()

    assert picodon.get_absolute_url() == f"/boutique/produits/picodon-affine_{picodon.pk}/"
    assert "2,40\u00a0€" in page
    assert "40,00\u00a0€/kg" in page
    assert "TVA 5,5 %</span> comprise" in page
    assert "En stock" in page
    assert "La Crèmerie du Gier" in page
    assert "Saint-Étienne" in page
    assert "AOP" in page


def test_a_product_page_sets_no_cookie_and_is_the_same_for_everyone(client, picodon):
    response = client.get(picodon.get_absolute_url())

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_product_page_costs_the_same_whatever_the_merchant_sells(
    client, picodon, cheesemonger, django_assert_max_num_queries
):
    for _ in range(6):
        make_product(cheesemonger, image=picture())

    with django_assert_max_num_queries(8):
        assert client.get(picodon.get_absolute_url()).status_code == 200


def test_an_old_name_in_the_address_leads_to_the_new_one(client, picodon):
    response = client.get(f"/boutique/produits/ancien-nom_{picodon.pk}/")

    assert response.status_code == 301
    assert response["Location"] == picodon.get_absolute_url()


def test_a_sold_out_product_stays_on_show_without_its_button(client, loaf):
    loaf.stockrecords.update(num_in_stock=2, num_allocated=2)

    page = client.get(loaf.get_absolute_url()).content.decode()

    assert "Épuisé" in page
    assert "Ajouter au panier" not in page


@pytest.mark.parametrize("hide", ["merchant", "product", "facts"])
def test_a_product_is_not_on_sale_without_a_live_merchant_and_its_facts(client, loaf, bakery, hide):
    if hide == "merchant":
        bakery.unpublish()
    elif hide == "product":
        loaf.is_public = False
        loaf.save()
    else:
        loaf.facts.delete()

    assert client.get(loaf.get_absolute_url()).status_code == 404
    assert not on_sale().exists()


def test_cards_of_many_products_cost_one_query(picodon, cheesemonger, bakery, django_assert_num_queries):
    for _ in range(5):
        make_product(cheesemonger)
        make_product(bakery)

    with django_assert_num_queries(1):
        cards = product_cards(listed(on_sale()))

    assert len(cards) == 11
    assert {card.town for card in cards} == {"Saint-Étienne", "Privas"}


def test_a_card_says_what_a_list_needs(picodon):
    (card,) = product_cards(listed(on_sale()))

    assert card.price == Decimal("2.40")
    assert card.unit == "60 g, soit 40,00\u00a0€/kg"
    assert card.seller == "La Crèmerie du Gier, Saint-Étienne"
    assert card.is_available


def test_a_merchants_page_lists_her_products_only(picodon, loaf, bakery):
    assert [card.title for card in merchant_products(MerchantPage.objects.get(pk=bakery.pk))] == ["Pain de seigle"]
    assert list(products_of(bakery)) == [loaf]


def test_opening_a_storefront_twice_gives_the_same_one(bakery):
    assert open_storefront(bakery) == open_storefront(bakery)


def test_smaller_pictures_are_made_when_one_is_stored(bakery):
    product = make_product(bakery, image=picture())

    image = product.images.get()
    for width in thumbnails.WIDTHS:
        name = f"renditions/{image.original.name}.{width}x{width}.webp"
        assert thumbnails.url(image.original.name, width).endswith(name)
        with default_storage.open(name) as file, Image.open(file) as made:
            assert made.format == "WEBP"
            assert max(made.size) == width
            assert made.mode == "RGBA"


def test_a_shared_picture_outlives_one_of_its_products(bakery):
    first = make_product(bakery, image=picture())
    name = first.images.get().original.name
    second = make_product(bakery, image=name)

    first.delete()
    assert default_storage.exists(name)
    assert default_storage.exists(f"renditions/{name}.320x320.webp")

    second.delete()
    assert not default_storage.exists(name)
    assert not default_storage.exists(f"renditions/{name}.320x320.webp")


def test_a_description_cannot_carry_a_script(client, bakery):
    product = make_product(bakery, description="<p onclick='x()'>Bon <strong>pain</strong></p><script>x()</script>")

    page = client.get(product.get_absolute_url()).content.decode()

    assert "<p>Bon <strong>pain</strong></p>" in page
    assert "x()" not in page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/boutique/", "/recherche/"),
        ("/boutique/produits/", "/recherche/"),
        ("/boutique/recherche/?q=fromage+frais", "/recherche/?q=fromage+frais"),
        (
            "/boutique/produits/categorie/alimentation/fromagerie-cremerie_12/",
            "/recherche/?categorie=fromagerie-cremerie",
        ),
    ],
)
def test_oscars_lists_lead_to_the_regional_search(client, db, old, new):
    response = client.get(old)

    assert (response.status_code, response["Location"]) == (301, new)


def test_adding_needs_a_post(client, picodon):
    assert client.get(reverse("basket:add", args=[picodon.pk])).status_code == 405
