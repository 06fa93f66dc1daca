"""Editors decide recalls, as shop managers do."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0008_closing_plans"),
        ("shop", "0018_recalls"),
    ]

    operations = [grant(*rights("shop", "recall", "rappel", ("view", "change")))]
