from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    """Editors change the tree of categories and the words by which the search knows each."""

    dependencies = [
        ("directory", "0009_categories_of_editors"),
        ("home", "0005_editors_sanction"),
    ]

    operations = [
        grant(*rights("directory", "category", "catégorie", ("add", "change", "view"))),
    ]
