"""Lay all opening hours out anew: those in the index were read by rules that said some shops open or closed wrongly."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("regional_search", "0009_what_may_be_sold")]

    operations = [
        migrations.RunSQL(
            "update regional_search_indexedentry set renew_on = current_date where renew_on is not null",
            migrations.RunSQL.noop,
        )
    ]
