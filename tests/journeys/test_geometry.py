"""Where things lie on the screen: nothing cut, nothing outside its frame, and merchants on the first screen."""

import pytest
from playwright.sync_api import expect

from directory.models import Category
from search.indexing import index
from tests.factories import make_merchant
from tests.journeys.conftest import PATIENCE, log_in
from tests.shop.factories import make_product, order_and_confirm, put_in_basket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
TOUCHABLE = """option => {
  scrollBy(0, Math.max(0, option.getBoundingClientRect().bottom - innerHeight))
  const box = option.getBoundingClientRect()
  return option.contains(document.elementFromPoint(box.left + box.width / 2, box.bottom - 2))
}"""
OUTSIDE = """([frame, inner]) => [...document.querySelectorAll(frame)].flatMap(box => {
  const around = box.getBoundingClientRect()
  return [...box.querySelectorAll(inner)].filter(part => part.checkVisibility()).filter(part => {
    const own = part.getBoundingClientRect()
    return own.left < around.left || own.right > around.right || own.top < around.top || own.bottom > around.bottom
  }).map(part => part.textContent.trim())
})"""


@pytest.fixture
def phone(browser, site):
    """A page in a phone's browser, whatever the other screens of the journeys."""
    context = browser.new_context(base_url=site, viewport=PHONE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_what_the_search_proposes_is_seen_whole(page, places, bakery):
    for name in (
        "Boucherie du Lac",
        "Bouquets de Jo",
        "Boulangerie Vernet",
        "Bougies de Lou",
        "Bouquinerie",
        "Boutons",
    ):
        make_merchant(title=name)
    index.drain()
    for path in ("/", "/commercants/"):
        page.goto(path)
        page.get_by_role("combobox", name="Que cherchez-vous ?").press_sequentially("bou")
        proposed = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
        expect(proposed.nth(4)).to_be_visible()
        assert [option.inner_text() for option in proposed.all() if not option.evaluate(TOUCHABLE)] == [], path


def test_a_list_of_merchants_begins_on_the_first_screen_of_a_phone(phone, places):
    """With as many trades to choose from as the region has."""
    for category in Category.objects.exclude(parent=None)[:40]:
        make_merchant(category=category)

    for path in ("/commercants/", places.privas.get_absolute_url()):
        phone.goto(path)
        expect(phone.get_by_text("Choisir un métier")).to_be_visible()
        card = phone.locator(".merchant-card").first.bounding_box()
        assert 0 < card["y"] <= PHONE["height"], path


def test_a_merchant_s_tabs_and_the_buttons_of_her_orders_stay_in_their_frame(page, client, baker, bakery):
    loaf = make_product(bakery, title="Pain de seigle aux noix de Grenoble et aux figues séchées", stock=9)
    put_in_basket(client, loaf, 2)
    order_and_confirm(client)
    page.goto("/compte/connexion/")
    log_in(page, baker)
    page.goto(f"/espace/{bakery.pk}/commandes/")
    page.get_by_text("Annuler cette commande").click()
    expect(page.get_by_role("button", name="Annuler et prévenir")).to_be_visible()

    assert page.locator(".space-nav__link").count() >= 3
    assert page.evaluate(OUTSIDE, [".order-ticket", "a, button, summary"]) == []
    assert page.evaluate(OUTSIDE, [".space-nav", "a"]) == []
    assert page.evaluate(OUTSIDE, ["html", ".space-nav a"]) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_search_shows_its_first_result_on_the_first_screen_of_a_phone(phone, places):
    """Eight questions: what was understood on a line, filters and map a tap away."""
    for category in Category.objects.exclude(parent=None)[:12]:
        for town in (places.privas, places.die):
            merchant = make_merchant(category=category, town=town, title=f"La Chèvre {category.name}")
    make_product(merchant, title="Fromage de chèvre")
    index.drain()
    trade = merchant.category.name

    for asked in (
        "?q=chèvre&ou=Die",
        "?q=chevre",
        "?q=chevvre&ou=Privas",
        "?ou=Privas",
        f"?q={trade}",
        f"?q={trade}&ou=Die",
        f"?q={trade}+ouvert+dimanche&ou=Privas",
        "?q=fromage+de+chèvre",
    ):
        phone.goto(f"/recherche/{asked}")
        first = phone.locator(".result, main .product-card").first.bounding_box()
        assert 0 < first["y"] <= PHONE["height"], asked
        assert phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), asked


def test_the_map_of_results_is_a_tap_away_on_a_phone_and_there_on_a_desk(phone, places):
    make_merchant(town=places.die, title="La Chèvre")
    index.drain()
    phone.goto("/recherche/?q=chèvre")

    carte = phone.get_by_role("group", name="Carte des résultats")
    expect(carte).to_be_hidden()
    phone.get_by_text("Voir la carte").click()
    expect(carte).to_be_visible()

    phone.set_viewport_size({"width": 1280, "height": 900})
    phone.goto("/recherche/?q=chèvre")
    expect(carte).to_be_visible()
    expect(phone.get_by_text("Voir la carte")).to_be_hidden()
