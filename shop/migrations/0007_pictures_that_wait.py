"""The worker asks twice a second for product pictures that wait for their sizes (shop/picture_job.py)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0006_small_quantities"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]

    operations = [
        migrations.RunSQL(
            "create index shop_pictures_that_wait on catalogue_productimage (id) where original like 'images/new/%';",
            "drop index shop_pictures_that_wait;",
        ),
    ]
