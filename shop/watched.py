"""What a change of what is sold, in Oscar's tables or ours, notes in the log (portal/changes.py)."""

from portal.watch import Note, watched

# What a merchant sells, and with it the town.
_SHELF = """
    join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id
    join directory_town town on town.id = merchant.town_id
    cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id),
        ('in-town:' || town.parent_id)) as told (tag)
"""
# The shelves on which changed rows stand, of whom {} is the product.
_SHELVES = f"""
    select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.{{}}
    join shop_storefront storefront on storefront.partner_id = stock.partner_id {_SHELF}
"""
_PRODUCT = Note("select 'product:' || product_id from changed")

STOREFRONT = watched(
    Note("select unnest(array['products', 'page:' || merchant_id, 'shelf:' || merchant_id]) from changed"),
    Note(f"select told.tag from changed storefront {_SHELF}", "id, merchant_id, sells", on=("update",)),
)
DETAILS = watched(
    _PRODUCT,
    Note(_SHELVES.format("product_id"), "product_id", on=("insert", "delete")),
    Note(_SHELVES.format("product_id"), "product_id, may_be_sold", on=("update",)),
)

# Oscar's tables.
PRODUCTS = watched(
    Note("select 'product:' || id from changed"),
    Note(_SHELVES.format("id"), "id, title, is_public, structure", on=("update",)),
    table="catalogue_product",
)
FILED = watched(_PRODUCT, table="catalogue_productcategory")
PICTURES = watched(
    _PRODUCT,
    Note(_SHELVES.format("product_id"), "product_id, original, display_order"),
    table="catalogue_productimage",
)
STOCK = watched(
    _PRODUCT,
    Note(
        f"select told.tag from changed join shop_storefront storefront using (partner_id) {_SHELF}",
        "product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock",
    ),
    table="partner_stockrecord",
)

# Which slots of a shop are full: its pages tell the next one.
_SLOTS = """
    select 'slots:' || storefront.merchant_id from changed {} shop_storefront storefront
    on storefront.id = storefront_id where collect_from is not null
"""
# Reviews are a merchant's by their orders.
_REVIEWED = """
    select 'page:' || storefront.merchant_id from changed
    join shop_review review on review.merchant_order_id = changed.id
    join shop_storefront storefront on storefront.id = changed.storefront_id
"""
SLOTS = [
    *watched(
        Note(_SLOTS.format("join"), "id, storefront_id, collect_from"),
        Note(_REVIEWED, "id, storefront_id", on=("update", "delete")),
    ),
    *watched(
        Note(
            _SLOTS.format("join shop_merchantorder part on part.order_id = changed.id join"),
            "id, status",
            on=("update",),
        ),
        table="order_order",
    ),
]
