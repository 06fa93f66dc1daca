"""Pictures of what merchants sell, for their cards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from django.db import connection

from directory.cards import MerchantCard
from portal.dependencies import depends_on
from portal.memory import memoized
from shop import thumbnails

SHOWN = 3  # pictures on a card's counter
WIDTH = 160  # pixels
PICTURES = """
    select merchant.id, good.original
    from unnest(%s::int[]) as merchant (id), lateral (
        select distinct picture.original
        from shop_storefront as storefront
        join partner_stockrecord as stock using (partner_id)
        join catalogue_product as product on product.id = stock.product_id
        join shop_productdetails as details on details.product_id = product.id
        join catalogue_productimage as picture on picture.product_id = product.id
        where storefront.merchant_id = merchant.id and product.is_public and details.may_be_sold
            and picture.display_order = 0
        order by picture.original
        limit %s
    ) as good
"""


def with_product_pictures(cards: Iterable[MerchantCard]) -> list[MerchantCard]:
    """Return merchant cards, those who sell with pictures of what they sell; one query."""
    cards = list(cards)
    goods = product_pictures_of(frozenset(card.pk for card in cards))
    return [replace(card, goods=goods[card.pk]) if card.pk in goods else card for card in cards]


@memoized
def product_pictures_of(merchants: frozenset[int]) -> Mapping[int, tuple[str, ...]]:
    """Return up to three addresses of product pictures, all different, for each merchant that sells, by id.

    One query, in SQL: its window function cost more to write in Django's words than to answer.
    """
    depends_on("shelf", *merchants)
    goods = defaultdict(list)
    if merchants:
        with connection.cursor() as cursor:
            cursor.execute(PICTURES, [list(merchants), SHOWN])
            for merchant, original in cursor.fetchall():
                goods[merchant].append(thumbnails.url(original, WIDTH))
    return MappingProxyType({merchant: tuple(addresses) for merchant, addresses in goods.items()})
