import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from directory.category_pictures import category_pictures
from directory.models import MerchantPage
from portal import picture_names
from shop import picture_job, thumbnails
from shop.products import card_rows, on_sale, open_storefront, product_cards, products_of
from shop.templatetags.shop import merchant_products
from tests.portal.pictures import photo, saved
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
    assert "TVA 5,5\u00a0%</span> comprise" in page
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


@pytest.mark.parametrize("hide", ["merchant", "product", "details"])
def test_a_product_is_not_on_sale_without_a_live_merchant_and_its_facts(client, loaf, bakery, hide):
    if hide == "merchant":
        bakery.unpublish()
    elif hide == "product":
        loaf.is_public = False
        loaf.save()
    else:
        loaf.details.delete()

    assert client.get(loaf.get_absolute_url()).status_code == 404
    assert not on_sale().exists()


def test_cards_of_many_products_cost_one_query(picodon, cheesemonger, bakery, django_assert_num_queries):
    for _ in range(5):
        make_product(cheesemonger)
        make_product(bakery)

    with django_assert_num_queries(1):
        cards = product_cards(card_rows(on_sale()))

    assert len(cards) == 11
    assert {card.town for card in cards} == {"Saint-Étienne", "Privas"}


def test_a_card_says_what_a_list_needs(picodon):
    (card,) = product_cards(card_rows(on_sale()))

    assert card.price == Decimal("2.40")
    assert card.unit == "60 g, soit 40,00\u00a0€/kg"
    assert card.seller == "La Crèmerie du Gier, Saint-Étienne"
    assert card.is_available


def test_a_merchants_page_lists_her_products_only(picodon, loaf, bakery):
    assert [card.title for card in merchant_products(MerchantPage.objects.get(pk=bakery.pk))] == ["Pain de seigle"]
    assert list(products_of(bakery)) == [loaf]


def test_opening_a_storefront_twice_gives_the_same_one(bakery):
    assert open_storefront(bakery) == open_storefront(bakery)


def test_the_worker_makes_the_smaller_pictures(bakery):
    product = make_product(bakery, image=picture())
    (card,) = product_cards(card_rows(on_sale()))
    waiting = product.images.get().original
    assert card.image == waiting.url  # as it was stored, until then

    assert picture_job.size_all() == 1

    name = product.images.get().original.name
    assert name.endswith(".900x600.webp")
    for width, height in ((160, 107), (320, 213), (640, 427)):
        target = f"renditions/{name}.{width}x{height}.webp"
        assert thumbnails.url(name, width).endswith(target)
        with default_storage.open(target) as file, Image.open(file) as made:
            assert (made.format, made.mode, made.size) == ("WEBP", "RGBA", (width, height))
    assert product_cards(card_rows(on_sale()))[0].image == thumbnails.url(name, 320)


def test_no_size_is_larger_than_the_picture(bakery):
    product = make_product(bakery, image=picture(250, 100))
    picture_job.size_all()

    name = product.images.get().original.name
    assert picture_names.sizes(name) == [(160, 64), (250, 100)]
    shown = picture_names.shown(thumbnails.url(name, 640))
    assert (shown.width, shown.height, shown.is_photo) == (250, 100, False)
    assert [part.rpartition(" ")[2] for part in shown.srcset.split(", ")] == ["160w", "250w"]
    for address in shown.srcset.split(", "):
        assert default_storage.exists(address.rpartition(" ")[0].removeprefix("/media/"))


def test_a_picture_that_cannot_be_sized_holds_up_no_other(bakery):
    lost, whole = make_product(bakery, image=picture()), make_product(bakery, image=picture())
    default_storage.delete(lost.images.get().original.name)

    assert picture_job.size_all() == 2
    assert picture_names.is_waiting(lost.images.get().original.name)
    assert not picture_names.is_waiting(whole.images.get().original.name)


def test_files_that_no_picture_has_go_after_an_hour(bakery, monkeypatch):
    kept = make_product(bakery, image=picture()).images.get().original.name
    left = default_storage.save(f"{picture_names.NEW}perdu.10x10.jpg", ContentFile(b"x"))

    picture_job.drop_leftovers()
    assert default_storage.exists(left)

    monkeypatch.setattr(picture_job, "KEPT", timedelta(-1))
    picture_job.drop_leftovers()
    assert default_storage.exists(kept)
    assert not default_storage.exists(left)


