"""Editors write spotlights and name partners."""

from importlib import import_module

from django.db import migrations

editors = import_module("home.migrations.0003_editors")

RIGHTS = [
    ("home", model, f"{action}_{model}", f"Can {action} {label}")
    for model, label in (("spotlight", "coup de projecteur"), ("partner", "partenaire"))
    for action in ("add", "change", "delete", "view")
]


def grant(apps, schema_editor):
    group = apps.get_model("auth.Group").objects.get(name=editors.EDITORS)
    group.permissions.add(*[editors.permission(apps, *right) for right in RIGHTS])


class Migration(migrations.Migration):
    dependencies = [("home", "0009_menus_and_snippets")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
