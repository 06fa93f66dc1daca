"""A merchant adds articles from a telephone, one after the other, with pictures of its camera."""

import pytest
from playwright.sync_api import expect

from shop.products import on_sale, open_storefront
from tests.journeys.conftest import log_in
from tests.portal.pictures import photo, saved, with_gps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_merchant_adds_articles_one_after_the_other(page, neighbour, cheesemonger):
    open_storefront(cheesemonger)
    page.goto("/compte/connexion/?next=/espace/")
    log_in(page, neighbour)
    page.get_by_role("link", name="Produits", exact=True).click()
    page.get_by_role("link", name="Ajouter en une minute").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ajouter un article")

    # A fault keeps the picture.
    page.get_by_label("Photo").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": saved(photo(), "JPEG", exif=with_gps())}
    )
    page.get_by_label("Nom").fill("Faisselle de chèvre")
    page.get_by_label("Prix TTC").fill("trois")
    page.get_by_label("Vendu par").fill("500 g")
    page.get_by_label("Combien").fill("8")
    page.get_by_role("button", name="Enregistrer l’article").click()
    expect(page.get_by_role("alert")).to_contain_text("Prix TTC")
    expect(page.get_by_text("IMG_1.jpg")).to_be_visible()
    page.get_by_label("Prix TTC").fill("3,20")
    page.get_by_role("button", name="Enregistrer l’article").click()

    # What it lacks is one tap away, and the next article's form is there already.
    expect(page.get_by_role("heading", name="pas encore en vente")).to_be_visible()
    page.get_by_label("Nom").fill("Yaourt de brebis")
    page.get_by_label("Prix TTC").fill("1,90")
    page.get_by_label("Vendu par").fill("125 g")
    page.get_by_label("Combien").fill("20")
    page.get_by_text("Allergènes : maintenant ou plus tard").click()
    page.get_by_role("checkbox", name="Lait").check()
    page.get_by_label("J’ai vérifié les quatorze allergènes").check()
    page.get_by_role("button", name="Enregistrer l’article").click()
    expect(page.get_by_role("heading", name="Yaourt de brebis : en vente")).to_be_visible()
    assert [product.title for product in on_sale()] == ["Yaourt de brebis"]