def test_a_shared_picture_outlives_one_of_its_products(bakery, django_capture_on_commit_callbacks):
    first = make_product(bakery, image=picture())
    picture_job.size_all()
    name = first.images.get().original.name
    second = make_product(bakery, image=name)
    size = picture_names.target(name, (320, 213))

    with django_capture_on_commit_callbacks(execute=True):
        first.delete()
    assert default_storage.exists(name)
    assert default_storage.exists(size)

    with django_capture_on_commit_callbacks(execute=True):
        second.delete()
    assert not default_storage.exists(name)
    assert not default_storage.exists(size)


def test_a_description_cannot_carry_a_script(client, bakery):
    product = make_product(bakery, description="<p onclick='x()'>Bon pain</p><script>x()</script>")

    page = client.get(product.get_absolute_url()).content.decode()

    assert "&lt;p onclick=&#x27;x()&#x27;&gt;Bon pain&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;" in page
    assert "<script>x()" not in page


def test_a_description_keeps_every_word_and_line(client, bakery):
    product = make_product(
        bakery, description="Commandes : Jeanne <jeanne@ferme.example>\n\nÀ garder au frais.\nDLC 5 jours <3 & plus"
    )

    page = client.get(product.get_absolute_url()).content.decode()

    assert "<p>Commandes\u00a0: Jeanne &lt;jeanne@ferme.example&gt;</p>" in page
    assert "<p>À garder au frais.<br>DLC 5 jours &lt;3 &amp; plus</p>" in page


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


@pytest.mark.parametrize("size", [(900, 600), (600, 900), (640, 640), (120, 90), (2000, 300)])
@pytest.mark.parametrize("kind", ["photograph", "drawing"])
def test_a_page_tells_the_true_sizes_of_its_pictures(client, cheesemonger, picodon, size, kind):
    sent = picture(*size) if kind == "drawing" else ContentFile(saved(photo(*size), "JPEG"), "pain.jpg")
    product = make_product(cheesemonger, image=sent)
    picture_job.size_all()

    for address in (product.get_absolute_url(), picodon.get_absolute_url(), cheesemonger.public_path):
        page = client.get(address).content.decode()
        drawn = [tag for tag in re.findall(r"<img [^>]+>", page) if "/media/renditions/" in tag]
        assert drawn
        for tag in drawn:
            assert ("--photo" in tag) == (kind == "photograph")
            source, width, height = re.search(r' src="([^"]+)".* width="(\d+)" height="(\d+)"', tag).groups()
            offered = re.search(r'srcset="([^"]+)" sizes="[^"]+"', tag)
            told = [entry.split() for entry in offered[1].split(", ")] if offered else []
            assert bool(told) == (max(size) > 160)
            for name, true_width in [(source, f"{width}w"), *told]:
                with default_storage.open(name.removeprefix("/media/")) as file, Image.open(file) as made:
                    assert f"{made.width}w" == true_width
            with default_storage.open(source.removeprefix("/media/")) as file, Image.open(file) as made:
                assert (str(made.width), str(made.height)) == (width, height)


def test_a_picture_that_waits_is_shown_as_it_is_stored(client, cheesemonger):
    product = make_product(cheesemonger, image=ContentFile(saved(photo(900, 600), "JPEG"), "pain.jpg"))

    page = client.get(product.get_absolute_url()).content.decode()

    (tag,) = [tag for tag in re.findall(r"<img [^>]+>", page) if "/media/images/new/" in tag]
    assert 'width="900" height="600"' in tag
    assert "--photo" in tag
    assert "srcset" not in tag


def on_the_counter(client, merchant):
    return len(re.findall(r'<img class="merchant-head__good\b', client.get(merchant.url).text))


def test_a_counter_shows_pictures_of_the_trade_until_an_article_has_one(client, cheesemonger):
    make_product(cheesemonger, title="Picodon")
    assert on_the_counter(client, cheesemonger) == len(category_pictures(cheesemonger.category.slug)) > 0

    make_product(cheesemonger, title="Cabécou", image=ContentFile(saved(photo(900, 600), "JPEG"), "cabecou.jpg"))

    assert on_the_counter(client, cheesemonger) == 1
