"""Let processes ask which tags have changed since a moment (portal/memory.py), beside when some tags last did."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_page_changes")]

    operations = [
        migrations.RunSQL(
            "create index portal_page_change_by_moment on portal_page_change (changed_in) include (tag);",
            "drop index portal_page_change_by_moment;",
        )
    ]
