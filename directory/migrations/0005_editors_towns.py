"""Editors keep the markets and write about the towns."""

from django.db import migrations

EDITORS = "Rédaction"


def permissions(apps):
    """Yield the editors' permissions; migrations run before Django makes them, so those missing are made here."""
    for model in ("market", "townguide"):
        content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
            app_label="directory", model=model
        )
        for action in ("add", "change", "delete", "view"):
            yield apps.get_model("auth.Permission").objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
            )[0]


def give(apps, schema_editor):
    apps.get_model("auth.Group").objects.get(name=EDITORS).permissions.add(*permissions(apps))


def take_back(apps, schema_editor):
    apps.get_model("auth.Group").objects.get(name=EDITORS).permissions.remove(*permissions(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_markets_and_guides"),
        ("home", "0003_editors"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, take_back)]
