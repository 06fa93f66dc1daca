"""Pages that are kept for a minute never tell of a time that is taken."""

import re

import pytest
from django.core.cache import caches
from django.test import Client

from shop.models import MerchantOrder, Storefront
from tests.shop.factories import make_product, order_and_confirm, put_in_basket, refuse

# Snapshots tell transactions apart, so that changes must be committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.PAGE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def told(path):
    page = Client().get(path).content.decode()
    return re.search(r"[Rr]et(?:irer|rait) dès (?:<strong>)?([^<,]+)", page)[1]


def test_the_next_time_follows_what_is_taken_and_given_back(bakery):
    bakery.opening_hours = "24/7"
    bakery.save()
    bread = make_product(bakery, title="Pain de seigle", stock=9)
    Storefront.objects.update(slot_places=1, slot_minutes=120)
    paths = [bread.get_absolute_url(), bakery.public_path]
    first = [told(path) for path in paths]
    assert [told(path) for path in paths] == first  # from the cache

    buyer = Client()
    put_in_basket(buyer, bread)
    order_and_confirm(buyer)
    assert [path for path, before in zip(paths, first, strict=True) if told(path) == before] == []

    refuse(MerchantOrder.objects.get())
    assert [told(path) for path in paths] == first

    Storefront.objects.update(collection_lead=1440)
    assert [path for path, before in zip(paths, first, strict=True) if told(path) == before] == []
