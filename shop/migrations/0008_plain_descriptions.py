"""Descriptions of articles become plain text, as they are typed; addresses get the letters they had lost (œufs)."""

import re

from django.db import migrations

from portal.rich_text import to_plain
from portal.slugs import slug_of

MARKUP = re.compile(r"</?(?:p|br|strong|b|em|i|ul|ol|li|h[1-6]|div|span|a|table|tr|td)(?:\s[^<>]*)?/?>", re.IGNORECASE)
BATCH = 2_000  # products written at once


def mend(apps, schema_editor):
    Product = apps.get_model("catalogue", "Product")
    changed = []
    for product in Product.objects.only("title", "slug", "description").iterator(BATCH):
        plain = to_plain(product.description) if MARKUP.search(product.description) else product.description
        slug = slug_of(product.title)[:255] or product.slug
        if (plain, slug) != (product.description, product.slug):
            product.description, product.slug = plain, slug
            changed.append(product)
    Product.objects.bulk_update(changed, ["description", "slug"], BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0007_pictures_that_wait"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
