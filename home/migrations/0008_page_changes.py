"""Which table changes what on public pages, by the tags of portal/page_cache.py.

It stands here because ``home`` knows all tables.
"""

from django.db import migrations

from home.migrations._page_triggers import WRITES, note

OF_THE_PAGE = "id, title, url_path, live, seo_title, search_description, first_published_at, last_published_at"

# Who is where: a merchant comes, goes, or moves.
PLACES = """
    cross join lateral (values ('merchants'), ('department:' || town.department_code), ('town:' || town.id),
        ('town:' || town.parent_id)) as told (tag)
"""
# The merchants of changed rows, of whom {} is the page.
MERCHANTS = """
    select told.tag from changed join directory_merchantpage merchant on merchant.page_ptr_id = changed.{}
    join directory_town town on town.id = merchant.town_id
"""
# In which order lists show them, and who is open there.
ORDERS = "cross join lateral (values ('merchants'), ('town:' || town.id), ('town:' || town.parent_id)) as told (tag)"
# What a merchant sells, and with her the town.
SHELF = """
    join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id
    join directory_town town on town.id = merchant.town_id
    cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('town:' || town.id),
        ('town:' || town.parent_id)) as told (tag)
"""
# The shelves on which changed rows stand, of whom {} is the product.
SHELVES = f"""
    select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.{{}}
    join shop_storefront storefront on storefront.partner_id = stock.partner_id {SHELF}
"""

# As note() takes them: kind, table, columns that matter, tags of "changed", writes.
NOTED = [
    # Pages
    ("page", "wagtailcore_page", OF_THE_PAGE, "select 'page:' || id from changed", ("update", "delete")),
    (
        "editorial",
        "wagtailcore_page",
        OF_THE_PAGE,
        """select 'editorial' from changed
        where not exists (select from directory_merchantpage where page_ptr_id = changed.id)""",
        ("update", "delete"),
    ),
    *(
        (
            "content",
            table,
            "*",
            "select 'page:' || page_ptr_id from changed union all select 'editorial' from changed",
            WRITES,
        )
        for table in ("home_homepage", "home_storyindexpage", "home_storypage", "home_campaignpage")
    ),
    ("content", "directory_directorypage", "*", "select 'page:' || page_ptr_id from changed", WRITES),
    ("content", "directory_merchantpage", "*", "select 'page:' || page_ptr_id from changed", WRITES),
    ("content", "directory_merchantpicture", "*", "select 'page:' || merchant_id from changed", WRITES),
    # Who is where, and in which order
    (
        "set",
        "directory_merchantpage",
        "page_ptr_id, town_id, category_id, latitude, longitude",
        f"select told.tag from changed join directory_town town on town.id = changed.town_id {PLACES}",
        WRITES,
    ),
    ("set", "wagtailcore_page", "id, live", MERCHANTS.format("id") + PLACES, ("update",)),
    ("order", "wagtailcore_page", "id, title", MERCHANTS.format("id") + ORDERS, ("update",)),
    (
        "order",
        "directory_merchantpage",
        "page_ptr_id, opening_hours",
        MERCHANTS.format("page_ptr_id") + ORDERS,
        ("update",),
    ),
    # Products
    ("product", "catalogue_product", "*", "select 'product:' || id from changed", WRITES),
    ("product", "catalogue_productcategory", "*", "select 'product:' || product_id from changed", WRITES),
    ("product", "catalogue_productimage", "*", "select 'product:' || product_id from changed", WRITES),
    ("product", "shop_productfacts", "*", "select 'product:' || product_id from changed", WRITES),
    ("product", "partner_stockrecord", "*", "select 'product:' || product_id from changed", WRITES),
    ("shelf", "catalogue_product", "id, title, is_public, structure", SHELVES.format("id"), ("update",)),
    ("shelf", "catalogue_productimage", "product_id, original, display_order", SHELVES.format("product_id"), WRITES),
    ("shelf", "shop_productfacts", "product_id", SHELVES.format("product_id"), WRITES),
    (
        "shelf",
        "partner_stockrecord",
        "product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock",
        f"select told.tag from changed join shop_storefront storefront using (partner_id) {SHELF}",
        WRITES,
    ),
    (
        "shelf",
        "shop_storefront",
        "*",
        "select unnest(array['products', 'page:' || merchant_id, 'shelf:' || merchant_id]) from changed",
        WRITES,
    ),
    # Pictures
    ("picture", "portal_picture", "*", "select 'picture:' || id from changed", ("update", "delete")),
    ("picture", "portal_rendition", "*", "select 'picture:' || image_id from changed", WRITES),
    # Places, and what all pages show
    ("town", "directory_town", "*", "select 'town:' || id from changed", ("update",)),
    ("site", "directory_town", "insee_code, name, slug, department_code, parent_id", "select 'site' from changed", WRITES),
    ("site", "directory_category", "*", "select 'site' from changed", WRITES),
    ("site", "home_sitefacts", "*", "select 'site' from changed", WRITES),
]


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0007_campaign_page"),
        ("portal", "0005_page_changes"),
        ("directory", "0001_initial"),
        ("shop", "0001_initial"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
        ("partner", "0007_partneraddress_code"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [trigger for noted in NOTED for trigger in note(*noted)]
