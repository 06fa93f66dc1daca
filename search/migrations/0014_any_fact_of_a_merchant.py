"""Any column of a merchant's page that changes is a change of her entry: whoever adds one to it has nothing to add here.

What concerns her products too is still named, with the kind "seller": their entries are many.
"""

from django.db import migrations


def noting(facts):
    """Return what makes an update of a merchant's columns a change of her entry."""
    return (
        "drop trigger note_merchant_on_update on directory_merchantpage;"
        "create trigger note_merchant_on_update after update on directory_merchantpage"
        " referencing old table as old_rows new table as new_rows for each statement"
        f" execute function regional_search_note('merchant', 'page_ptr_id', 'page_ptr_id', '{facts}');"
    )


class Migration(migrations.Migration):
    dependencies = [("regional_search", "0013_history")]

    operations = [
        migrations.RunSQL(noting("$.*"), noting("$.street, $.opening_hours, $.story, $.labels")),
    ]
