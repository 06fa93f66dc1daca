"""Social pictures: drawn by us, once, and never while a visitor waits for a page."""

import html
import io
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from home.seo.social_cards import of_merchant, picture_url
from home.seo.social_images import SocialCard, draw, stored
from shop.products import on_sale
from tests.factories import make_picture
from tests.home.test_blocks import make_story
from tests.home.test_campaigns import make_campaign
from tests.shop.factories import make_product


def path(address):
    return address.removeprefix("https://www.region.example")


@pytest.fixture(autouse=True)
def public_address(settings, tmp_path):
    settings.SITE_URL = "https://www.region.example"
    settings.MEDIA_ROOT = str(tmp_path)


def opened(response):
    return Image.open(io.BytesIO(b"".join(response.streaming_content)))


@pytest.mark.parametrize("kind", ["site", "commercant", "commune", "produit"])
def test_each_kind_of_page_has_a_picture_of_the_size_networks_ask_for(client, cheesemonger, kind):
    make_product(cheesemonger, title="Picodon", price=Decimal("3.20"), stock=4, unit="60 g")
    things = {"commercant": cheesemonger, "commune": cheesemonger.town, "produit": on_sale().get()}

    response = client.get(path(picture_url(kind, things.get(kind))))

    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert opened(response).size == (1200, 630)


def test_a_new_name_gives_a_new_address_and_the_old_one_shows_the_new_name_for_an_hour(client, cheesemonger):
    before = picture_url("commercant", cheesemonger)
    cheesemonger.title = "La Crèmerie de Firminy"
    cheesemonger.save()

    response = client.get(path(before))
    response.close()

    assert picture_url("commercant", cheesemonger) != before
    assert response["Cache-Control"] == "public, max-age=3600"


def test_a_picture_is_drawn_once(cheesemonger):
    sign = of_merchant(cheesemonger)

    assert stored(sign) == stored(sign)

    assert default_storage.listdir("partage")[1] == [f"{sign.digest}.png"]


def test_naming_a_picture_draws_nothing(cheesemonger):
    picture_url("commercant", cheesemonger)

    assert not default_storage.exists("partage")


def test_only_merchants_wear_an_awning():
    shown = [draw(SocialCard("Le Fournil", "Boulangerie", accent="miel", awning=awning)) for awning in (True, False)]

    assert [picture.getpixel((50, 20)) for picture in shown] == [(0xB4, 0x7A, 0x00), (0xFA, 0xE7, 0xAE)]


def test_a_name_without_end_stays_in_the_picture_and_in_its_lines():
    sign = SocialCard("Anticonstitutionnellement " * 12, "Mot " * 60, accent="rose")

    picture = draw(sign)

    ground = (0xF6, 0xDB, 0xE4)
    edge = picture.crop((1170, 0, 1200, 630))
    assert edge.getcolors() == [(30 * 630, ground)]


def test_a_lost_product_picture_does_not_break_the_sign():
    assert draw(SocialCard("Picodon", "Die", accent="miel", image="perdu.webp", price="3,20 €")).size == (1200, 630)


@pytest.mark.parametrize("kind", ["histoire", "campagne"])
@pytest.mark.parametrize("has_picture", [True, False])
def test_what_editors_publish_is_shared_with_its_own_picture(client, places, kind, has_picture):
    page = make_campaign() if kind == "campagne" else make_story()
    if has_picture:
        page.picture = make_picture()
        page.save_revision().publish()
    address = picture_url(kind, page)

    response = client.get(path(address))

    assert f"/partage/{kind}/" in address
    assert address in html.unescape(client.get(page.public_path).text)
    assert response["Content-Type"] == "image/png"
    assert opened(response).size == (1200, 630)
    page.unpublish()
    assert client.get(path(address)).status_code == 404


def test_a_lost_picture_of_a_campaign_is_told_by_its_name_alone(client, places):
    page = make_campaign()
    page.picture = make_picture()
    page.save_revision().publish()
    default_storage.delete(page.picture.file.name)

    assert opened(client.get(path(picture_url("campagne", page)))).size == (1200, 630)


NOWHERE = ["commercant/inconnu", "produit/0", "produit/picodon", "autre/region", "campagne/0", "histoire/noel"]
NOWHERE += [f"campagne/{key}" for key in ("9" * 40, "²", "-1", "1.5", "%00", "noel")]


@pytest.mark.parametrize("address", NOWHERE)
def test_what_is_not_public_has_no_picture(client, places, address):
    assert client.get(f"/partage/{address}.png").status_code == 404


def test_a_merchant_who_left_has_no_picture(client, cheesemonger):
    address = path(picture_url("commercant", cheesemonger))

    cheesemonger.unpublish()

    assert client.get(address).status_code == 404
