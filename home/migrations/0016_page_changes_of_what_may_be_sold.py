"""What may be sold changes with what is said of allergens: a shelf shows it."""

from importlib import import_module

from django.db import migrations

from home.migrations._page_triggers import note

SHELVES = import_module("home.migrations.0008_page_changes").SHELVES


def shelf(columns):
    """Return the operation that makes the facts of products note a change of their shelf, on update."""
    return next(iter(note("shelf", "shop_productfacts", columns, SHELVES.format("product_id"), ("update",))))


class Migration(migrations.Migration):
    dependencies = [("home", "0015_clean_text"), ("shop", "0010_food_and_allergens")]
    operations = [
        migrations.RunSQL(before.reverse_sql + after.sql, after.reverse_sql + before.sql)
        for before, after in [(shelf("product_id"), shelf("product_id, may_be_sold"))]
    ]
