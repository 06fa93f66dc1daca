"""Pictures of what merchants sell, for their cards."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Window
from django.db.models.functions import DenseRank
from oscar.core.loading import get_model

from portal.page_cache import shows
from shop import thumbnails

ProductImage = get_model("catalogue", "ProductImage")

SHOWN = 3  # pictures on a card's counter
WIDTH = 160  # pixels


def goods_of(merchants: Collection[int]) -> dict[int, list[str]]:
    """Return up to three addresses of product pictures, all different, for each merchant that sells, by her id.

    One query.
    """
    shows("shelf", *merchants)
    merchant = F("product__stockrecords__partner__storefront__merchant")
    pictures = (
        ProductImage.objects.filter(
            product__is_public=True, display_order=0, product__stockrecords__partner__storefront__merchant__in=merchants
        )
        .annotate(merchant=merchant, rank=Window(DenseRank(), partition_by=merchant, order_by="original"))
        .filter(rank__lte=SHOWN)
        .values_list("merchant", "original")
        .order_by("merchant", "rank")
    )
    goods = defaultdict(list)
    for merchant_id, original in dict.fromkeys(pictures):
        goods[merchant_id].append(thumbnails.url(original, WIDTH))
    return dict(goods)
