"""Editors read reviews before they are shown."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0006_editors_file"),
        ("shop", "0012_reviews"),
    ]

    operations = [grant(*rights("shop", "review", "avis", ("view", "change")))]
