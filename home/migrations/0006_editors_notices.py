"""Editors answer reports and keep the facts of the site."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [("home", "0005_notices_and_site_facts")]
    operations = [
        grant(
            *rights("home", "notice", "signalement", ("view", "change")),
            *rights("home", "sitefacts", "informations du site", ("change",)),
        )
    ]
