"""What pages of the packages below may show of the shop."""

from django import template

from shop.products import product_cards, products_of

register = template.Library()


@register.simple_tag
def merchant_products(merchant, limit=12):
    """Return the product cards of a merchant's page: {% merchant_products page as products %}."""
    return product_cards(products_of(merchant)[:limit])
