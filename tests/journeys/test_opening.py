"""A merchant opens a shop on their telephone, rehearses, and pauses it; a visitor sees each of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from directory.models import MerchantPage
from shop.models import Storefront
from shop.products import create_product, create_storefront
from tests.journeys.conftest import SCREENS, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen():
    return SCREENS["phone"]


def test_a_shop_opens_after_a_rehearsal_and_pauses_until_a_day(page, open_page, bakery, baker):
    loaf = create_product(
        create_storefront(bakery), title="Pain de seigle", price=Decimal("4.90"), stock=5, unit="700 g", vat_rate="5.5",
        is_food=True, allergens=["gluten"],
    )  # fmt: skip
    MerchantPage.objects.filter(pk=bakery.pk).update(phone="04 75 64 01 01", email="pain@fournil.example")
    visitor = open_page()
    visitor.goto(loaf.get_absolute_url())
    expect(visitor.get_by_text("La vente en ligne n’est pas encore ouverte")).to_be_visible()

    page.goto(f"/espace/{bakery.pk}/boutique/")
    log_in(page, baker)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma boutique")
    page.get_by_label("J’ai lu et j’accepte").check()
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_text("Acceptées le")).to_be_visible()

    page.get_by_label("Raison sociale").fill("Le Fournil des Mines")
    page.get_by_label("Forme juridique").select_option("ei")
    # A mediator without a site is not enough, and nothing typed is lost.
    page.get_by_label("Franchise en base").check()
    page.get_by_label("Nom du médiateur").fill("Médiation de la consommation")
    page.get_by_label("Son adresse postale").fill("12 rue de la République, 69002 Lyon")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Écrivez le site de votre médiateur").last).to_be_visible()
    expect(page.get_by_label("Nom du médiateur")).to_have_value("Médiation de la consommation")
    page.get_by_label("Son site internet").fill("mediation.example")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Enregistré.")).to_be_visible()
    assert not Storefront.objects.get().sells

    # The fake order waits at the desk, as a real one would.
    page.get_by_role("button", name="Recevoir la commande d’essai").click()
    expect(page.get_by_text("vous attend").first).to_be_visible()
    page.goto(f"/espace/{bakery.pk}/commandes/")
    page.get_by_role("button", name="C’est prêt").click()
    expect(page.get_by_text("Essai réussi")).to_be_visible()
    assert Storefront.objects.get().sells
    visitor.reload()
    expect(visitor.get_by_role("button", name="Ajouter au panier")).to_be_visible()
    expect(visitor.get_by_text("art. 293 B du CGI")).to_be_visible()

    # In one tap: the day of return is there already.
    back = timezone.localdate() + timedelta(days=7)
    page.goto(f"/espace/{bakery.pk}/boutique/")
    page.get_by_role("button", name="Mettre en pause").click()
    expect(page.get_by_text("rien ne se vend avant le").first).to_be_visible()
    assert Storefront.objects.get().paused_until == back
    visitor.reload()
    expect(visitor.get_by_text("Boutique en pause jusqu’au")).to_be_visible()
    visitor.get_by_role("link", name="Conditions de vente").click()
    expect(visitor.get_by_text("12 rue de la République")).to_be_visible()

    page.get_by_role("button", name="Reprendre maintenant").click()
    expect(page.get_by_text("La pause est finie")).to_be_visible()
    visitor.goto(loaf.get_absolute_url())
    expect(visitor.get_by_role("button", name="Ajouter au panier")).to_be_visible()
