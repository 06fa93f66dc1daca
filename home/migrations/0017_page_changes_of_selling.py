"""A shop that opens or closes is another shelf, in its town too."""

from importlib import import_module

from django.db import migrations

from home.migrations._page_triggers import note

SHELF = import_module("home.migrations.0008_page_changes").SHELF


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0016_page_changes_of_what_may_be_sold"),
        ("shop", "0011_who_may_sell"),
    ]

    operations = [
        *note(
            "selling",
            "shop_storefront",
            "id, merchant_id, sells",
            f"select told.tag from changed storefront {SHELF}",
            ("update",),
        ),
    ]
