"""Editors write spotlights and name partners."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [("home", "0009_menus_and_snippets")]
    operations = [
        grant(*rights("home", "spotlight", "coup de projecteur"), *rights("home", "partner", "partenaire"))
    ]
