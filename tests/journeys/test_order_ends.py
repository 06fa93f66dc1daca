"""An article is missing, and a buyer changes their mind: both sides of an order, on two telephones."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from playwright.sync_api import expect

from shop.models import MerchantOrder, Purchase
from tests.journeys.conftest import SCREENS, log_in
from tests.shop.factories import CONTACT, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen():
    return SCREENS["phone"]


@pytest.fixture
def articles(bakery, cheesemonger):
    return [
        make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=5, unit="700 g", vat_rate="5.5"),
        make_product(bakery, title="Fouace aux noix", price=Decimal("7.20"), stock=3, unit="la pièce", vat_rate="5.5"),
        make_product(cheesemonger, title="Picodon affiné", price=Decimal("2.40"), stock=9, unit="60 g", vat_rate="5.5"),
    ]


def order_as_a_guest(page, articles):
    for article in articles:
        page.goto(article.get_absolute_url())
        page.get_by_label("Quantité").fill("2")
        page.get_by_role("button", name="Ajouter au panier").click()
        expect(page.get_by_text("est dans votre panier").first).to_be_visible()
    page.goto("/boutique/commande/")
    page.get_by_label("Nom et prénom").fill(CONTACT["name"])
    page.get_by_label("Courriel").fill(CONTACT["email"])
    page.get_by_label("Téléphone").fill(CONTACT["phone"])
    page.get_by_role("button", name="Commander avec obligation de paiement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plus qu’une étape")
    page.goto(re.search(r"http\S+/confirmer/\S+", mail.outbox[-1].body)[0])
    page.get_by_role("button", name="Confirmer la commande avec obligation de paiement").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C’est commandé")


def ticket(page, title):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))


def test_a_line_is_missing_then_the_buyer_cancels_what_is_not_ready_yet(page, open_page, bakery, baker, articles):
    order_as_a_guest(page, articles)
    bread = MerchantOrder.objects.get(storefront__merchant=bakery)
    mail.outbox.clear()

    # At the counter: one fouace of two is left. They forget to say why in a word of their own, and are asked.
    counter = open_page()
    counter.goto(f"/espace/{bakery.pk}/commandes/")
    log_in(counter, baker)
    slip = ticket(counter, "Camille Moulin")
    expect(slip).to_contain_text("24,20")
    slip.get_by_role("link", name="Il manque un article").click()
    counter.get_by_label("Fouace aux noix").fill("1")
    counter.get_by_label("Une autre raison").check()
    counter.get_by_role("button", name="Retirer et prévenir le client").click()
    expect(counter.get_by_text("Écrivez quelle est cette autre raison").last).to_be_visible()
    expect(counter.get_by_label("Fouace aux noix")).to_have_value("1")
    counter.get_by_label("Un mot pour le client").fill("La fournée a brûlé.")
    counter.get_by_role("button", name="Retirer et prévenir le client").click()
    expect(counter.get_by_text("le client est prévenu")).to_be_visible()
    expect(ticket(counter, "Camille Moulin")).to_contain_text("17,00")

    # By the link of the e-mail, on the buyer's telephone.
    told = next(message for message in mail.outbox if message.to == [CONTACT["email"]])
    assert "La fournée a brûlé." in told.body
    page.goto(re.search(r"http\S+/merci/\S+", told.body)[0])
    hers = ticket(page, "Le Fournil des Mines")
    expect(hers).to_contain_text("1 manque, retiré du total")
    hers.get_by_text("Historique").click()
    expect(hers.get_by_text("Il manque 1 × Fouace aux noix")).to_be_visible()
    hers.get_by_role("link", name="Annuler cette commande").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Annuler cette commande")

    # Before they press the button, it is ready (pressing it would give 409: tests/shop/test_cancelling.py).
    counter.get_by_role("button", name="C’est prêt").click()
    expect(counter.get_by_text("est prête")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette commande ne s’annule plus ici")
    expect(page.get_by_role("heading", name="Un empêchement")).to_be_visible()

    # The other merchant has not begun: that one they cancel.
    page.get_by_role("link", name="Voir toute la commande").click()
    ticket(page, "La Crèmerie du Gier").get_by_role("link", name="Annuler cette commande").click()
    page.get_by_role("button", name="Annuler ma commande").click()
    expect(page.get_by_text("rien à payer").first).to_be_visible()
    expect(ticket(page, "La Crèmerie du Gier")).to_contain_text("Vous l’avez annulée")

    stocks = [article.stockrecords.get() for article in articles]
    assert [(stock.num_in_stock, stock.num_allocated) for stock in stocks] == [(5, 2), (1, 1), (9, 0)]
    assert Purchase.objects.get().total == Decimal("17.00")
    bread.order.refresh_from_db()
    assert bread.order.total_incl_tax == Decimal("17.00")
