"""A shop that opens or closes: what it sells is found, or no longer."""

from django.db import migrations


def noting(facts):
    """Return what makes an update of a storefront's columns a change for the search."""
    return (
        "drop trigger note_seller_on_update on shop_storefront;"
        "create trigger note_seller_on_update after update on shop_storefront"
        " referencing old table as old_rows new table as new_rows for each statement"
        f" execute function regional_search_note('seller', 'merchant_id', 'id', '{facts}');"
    )


SHOP = "$.merchant_id, $.partner_id"


class Migration(migrations.Migration):
    dependencies = [
        ("regional_search", "0010_hours_read_anew"),
        ("shop", "0011_who_may_sell"),
    ]

    operations = [migrations.RunSQL(noting(f"{SHOP}, $.sells"), noting(SHOP))]
