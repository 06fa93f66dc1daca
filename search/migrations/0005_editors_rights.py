"""What editors write takes effect at once, and they may write it."""

from django.db import migrations

from portal.editors import grant, rights

TRIGGERS = [
    (f"touch_places_on_{write}", f"regional_search_{model}", write)
    for model in ("synonym", "promotedanswer")
    for write in ("insert", "update", "delete")
]


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
        grant(
            *rights("regional_search", "synonym", "synonym"),
            *rights("regional_search", "promotedanswer", "promotedanswer"),
            *rights("regional_search", "demand", "demand", ("view",)),
        ),
    ]
