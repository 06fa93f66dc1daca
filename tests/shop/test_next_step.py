"""One thing that is missing is told, the most useful first, with the link where it is done; then none."""

import pytest
from django.urls import reverse

from directory.models import MerchantPage, MerchantPicture
from shop.models import Storefront
from shop.products import Product, ProductImage, open_storefront
from shop.space.next_step import STEPS, next_step
from tests.factories import make_picture
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db


def complete(merchant, but=()):
    """Give a merchant everything, but for what these steps ask."""
    missing = set(but)
    MerchantPage.objects.filter(pk=merchant.pk).update(
        opening_hours="" if "hours" in missing else "Tu-Sa 08:00-12:00",
        phone="" if "phone" in missing else "04 75 64 01 01",
        story="" if "story" in missing else "<p>Du pain.</p>",
    )
    if "picture" not in missing:
        MerchantPicture.objects.create(merchant=merchant, image=make_picture("Vitrine"), sort_order=0)
    if "shop" not in missing:
        open_storefront(merchant)
        if "article" not in missing:
            product = make_product(merchant, title="Pain")
            if "article_picture" not in missing:
                ProductImage.objects.create(product=product, original="pain.jpg")
    return MerchantPage.objects.get(pk=merchant.pk)


def test_nothing_is_told_where_nothing_is_missing(bakery):
    assert next_step(complete(bakery)) is None


@pytest.mark.parametrize("key", [step.key for step in STEPS])
def test_what_is_missing_is_told_with_the_way_to_it(client, baker, bakery, key):
    step = next_step(complete(bakery, but=[key]))

    assert step.key == key
    client.force_login(baker)
    assert client.get(step.url).status_code == 200
    for page in ("merchant_today", "space:profile"):
        html = client.get(reverse(page, args=[bakery.pk])).content.decode()
        assert f'href="{step.url}">{step.action}</a>' in html


@pytest.mark.parametrize("place", range(len(STEPS) - 1))
def test_of_several_the_first_of_the_table_is_told(bakery, place):
    keys = [step.key for step in STEPS[place:]]

    assert next_step(complete(bakery, but=keys)).key == keys[0]


def test_it_costs_the_same_whatever_the_shop_holds(bakery, django_assert_num_queries):
    merchant = complete(bakery)
    with django_assert_num_queries(1):
        next_step(merchant)
    for number in range(9):
        make_product(merchant, title=f"Pain {number}")
    with django_assert_num_queries(1):
        next_step(merchant)
    assert Product.objects.count() == 10
    assert Storefront.objects.count() == 1
