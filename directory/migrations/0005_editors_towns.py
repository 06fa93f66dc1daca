"""Editors keep the markets and write about the towns."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_markets_and_guides"),
        ("home", "0003_editors"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [grant(*rights("directory", "market", "market"), *rights("directory", "townguide", "townguide"))]
