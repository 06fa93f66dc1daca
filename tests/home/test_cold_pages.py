"""What the main pages ask of the database in a process that remembers nothing: just started, or all has changed."""

from datetime import time

import pytest
from django.core.cache import caches

from directory.models import Market
from home.blocks import CampaignBlocks
from home.models import HomePage
from portal.memory import process_cache
from tests.factories import make_merchant
from tests.home.test_blocks import make_story
from tests.home.test_campaigns import make_campaign
from tests.shop.factories import make_product

MOST = {"/": 14, "town": 15}  # two of the front page's for the products that its editors chose

AGAIN = ("/commercants/", "/commerces/", "/commerces/drome/", "/marches/lundi/")


@pytest.fixture
def region(places):
    """Two towns with all that their pages and the front page may show; more than a page of merchants in one."""
    merchants = [make_merchant(town=places.die, title=f"Chez {number}", opening_hours="24/7") for number in range(30)]
    make_merchant(town=places.privas)
    products = [make_product(merchant) for merchant in merchants[:6]]
    make_story(("text", "<p>Le four est chaud.</p>"), town=places.die)
    make_campaign()
    for weekday in range(7):
        Market.objects.create(town=places.die, weekday=weekday, opens=time(0), closes=time(23, 59), place="Ici")
    home = HomePage.objects.get()
    chosen = {"title": "Au comptoir", "products": [product.pk for product in products[:3]]}
    home.body = CampaignBlocks().to_python([{"type": "product_cards", "value": chosen}])
    home.save()
    return places


@pytest.mark.parametrize("page", MOST)
def test_a_process_that_remembers_nothing_asks_little(client, region, settings, page, django_assert_max_num_queries):
    settings.PAGE_SECONDS = 60
    path = region.die.get_absolute_url() if page == "town" else page
    assert client.get(path).status_code == 200
    caches["pages"].clear()
    process_cache.clear()

    with django_assert_max_num_queries(MOST[page], info=page):
        html = client.get(path).content.decode()

    for words in ("Chez 1", "marché", "product-card", "story-card"):
        assert words in html


@pytest.mark.django_db(transaction=True)  # inside a transaction, nothing is remembered
@pytest.mark.parametrize("page", AGAIN)
def test_a_list_of_the_region_is_read_once_and_made_again_from_memory(
    client, region, settings, page, django_assert_num_queries
):
    settings.PAGE_SECONDS = 60
    first = client.get(page)
    assert first.status_code == 200
    caches["pages"].clear()
    with django_assert_num_queries(1, info=page):  # what has changed since
        assert client.get(page).content == first.content
