"""Where things lie on the screen: nothing cut, nothing outside its frame, and merchants on the first screen."""

from datetime import datetime
from time import sleep
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from directory.models import Category
from home.blocks import CampaignBlocks
from home.models import HomePage
from search.indexing import index
from tests.factories import make_merchant, make_site_settings
from tests.home.test_campaigns import make_campaign, market
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
    assert page.locator(".space-nav").bounding_box()["height"] <= 2 * 60
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_head_of_every_page_leads_merchants_to_what_waits_today(page, client, baker, bakery):
    make_product(bakery, title="Fougasse", stock=0)
    page.goto(bakery.public_path)
    page.locator(".account-menu > summary").click()
    page.get_by_role("banner").get_by_role("link", name="Mon compte").click()
    log_in(page, baker)
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
    expect(page.get_by_role("heading", name="1 article épuisé")).to_be_visible()

    page.goto("/")
    page.locator(".account-menu > summary").click()
    assert page.evaluate(OUTSIDE, ["html", ".account-menu a"]) == []
    page.get_by_role("banner").get_by_role("link", name="Espace commerçant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
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


COLOURS_THAT_COME_LATE = """
  window.late = [];
  document.addEventListener("transitionrun", event => late.push(event.target.className), true);
  // As Chromium does by itself when it looks for fields to fill in: styles are computed before the sheet is there.
  new MutationObserver(() => document.querySelectorAll("*").forEach(element => getComputedStyle(element).color))
    .observe(document, { childList: true, subtree: true });
"""


def test_nothing_fades_in_when_the_style_sheet_is_late(phone, places):
    """A button passed from grey to its colour, and its words could not be read meanwhile."""
    home = HomePage.objects.get()
    act = {"title": "Vous tenez boutique ?", "text": "", "button": "Ouvrir mon espace", "link": "/espace/"}
    home.body = CampaignBlocks().to_python([{"type": "call_to_action", "value": act}])
    home.save()
    phone.emulate_media(reduced_motion="no-preference")
    phone.add_init_script(COLOURS_THAT_COME_LATE)
    phone.route("**/*.css", lambda route: (sleep(0.05), route.continue_()))

    for path in ("/", "/recherche/", "/commercants/"):
        phone.goto(path)
        expect(phone.locator(".button--accent").last).to_have_css("background-color", "rgb(216, 232, 74)")
        phone.evaluate("() => new Promise(done => setTimeout(done, 600))")  # what is below the screen is laid out
        assert phone.evaluate("late") == [], path


@pytest.mark.parametrize("width", [768, 1280])
@pytest.mark.parametrize("count", [2, 3])
def test_what_an_editor_chose_fills_its_row(phone, places, bakery, count, width):
    merchants = [bakery, *(make_merchant(town=places.die, title=f"Chez {name}") for name in ("Ada", "Bea"))][:count]
    start, end = (datetime(2040, 12, 8, hour, tzinfo=ZoneInfo("Europe/Paris")) for hour in (9, 18))
    dates = [market("Marché de Noël", start, end) | {"id": str(uuid4())} for _ in range(count)]
    campaign = make_campaign(
        ("merchant_cards", {"title": "Deux adresses", "merchants": [merchant.pk for merchant in merchants]}),
        ("events", {"title": "À votre agenda", "events": dates}),
    )
    phone.set_viewport_size({"width": width, "height": 900})
    phone.goto(campaign.public_path)

    for cards in (".merchant-card", ".events__item"):
        expect(phone.locator(cards)).to_have_count(count)
        boxes = [card.bounding_box() for card in phone.locator(cards).all()]
        row = phone.locator(".campaign__body").bounding_box()
        assert len({box["y"] for box in boxes}) == 1, cards
        assert boxes[-1]["x"] + boxes[-1]["width"] == pytest.approx(row["x"] + row["width"], abs=1), cards


@pytest.mark.parametrize("titles", ["ABC", "ABCD"])
def test_the_foot_of_a_tablet_s_page_has_one_row_of_links(phone, places, titles):
    link = {"type": "item", "value": {"label": "Comment les résultats sont classés", "url": "/classement/"}}
    make_site_settings(footer=[("column", {"title": title, "links": [link["value"]] * 3}) for title in titles])
    for width in (680, 768, 900):
        phone.set_viewport_size({"width": width, "height": 900})
        phone.goto("/classement/")
        columns = phone.locator(".site-footer__grid nav")
        expect(columns).to_have_count(len(titles))
        assert len({column.bounding_box()["y"] for column in columns.all()}) == 1, width


@pytest.mark.parametrize("width", [320, 360, 390, 480])
def test_no_step_of_a_breadcrumb_is_cut_on_a_phone(phone, places, width):
    merchant = make_merchant(town=places.die, title="La Petite Boulangerie du Chevalier de Saint-Georges")
    loaf = make_product(merchant, title="Pain de seigle aux noix de Grenoble")
    phone.set_viewport_size({"width": width, "height": 780})
    for path in (merchant.public_path, loaf.get_absolute_url(), merchant.category.get_absolute_url()):
        phone.goto(path)
        expect(phone.locator(".breadcrumb a").first).to_be_visible()
        cut = "() => [...document.querySelectorAll('.breadcrumb a')].filter(a => a.scrollWidth > a.clientWidth + 1)"
        assert phone.evaluate(f"({cut})().map(a => a.textContent)") == [], path


def test_the_first_four_links_of_the_menu_are_seen_whole_on_a_phone(phone, places):
    for width in (360, 375, 390):
        phone.set_viewport_size({"width": width, "height": 780})
        phone.goto("/")
        last = phone.locator(".site-header__link").nth(3).bounding_box()
        assert last["x"] + last["width"] <= width - 8, width


def test_a_product_out_of_sight_is_drawn_into_it_when_the_keyboard_reaches_it(phone, places, bakery):
    for name in ("Pain de seigle", "Pain aux noix", "Pain de mie", "Pain d’épices au miel"):
        make_product(bakery, title=name)
    phone.goto("/")
    links = phone.locator(".shelf .product-card__link")
    expect(links).to_have_count(4)

    for link in links.all()[2:]:
        link.evaluate("link => link.focus()")
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
