"""What editors write beside pages, and public pages show: partners, spotlights, words and markets of a town."""

from django.db import migrations

from home.migrations._page_triggers import note

OF_A_TOWN = """
    select told.tag from changed join directory_town town on town.id = changed.town_id
    cross join lateral (values ('town:' || town.id), ('town:' || town.parent_id)) as told (tag)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0010_editors_snippets"),
        ("directory", "0005_editors_towns"),
    ]

    operations = [
        *note("site", "home_partner", "*", "select 'site' from changed"),
        *note("editorial", "home_spotlight", "*", "select 'editorial' from changed"),
        *note("town", "directory_townguide", "*", OF_A_TOWN),
        *note("town", "directory_market", "*", f"{OF_A_TOWN} union all select 'markets' from changed"),
    ]
