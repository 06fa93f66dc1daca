"""A merchant types numbers and words as people do, in a real browser; their page says them as they meant them."""

import pytest
from playwright.sync_api import expect

from shop.products import on_sale, open_storefront, stock_of
from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_article_is_entered_as_people_write(page, baker, bakery):
    open_storefront(bakery)
    page.goto(f"/espace/{bakery.pk}/produits/nouveau/")
    log_in(page, baker)
    page.get_by_label("Nom", exact=True).fill("Safran de l’été")
    page.get_by_label("Description").fill("Jeanne <jeanne@ferme.example>\n\nAu sec.\nÀ l’ombre.")
    page.get_by_label("Prix TTC, en euros").fill("1.250")
    page.get_by_label("Combien en avez-vous").fill("1 000")
    page.get_by_label("Vendu par").fill("la dose")
    page.get_by_label("Prix ramené à").select_option("kg")
    page.get_by_label("Quantité").fill("0,0005")
    page.get_by_label("J’ai vérifié les quatorze allergènes").check()
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_text("écrivez 1250 ou 1,25").first).to_be_visible()
    expect(page.get_by_label("Combien en avez-vous")).to_have_value("1 000")
    page.get_by_label("Prix TTC, en euros").fill("12,00 €")
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_text("est enregistré et en vente")).to_be_visible()
    product = on_sale().get()
    assert (product.slug, stock_of(product).num_in_stock) == ("safran-de-l-ete", 1000)
    page.goto(product.get_absolute_url())
    expect(page.get_by_text("Jeanne <jeanne@ferme.example>")).to_be_visible()
    expect(page.get_by_text("24 000,00 €/kg").first).to_be_visible()
