"""The same form open twice: nothing is lost, and nothing is overwritten unseen, in a real browser."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from directory.models import MerchantManager, MerchantPage
from tests.factories import make_user
from tests.journeys.conftest import log_in
from tests.shop.factories import make_product, order, put_in_basket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def photo():
    file = BytesIO()
    Image.new("RGB", (640, 480), "red").save(file, "JPEG")
    return {"name": "tomme.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_a_merchant_types_another_stock_while_shoppers_buy(page, neighbour, cheesemonger):
    tomme = make_product(cheesemonger, title="Tomme de chèvre", price=Decimal("8.40"), stock=5, unit="300 g")
    tomme.details.allergens_known, tomme.details.allergens = True, ["lait"]
    tomme.details.save()
    page.goto(f"/espace/{cheesemonger.pk}/produits/{tomme.pk}/")
    log_in(page, neighbour)
    expect(page.get_by_label("Combien en avez-vous")).to_have_value("5")
    shopper = Client()
    put_in_basket(shopper, tomme, 4)
    order(shopper)

    page.get_by_label("Combien en avez-vous").fill("8")
    page.get_by_label("Photo").set_input_files([photo()])
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("alert")).to_contain_text("Changé entre-temps")
    expect(page.get_by_text("4 ont été commandés depuis que vous avez ouvert cette page")).to_be_visible()
    expect(page.get_by_text(re.compile("Votre fichier «.tomme"))).to_be_visible()
    expect(page.get_by_label("Combien en avez-vous")).to_have_value("8")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("est enregistré et en vente")).to_be_visible()
    stock = tomme.stockrecords.get()
    assert (stock.num_in_stock, stock.num_allocated) == (12, 4)
    assert tomme.images.count() == 1


def test_two_managers_of_one_page_see_each_others_text(open_page, baker, bakery):
    paul = make_user(first_name="Paul", last_name="Serre")
    MerchantManager.objects.create(merchant=bakery, user=paul)
    his, hers = open_page(), open_page()
    for page, user in ((his, paul), (hers, baker)):
        page.goto(f"/espace/{bakery.pk}/fiche/")
        log_in(page, user)
        expect(page.get_by_role("heading", level=1)).to_have_text("Ma fiche")
    his.get_by_label("Votre histoire").fill("Du pain noir, cuit au bois.\n\nLe samedi, des fougasses.")
    his.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    expect(his.get_by_text("cuit au bois")).to_be_visible()

    hers.get_by_label("Votre histoire").fill("De la brioche le dimanche.")
    hers.get_by_label("Livraison : où, quand, à quel prix").fill("À vélo dans Privas.")
    hers.get_by_role("button", name="Enregistrer et voir l’aperçu").click()

    expect(hers.get_by_role("alert")).to_contain_text("Rien n’est perdu")
    expect(hers.get_by_text("par Paul Serre").first).to_be_visible()
    expect(hers.get_by_text("Le samedi, des fougasses.")).to_be_visible()
    expect(hers.get_by_label("Votre histoire")).to_have_value("De la brioche le dimanche.")
    hers.get_by_role("alert").get_by_role("link", name="Votre histoire").click()
    hers.get_by_label("Garder plutôt ce qui est enregistré").first.check()
    hers.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    expect(hers.get_by_text("cuit au bois")).to_be_visible()
    draft = MerchantPage.objects.get(pk=bakery.pk).get_latest_revision_as_object()
    assert draft.delivery_note == "À vélo dans Privas."


def test_all_sixty_articles_can_be_walked_to(page, bakery):
    for number in range(60):
        make_product(bakery, title=f"Pain de saison n° {number + 1:02}", image="")

    page.goto(bakery.public_path)
    page.get_by_role("link", name="Voir les 60 articles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Le Fournil des Mines.: tous les articles"))
    page.get_by_role("link", name="Suivants").click()
    page.get_by_role("link", name="Suivants").click()
    expect(page.get_by_role("article")).to_have_count(12)
    page.get_by_role("link", name="Pain de saison n° 60").first.click()
    page.get_by_role("link", name="Tout voir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Le Fournil des Mines.: tous les articles"))
