"""What pages of the packages below may show of the shop."""

from dataclasses import replace

from django import template

from shop.goods import stocked
from shop.products import product_cards, products_of

register = template.Library()


@register.simple_tag
def merchant_products(merchant, limit=12):
    """Return the product cards of a merchant's page, which names her: {% merchant_products page as products %}."""
    return [replace(card, seller="") for card in product_cards(products_of(merchant)[:limit])]


register.simple_tag(stocked)
