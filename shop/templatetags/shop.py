"""What pages of the packages below may show of the shop."""

from dataclasses import replace

from django import template

from shop.goods import goods_of
from shop.products import product_cards, products_of

register = template.Library()


@register.simple_tag
def merchant_products(merchant, limit=12):
    """Return the product cards of a merchant's page: {% merchant_products page as products %}."""
    return product_cards(products_of(merchant)[:limit])


@register.simple_tag
def stocked(cards):
    """Return merchant cards with pictures of what each sells: {% stocked merchants as merchants %}; one query."""
    goods = goods_of([card.pk for card in cards])
    return [replace(card, goods=tuple(goods.get(card.pk, ()))) for card in cards]
