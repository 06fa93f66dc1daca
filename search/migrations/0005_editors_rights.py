"""What editors write takes effect at once, and they may write it."""

from django.db import migrations

EDITORS = "Rédaction"
RIGHTS = {
    "synonym": ("add", "change", "delete", "view"),
    "promotedanswer": ("add", "change", "delete", "view"),
    "demand": ("view",),
}
TRIGGERS = [
    (f"touch_places_on_{write}", f"regional_search_{model}", write)
    for model in ("synonym", "promotedanswer")
    for write in ("insert", "update", "delete")
]


def permissions(apps):
    """Yield the editors' permissions; migrations run before Django makes them, so those missing are made here."""
    for model, actions in RIGHTS.items():
        content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
            app_label="regional_search", model=model
        )
        for action in actions:
            yield apps.get_model("auth.Permission").objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
            )[0]


def give(apps, schema_editor):
    apps.get_model("auth.Group").objects.get(name=EDITORS).permissions.add(*permissions(apps))


def take_back(apps, schema_editor):
    apps.get_model("auth.Group").objects.get(name=EDITORS).permissions.remove(*permissions(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("regional_search", "0004_editors_words"),
        ("home", "0003_editors"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"create trigger {name} after {write} on {table} "
                "for each statement execute function regional_search_touch_places();",
                f"drop trigger {name} on {table};",
            )
            for name, table, write in TRIGGERS
        ),
        migrations.RunPython(give, take_back),
    ]
