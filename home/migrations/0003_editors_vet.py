"""Editors vet merchants, and give and withdraw the right to keep their pages."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_first_rows"),
        ("directory", "0002_vetting"),
    ]

    operations = [
        grant(
            *rights("directory", "application", "candidature", ("view", "change")),
            *rights("directory", "vetting", "vérification d’un commerçant", ("view",)),
            *rights("directory", "journalentry", "acte du journal", ("view",)),
            *rights("directory", "reasontemplate", "motif type"),
            *rights("directory", "merchantmanager", "accès d’un gérant"),
        )
    ]
