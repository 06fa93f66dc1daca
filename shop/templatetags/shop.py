"""What pages of the packages below may show of the shop."""

from dataclasses import replace

from django import template
from django.utils import timezone

from directory.models import MerchantPage
from portal.page_cache import shows
from shop import products
from shop.goods import stocked
from shop.products import product_cards, products_of

register = template.Library()


@register.simple_tag
def merchant_products(merchant, limit=12):
    """Return the product cards of a merchant's page, which names her: {% merchant_products page as products %}."""
    return [replace(card, seller="") for card in product_cards(products_of(merchant)[:limit])]


@register.simple_tag
def products_of_the_day(count, town=None, category=None):
    """Return cards of the day’s products: {% products_of_the_day 4 town category as products %}, None for all."""
    if town is None:
        shows("products")  # those of a town are noted with the town
    merchants = MerchantPage.objects.live()
    merchants = merchants.in_town(town) if town else merchants
    merchants = merchants.in_category(category) if category else merchants
    return product_cards(products.products_of_the_day(merchants, timezone.localdate(), count))


register.simple_tag(stocked)
