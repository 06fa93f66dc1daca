"""What was stored before portal/picture_intake.py keeps the position where it was taken, for everyone under /media/.

Each picture is a step of its own: begun again, it goes on where it stopped. `manage.py clean_pictures` does the same.
"""

from django.db import migrations

from shop.picture_cleaning import clean_stored


def clean(apps, schema_editor):
    clean_stored(apps.get_model, write=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("shop", "0008_plain_descriptions"),
        ("portal", "0008_sizes_by_the_worker"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]
    operations = [migrations.RunPython(clean, migrations.RunPython.noop)]
