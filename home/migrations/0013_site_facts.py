"""The site's facts are one row, there from the start: pages read it with the partners in one query."""

from django.db import migrations


def create_facts(apps, schema_editor):
    facts = apps.get_model("home", "SiteFacts").objects
    if not facts.exists():
        facts.create()


class Migration(migrations.Migration):
    dependencies = [("home", "0012_page_changes_of_reviews")]
    operations = [migrations.RunPython(create_facts, migrations.RunPython.noop)]
