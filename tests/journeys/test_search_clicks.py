"""Opening a result tells its rank, and the page asked for comes all the same."""

import pytest

from search.demand.models import Demand
from search.indexing import index
from tests.factories import make_merchant
from tests.journeys.conftest import SCREENS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen():
    return SCREENS["phone"]


def test_the_second_result_opened_is_counted_as_the_second(open_page, site, places, settings):
    settings.ELASTICSEARCH_URL = []
    for number in range(3):
        make_merchant(title=f"Four {number}")
    index.drain()
    page = open_page()
    page.goto(f"{site}/recherche/?q=four&ou=Privas")

    page.get_by_text("Pourquoi ce résultat").first.click()
    page.locator(".result__name").nth(1).get_by_role("link").click()
    page.wait_for_url(f"{site}/commercants/**")

    page.wait_for_load_state("networkidle")
    clicks = Demand.objects.exclude(rank=None)
    assert [(click.words, click.place, click.rank) for click in clicks] == [("four", "07186", 2)]
    assert page.context.cookies() == []
