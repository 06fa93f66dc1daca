"""An editor's approval is told on the merchant's page, even when another task follows and nothing is published yet."""

from django.db import migrations

from home.migrations._page_triggers import note


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0011_page_changes_of_snippets"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        *note(
            "review",
            "wagtailcore_taskstate",
            "workflow_state_id, status, finished_at",
            """select 'page:' || review.object_id from changed
            join wagtailcore_workflowstate review on review.id = changed.workflow_state_id
            where changed.status = 'approved'""",
        ),
    ]
