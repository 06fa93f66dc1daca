"""The table of the default cache, for a portal without Redis."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", "portal_cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_images")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
    ]
