"""With 2,000 articles and 5,000 orders, every page of the merchant's space asks fifteen queries at most."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.directory.test_isolation import addresses
from tests.shop.factories import open_storefront
from tests.shop.test_today import fill

pytestmark = pytest.mark.django_db
OWN = "espace/<int:pk>/"
MOST = 15
PREVIEW = "espace/<int:pk>/apercu/"  # the public page, drawn without what a process remembers of it: a few more


def test_every_page_of_the_space_asks_fifteen_queries_at_most(client, bakery, baker, loaf):
    fill(storefront=open_storefront(bakery), articles=2000, placed=5000)
    client.force_login(baker)
    pages = [address for address in addresses() if address.startswith(OWN) and address.count("<") == 1]
    asked, seen = {}, 0

    for address in pages:
        path = "/" + address.replace("<int:pk>", str(bakery.pk))
        client.get(path)  # what a process remembers of the site is remembered
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
            b"".join(response) if response.streaming else response.content
            count = len(connection.queries_log) - queries.initial_queries
        if response.status_code == 200:
            seen += 1
            asked[address] = count

    assert seen > 15
    assert asked.pop(PREVIEW) < 25
    assert {address: count for address, count in asked.items() if count > MOST} == {}
    assert max(asked.values()) > 3  # they are counted
