"""Editors answer reports and keep the facts of the site."""

from importlib import import_module

from django.db import migrations

editors = import_module("home.migrations.0003_editors")

RIGHTS = [
    ("home", "notice", "view_notice", "Can view signalement"),
    ("home", "notice", "change_notice", "Can change signalement"),
    ("home", "sitefacts", "change_sitefacts", "Can change informations du site"),
]


def grant(apps, schema_editor):
    group = apps.get_model("auth.Group").objects.get(name=editors.EDITORS)
    group.permissions.add(*[editors.permission(apps, *right) for right in RIGHTS])


class Migration(migrations.Migration):
    dependencies = [("home", "0005_notices_and_site_facts")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
