"""What merchants offer and are certified for, in the entries; a change of it is a change for the search."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


def noting(kind, facts):
    """Return what makes an update of a merchant's columns a change of a kind."""
    return (
        f"drop trigger note_{kind}_on_update on directory_merchantpage;"
        f"create trigger note_{kind}_on_update after update on directory_merchantpage"
        " referencing old table as old_rows new table as new_rows for each statement"
        f" execute function regional_search_note('{kind}', 'page_ptr_id', 'page_ptr_id', '{facts}');"
    )


PLACE, TEXT = "$.town_id, $.category_id, $.latitude, $.longitude", "$.street, $.opening_hours, $.story"


class Migration(migrations.Migration):
    dependencies = [
        ("regional_search", "0006_alerts"),
        ("directory", "0003_services"),
    ]

    operations = [
        migrations.RemoveField("indexedentry", "label"),
        migrations.AddField(
            "indexedentry", "labels", ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)
        ),
        migrations.AddField("indexedentry", "delivers", models.BooleanField(default=False)),
        migrations.AddField("indexedentry", "step_free", models.BooleanField(default=False)),
        migrations.AddField("indexedentry", "name", models.CharField(db_collation="C", default="", max_length=100)),
        migrations.RunSQL(noting("seller", f"{PLACE}, $.delivers, $.step_free"), noting("seller", PLACE)),
        migrations.RunSQL(noting("merchant", f"{TEXT}, $.labels"), noting("merchant", TEXT)),
    ]
