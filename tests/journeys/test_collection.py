"""A shopper chooses when to come, a merchant proposes another time, in a real browser."""

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import expect

from shop.models import MerchantOrder, Storefront
from tests.journeys.conftest import log_in
from tests.shop.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_time_is_chosen_at_each_merchants_then_another_proposed_and_accepted(
    page, open_page, bakery, cheesemonger, baker
):
    bread = make_product(bakery, title="Pain de seigle", stock=5)
    cheese = make_product(cheesemonger, title="Picodon de Die affiné", stock=5)
    Storefront.objects.update(slot_minutes=60)
    for product in (cheese, bread):
        page.goto(product.get_absolute_url())
        expect(page.get_by_text("À retirer dès")).to_be_visible()
        page.get_by_role("button", name="Ajouter au panier").click()
    expect(page.get_by_text("À retirer dès")).to_have_count(2)
    page.get_by_role("button", name="Vérifier ma commande").click()

    page.get_by_label("Nom et prénom").fill("Camille Moulin")
    page.get_by_label("Courriel").fill("camille@voisins.example")
    page.get_by_label("Téléphone").fill("06 39 98 21 40")
    part = page.locator(f"#retrait-{bakery.pk}")
    expect(part.get_by_text("Au plus tôt")).to_be_visible()
    part.get_by_text("Choisir un autre moment").click()
    part.get_by_role("button", name=re.compile(r"^sam\.")).first.click()
    expect(part.get_by_role("radio").first).to_be_checked()
    expect(page.get_by_label("Nom et prénom")).to_have_value("Camille Moulin")
    part.locator(".slot", has_text=re.compile(r"^\s*17")).click()
    page.get_by_role("button", name="Commander avec obligation de paiement").click()
    expect(page.get_by_text(re.compile(r"Retrait\ssamedi.*17\sh\s–\s18\sh"))).to_be_visible()
    page.goto(re.search(rf"{settings.SITE_URL}(/\S+)", mail.outbox[-1].body)[1])
    page.get_by_role("button", name="Confirmer la commande avec obligation de paiement").click()
    expect(page.get_by_role("link", name="Ajouter ces horaires à mon agenda")).to_be_visible()

    merchant = open_page()
    merchant.goto(f"/espace/{bakery.pk}/commandes/")
    log_in(merchant, baker)
    expect(merchant.get_by_role("heading", name=re.compile("amedi"))).to_be_visible()
    merchant.get_by_role("link", name="Proposer un autre horaire").click()
    merchant.get_by_role("button", name=re.compile(r"^dim\.")).first.click()
    merchant.get_by_label("Un mot pour le client").fill("Le four est en panne.")
    merchant.get_by_role("button", name="Proposer cet horaire").click()
    expect(merchant.get_by_text("vous avez proposé dimanche")).to_be_visible()

    (told,) = [message for message in mail.outbox if "autre horaire" in message.subject]
    page.goto(re.search(rf"{settings.SITE_URL}(/\S+)", told.body)[1])
    page.get_by_role("button", name="Accepter cet horaire").click()
    expect(page.get_by_text(re.compile(r"Retrait\sdimanche"))).to_be_visible()
    assert MerchantOrder.objects.get(storefront__merchant=bakery).slot.start.weekday() == 6


def test_a_merchant_sees_what_the_rules_come_to_before_saving(page, bakery, baker):
    make_product(bakery, title="Pain de seigle", stock=5)
    page.goto(f"/espace/{bakery.pk}/retraits/")
    log_in(page, baker)
    page.get_by_label("Un créneau de retrait dure").select_option("120")
    page.get_by_label("Samedi").check()
    page.get_by_role("button", name="Voir ce que cela donne").click()
    expect(page.get_by_text("pas encore enregistré")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^samedi"))).to_have_count(0)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Enregistré")).to_be_visible()
    assert Storefront.objects.get().collection_days_off == ["samedi"]
