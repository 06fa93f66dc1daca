"""What may be sold changes with what is said of allergens: the index follows."""

from django.db import migrations


def noting(facts):
    """Return what makes an update of these columns of a product's facts a change of the product."""
    return (
        "drop trigger note_product_on_update on shop_productfacts;"
        "create trigger note_product_on_update after update on shop_productfacts"
        " referencing old table as old_rows new table as new_rows for each statement"
        f" execute function regional_search_note('product', 'product_id', 'id', '{facts}');"
    )


PRINTED = "$.product_id, $.unit, $.measure, $.quantity, $.label"


class Migration(migrations.Migration):
    dependencies = [("regional_search", "0008_synonyms_of_words"), ("shop", "0010_food_and_allergens")]
    operations = [migrations.RunSQL(noting(f"{PRINTED}, $.may_be_sold"), noting(PRINTED))]
