"""What the table of all pages notes is declared once, in home, which knows who watches it."""

import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0012_watched'),
        ('home', '0024_pages_watched_once'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='merchantpage',
            name='wagtailcore_page_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='merchantpage',
            name='wagtailcore_page_delete',
        ),
    ]
