"""A shopper finds, compares, fills a basket at two merchants, and orders, in a real browser."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from playwright.sync_api import expect

from search.engines import elastic
from search.indexing import index, rebuild
from search.models import Generation
from shop.models import Purchase
from tests.shop.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENT = 20  # seconds for Elasticsearch on a busy machine


@pytest.fixture
def region(site, settings, bakery, cheesemonger):
    """Two shops, searchable."""
    settings.ELASTICSEARCH_TIMEOUT = PATIENT
    make_product(
        cheesemonger,
        title="Picodon de Die affiné",
        description="Fromage de chèvre.",
        price=Decimal("2.40"),
        stock=18,
        unit="60 g",
        measure="kg",
        quantity=Decimal("0.06"),
        vat_rate="5.5",
    )
    make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=5, unit="700 g", vat_rate="5.5")
    index.drain()
    if elastic.is_configured():
        elastic.refresh(rebuild.rebuild().pk)
    yield
    for generation in Generation.objects.all():
        elastic.drop(generation.pk)


def test_from_the_home_page_to_a_confirmed_order_at_two_merchants(page, region):
    page.goto("/")
    page.get_by_label("Que cherchez-vous").fill("fromage")
    page.get_by_label("Où").fill("St Etienne")
    page.get_by_role("button", name="Chercher").click()

    expect(page.get_by_role("link", name="Picodon de Die affiné")).to_be_visible()
    expect(page.locator(".choice__count").first).not_to_be_empty()
    assert page.context.cookies() == []
    page.locator(".result__name").get_by_role("link", name="La Crèmerie du Gier").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("La Crèmerie du Gier")
    expect(page.locator(".open-state").first).to_be_visible()
    expect(page.get_by_text("3 place du Peuple").first).to_be_visible()
    page.get_by_role("link", name="Picodon de Die affiné").click()

    expect(page.get_by_text("40,00 €/kg")).to_be_visible()
    assert page.context.cookies() == []
    page.get_by_label("Quantité").fill("2")
    page.get_by_role("button", name="Ajouter au panier").click()

    expect(page.get_by_text("« Picodon de Die affiné » est dans votre panier.")).to_be_visible()
    expect(page.get_by_role("link", name="Mon panier, 2 articles")).to_be_visible()
    page.goto("/recherche/?q=pain&ou=Privas")
    page.get_by_role("link", name="Pain de seigle").click()
    page.get_by_role("button", name="Ajouter au panier").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Votre panier chez 2 commerçants")
    page.get_by_role("button", name="Ajouter un : Pain de seigle").click()
    expect(page.get_by_label("Quantité : Pain de seigle")).to_have_value("2")
    page.get_by_role("button", name="Vérifier ma commande").click()

    page.get_by_role("button", name="Commander avec obligation de paiement").click()
    expect(page.get_by_role("alert")).to_contain_text("À corriger")
    page.get_by_label("Nom et prénom").fill("Camille Rey")
    page.get_by_label("Courriel").fill("camille@voisins.example")
    page.get_by_label("Téléphone").fill("06 39 98 21 40")
    page.get_by_role("button", name="Commander avec obligation de paiement").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Plus qu’une étape")
    expect(page.get_by_text("camille@voisins.example")).to_be_visible()
    expect(page.get_by_role("link", name="Mon panier", exact=True)).to_be_visible()
    purchase = Purchase.objects.get()
    for part in purchase.merchant_orders.all():
        expect(page.get_by_text(part.collection_code)).to_have_count(0)

    (asked,) = [message for message in mail.outbox if message.to == ["camille@voisins.example"]]
    page.goto(re.search(r"http\S+/confirmer/\S+", asked.body)[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre commande")
    page.get_by_role("button", name="Confirmer la commande avec obligation de paiement").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("C’est commandé")
    assert purchase.total == Decimal("14.60")
    for part in purchase.merchant_orders.all():
        expect(page.get_by_text(part.collection_code)).to_be_visible()

    asked, message = [message for message in mail.outbox if message.to == ["camille@voisins.example"]]
    assert "La Crèmerie du Gier" in message.body
    assert "Le Fournil des Mines" in message.body


def test_the_shop_works_without_javascript(browser, site, screen, region):
    context = browser.new_context(base_url=site, viewport=screen, java_script_enabled=False)
    page = context.new_page()

    page.goto("/commercants/le-fournil-des-mines-privas/")
    page.get_by_role("link", name="Pain de seigle").click()
    page.get_by_role("button", name="Ajouter au panier").click()
    page.get_by_label("Quantité : Pain de seigle").fill("3")
    page.get_by_label("Quantité : Pain de seigle").press("Enter")
    expect(page.get_by_text("14,70 €").first).to_be_visible()
    page.get_by_role("button", name="Retirer Pain de seigle").click()

    expect(page.get_by_text("Votre panier est vide")).to_be_visible()
    context.close()


@pytest.mark.parametrize("has_script", [True, False])
def test_enter_in_a_field_of_the_checkout_orders_nothing(browser, site, screen, region, has_script):
    context = browser.new_context(base_url=site, viewport=screen, java_script_enabled=has_script)
    page = context.new_page()
    page.goto("/commercants/le-fournil-des-mines-privas/")
    page.get_by_role("link", name="Pain de seigle").click()
    page.get_by_role("button", name="Ajouter au panier").click()
    page.get_by_role("button", name="Vérifier ma commande").click()

    typed = {"Nom et prénom": "Camille Rey", "Courriel": "camille@voisins.example", "Téléphone": "06 39 98 21 40"}
    for label, value in typed.items():
        page.get_by_label(label).fill(value)
    for field in (*(page.get_by_label(label) for label in typed), page.get_by_role("radio", name="Au retrait")):
        field.press("Enter")
        expect(page.get_by_text("rien n’est encore commandé")).to_be_visible()
        for label, value in typed.items():
            expect(page.get_by_label(label)).to_have_value(value)
    assert not Purchase.objects.exists()

    page.get_by_role("button", name="Commander avec obligation de paiement").press("Enter")
    expect(page).to_have_url(re.compile("/boutique/commande/merci/"))
    assert Purchase.objects.count() == 1
    context.close()
