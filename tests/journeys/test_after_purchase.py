"""After a purchase: a guest gives one of two knives back, without an account; buyer and merchant write each other."""

import os
from decimal import Decimal

import pytest
from django.core import mail
from playwright.sync_api import expect

from shop import orders
from shop.models import MerchantOrder, Withdrawal
from tests.journeys.conftest import SCREENS, log_in
from tests.journeys.test_order_ends import order_as_a_guest
from tests.shop.factories import CONTACT, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=SCREENS)
def screen(request):
    return SCREENS[request.param]


@pytest.fixture
def articles(cheesemonger):
    return [
        make_product(cheesemonger, title="Picodon affiné", price=Decimal("2.40"), stock=9, unit="60 g", vat_rate="5.5"),
        make_product(cheesemonger, title="Couteau à fromage", price=Decimal("19.90"), stock=9, vat_rate="20"),
    ]


def photograph(page, name):
    """Keep a picture of the whole page where SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        width = page.viewport_size["width"]
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_a_guest_gives_one_back_and_is_refunded(page, open_page, cheesemonger, neighbour, articles):
    order_as_a_guest(page, articles)
    part = MerchantOrder.objects.get(storefront__merchant=cheesemonger)
    orders.mark_ready(part, neighbour)
    orders.mark_collected(part, neighbour)
    mail.outbox.clear()

    # Somewhere on the site, in another browser: no cookie, no account.
    other = open_page()
    other.goto("/classement/")
    other.get_by_role("contentinfo").get_by_role("link", name="Renoncer au contrat ici").click()
    other.get_by_label("Numéro de commande").fill("7kq")
    other.get_by_role("button", name="Voir ce que je peux rendre").click()
    expect(other.get_by_text("huit lettres ou chiffres").first).to_be_visible()
    other.get_by_label("Numéro de commande").fill(part.purchase.number.lower().replace("-", " "))
    other.get_by_label("Courriel donné").fill(CONTACT["email"])
    photograph(other, "withdrawal-1-find")
    other.get_by_role("button", name="Voir ce que je peux rendre").click()

    expect(other.get_by_text("Pas de rétractation une fois l’article remis")).to_be_visible()
    other.get_by_role("button", name="Continuer").click()
    expect(other.get_by_text("d’au moins une ligne").first).to_be_visible()
    other.get_by_label("Couteau à fromage").fill("1")
    photograph(other, "withdrawal-2-choose")
    other.get_by_role("button", name="Continuer").click()
    expect(other.get_by_text("1 × Couteau à fromage")).to_be_visible()
    other.get_by_role("button", name="Modifier").click()
    expect(other.get_by_label("Couteau à fromage")).to_have_value("1")
    other.get_by_role("button", name="Continuer").click()
    photograph(other, "withdrawal-3-confirm")
    other.get_by_role("button", name="Confirmer la rétractation").click()
    expect(other.get_by_role("status")).to_contain_text("accusé de réception")
    expect(other.get_by_role("article")).to_contain_text("19,90")
    photograph(other, "withdrawal-4-done")
    assert {message.to[0] for message in mail.outbox} == {CONTACT["email"], neighbour.email}

    counter = open_page()
    counter.goto(f"/espace/{cheesemonger.pk}/commandes/")
    log_in(counter, neighbour)
    counter.get_by_role("link", name="Rétractations 1").click()
    slip = counter.get_by_role("article")
    expect(slip).to_contain_text("À rembourser au plus tard le")
    photograph(counter, "withdrawal-5-counter")
    slip.get_by_label("Remettre ces articles en vente").check()
    slip.get_by_role("button", name="Bien reçu").click()
    expect(counter.get_by_role("status")).to_contain_text("il vous reste à le rembourser")
    counter.get_by_role("article").get_by_role("button", name="Remboursée").click()
    expect(counter.get_by_role("article")).to_contain_text("remboursée")
    expect(counter.get_by_role("button", name="Remboursée")).to_have_count(0)

    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.state, withdrawal.refund) == ("remboursee", Decimal("19.90"))
    assert articles[1].stockrecords.get().num_in_stock == 8


def test_buyer_and_merchant_write_each_other(page, open_page, cheesemonger, neighbour, articles):
    order_as_a_guest(page, articles)
    page.get_by_role("link", name="Écrire au commerçant").click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Écrivez votre message.").first).to_be_visible()
    page.get_by_label("Votre message").fill("Puis-je passer à midi ?")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("article")).to_contain_text("Puis-je passer à midi")

    counter = open_page()
    counter.goto(f"/espace/{cheesemonger.pk}/commandes/")
    log_in(counter, neighbour)
    counter.get_by_role("link", name="Écrire").click()
    expect(counter.get_by_role("article")).to_contain_text("Camille Moulin")
    counter.get_by_label("Votre message").fill("Oui, nous fermons à 13 h.")
    counter.get_by_role("button", name="Envoyer").click()
    expect(counter.get_by_role("article")).to_have_count(2)
    photograph(counter, "messages-counter")

    page.reload()
    expect(page.get_by_role("article").last).to_contain_text("nous fermons à 13")
    photograph(page, "messages-buyer")
