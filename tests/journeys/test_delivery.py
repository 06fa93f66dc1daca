"""A guest buys at three merchants, one of whom delivers; the merchant sets that up, and takes the sheet along."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import expect

from shop.delivery.models import DeliveryMethod
from shop.models import MerchantOrder
from tests.factories import make_merchant
from tests.journeys.conftest import log_in
from tests.shop.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("DELIVERY_SHOTS", "")  # a folder that keeps pictures of each step, for people to look at


def shoot(page, name):
    if SHOTS:
        width = page.viewport_size["width"]
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_one_merchant_delivers_and_two_wait_at_their_counters(page, open_page, bakery, cheesemonger, baker, places):
    bread = make_product(bakery, title="Pain de seigle", stock=5)
    cheese = make_product(cheesemonger, title="Picodon de Die affiné", stock=5)
    third = make_merchant(title="Le Chai de Die", town=places.die, category="epicerie-superette")
    honey = make_product(third, title="Miel de lavande", stock=5, category=None)

    merchant = open_page()
    merchant.goto(f"/espace/{bakery.pk}/livraison/")
    log_in(merchant, baker)
    merchant.get_by_label("Ajouter ma commune et celles à moins de").select_option("5")
    merchant.get_by_role("button", name="Ajouter à la liste").click()
    expect(merchant.get_by_label("Privas (07000)")).to_be_checked()
    for day in ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"):
        merchant.get_by_label(day).check()
    rounds = merchant.locator("form", has=merchant.get_by_role("button", name="Enregistrer mes tournées"))
    rounds.get_by_label("Prix de la livraison").fill("4")
    rounds.get_by_label("Livraison offerte dès").fill("40")
    shoot(merchant, "1-reglages")
    merchant.get_by_role("button", name="Enregistrer mes tournées").click()
    expect(merchant.get_by_text("vos clients peuvent se faire livrer")).to_be_visible()
    assert "07186" in DeliveryMethod.objects.get().towns

    for product in (cheese, bread, honey):
        page.goto(product.get_absolute_url())
        if product == bread:
            expect(page.get_by_text(re.compile(r"Livre à Privas|Livre à"))).to_be_visible()
            shoot(page, "2-article")
        page.get_by_role("button", name="Ajouter au panier").click()
    page.get_by_label("votre commune").fill("Privas")
    page.get_by_role("button", name="Voir qui livre").click()
    expect(page.get_by_text(re.compile(r"Livre à Privas"))).to_be_visible()
    shoot(page, "3-panier")
    page.get_by_role("button", name="Vérifier ma commande").click()

    page.get_by_label("Nom et prénom").fill("Camille Moulin")
    page.get_by_label("Courriel").fill("camille@voisins.example")
    page.get_by_label("Téléphone").fill("06 39 98 21 40")
    page.get_by_role("button", name=re.compile("Me faire livrer")).click()
    expect(page.get_by_label("Nom et prénom")).to_have_value("Camille Moulin")
    expect(page.get_by_label("Commune")).to_be_visible()
    page.get_by_label("Adresse de livraison").fill("4 rue des Fossés")
    page.get_by_label("Code postal").fill("26150")
    page.get_by_label("Commune").fill("Die")
    page.get_by_role("button", name="Commander avec obligation de paiement").click()
    expect(page.get_by_text(re.compile("ne livre pas à Die")).first).to_be_visible()
    shoot(page, "4-adresse-refusee")
    page.get_by_label("Code postal").fill("07000")
    page.get_by_label("Commune").fill("Privas")
    page.get_by_role("button", name="Commander avec obligation de paiement").click()
    expect(page.get_by_role("heading", name="Plus qu’une étape")).to_be_visible()
    page.goto(re.search(rf"{settings.SITE_URL}(/\S+)", mail.outbox[-1].body)[1])
    page.get_by_role("button", name="Confirmer la commande avec obligation de paiement").click()
    expect(page.get_by_text(re.compile(r"Livraison.:.4 rue des Fossés, 07000 Privas"))).to_be_visible()
    shoot(page, "5-achat")
    assert sorted(MerchantOrder.objects.values_list("delivery", flat=True)) == ["", "", "tournee"]

    merchant.goto(f"/espace/{bakery.pk}/commandes/")
    shoot(merchant, "6-comptoir")
    merchant.get_by_role("link", name="Feuille de tournée").click()
    expect(merchant.get_by_text("4 rue des Fossés")).to_be_visible()
    shoot(merchant, "7-tournee")
    merchant.goto(f"/espace/{bakery.pk}/commandes/")
    merchant.get_by_role("button", name=re.compile("Elle est en route")).click()
    expect(merchant.get_by_text("est en route : le client est prévenu")).to_be_visible()
    merchant.goto(f"/espace/{bakery.pk}/commandes/?etat=pretes")
    merchant.get_by_role("button", name=re.compile("Livrée et payée")).click()
    expect(merchant.get_by_text("est livrée et payée")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Payé à la livraison").first).to_be_visible()
    shoot(page, "8-livree")
