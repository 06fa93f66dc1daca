"""The desk where the network comes and goes: one press, one act; a new order is heard of without reloading."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from shop.models import MerchantOrder, OrderEvent
from tests.journeys.conftest import PATIENCE, SCREENS, log_in
from tests.shop.factories import make_product, order_and_confirm, put_in_basket, someone_else

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counter(browser, site):
    """Her telephone: its console is not watched, a network that is away writes there."""
    context = browser.new_context(base_url=site, viewport=SCREENS["phone"], locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def buy(product):
    guest = Client()
    put_in_basket(guest, product)
    order_and_confirm(guest, **someone_else())
    return MerchantOrder.objects.latest("pk")


def test_a_press_without_network_is_done_once_and_a_new_order_is_told(counter, bakery, baker):
    loaf = make_product(bakery, title="Pain de seigle", stock=9)
    part = buy(loaf)
    counter.goto(f"/espace/{bakery.pk}/commandes/")
    log_in(counter, baker)
    expect(counter.get_by_role("button", name="Sonner à chaque commande")).to_be_visible()

    # A new one comes while the page is open: the title tells it, once the page is looked at again.
    second = buy(loaf)
    counter.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(counter).to_have_title(re.compile(r"^\(1\) Commandes"))
    counter.get_by_role("link", name="Afficher").click()
    expect(counter.get_by_text(second.collection_code).first).to_be_visible()

    # Without network the press waits; with it, it is done, once.
    counter.context.set_offline(True)
    counter.get_by_role("button", name=f"C’est prêt : commande {part.collection_code}").click()
    expect(counter.get_by_text("Pas de réseau")).to_be_visible()
    assert not OrderEvent.objects.exists()
    counter.context.set_offline(False)
    expect(counter.get_by_text(f"{part.collection_code} est prête")).to_be_visible()
    assert [event.kind for event in OrderEvent.objects.filter(merchant_order=part)] == ["prete"]
