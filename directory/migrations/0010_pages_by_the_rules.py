"""What no rule of directory/rules.py or constraint of 0011 can keep is mended, or emptied and told.

A postal code of another town, or a position far from it, stays for an editor to look at: only she knows which is wrong.
"""

from django.core.exceptions import ValidationError
from django.db import migrations

from portal.phone import french_phone
from portal.website import website

WRONG = """
    select page.page_ptr_id, stored.title, page.{column}::text, {more}
    from directory_merchantpage page
    join wagtailcore_page stored on stored.id = page.page_ptr_id
    join directory_town town on town.id = page.town_id
    where {wrong} order by page.page_ptr_id
"""
EMAIL = r"^[^@[:space:]]+@[^@[:space:]]+$"
WEBSITE = r"^https?://[^[:space:]]+$"
PHONE = r"^0[1-9]( [0-9]{2}){4}$"


def read(rule, value):
    try:
        return rule(value)
    except ValidationError:
        return ""


def mend(apps, schema_editor):
    rules = [
        ("phone", f"page.phone <> '' and page.phone !~ '{PHONE}'", "''", lambda value, _: read(french_phone, value)),
        ("website", f"page.website <> '' and page.website !~* '{WEBSITE}'", "''", lambda value, _: read(website, value)),
        ("email", f"page.email <> '' and page.email !~ '{EMAIL}'", "''", lambda value, _: ""),
        ("postal_code", "page.postal_code !~ '^[0-9]{5}$'", "town.postal_codes[1]", lambda _, own: own),
        # A day too late for the clock of any zone.
        ("confirmed_on", "page.confirmed_on > current_date + 1", "''", lambda value, _: None),
    ]
    pages = apps.get_model("directory", "MerchantPage").objects
    with schema_editor.connection.cursor() as cursor:
        for column, wrong, more, rule in rules:
            cursor.execute(WRONG.format(column=column, wrong=wrong, more=more))
            for pk, title, value, own in cursor.fetchall():
                written = rule(value, own)
                print(f"Page {pk}, {title} : {column} « {value} » devient « {written or ''} ».")
                pages.filter(pk=pk).update(**{column: written})
        cursor.execute(
            """update directory_merchantpage set latitude = null, longitude = null
            where (latitude is null) <> (longitude is null)
            or not (latitude between -90 and 90 and longitude between -180 and 180)
            returning page_ptr_id"""
        )
        for (pk,) in cursor.fetchall():
            print(f"Page {pk} : une position qui n’est pas sur terre est ôtée.")
        cursor.execute(
            WRONG.format(column="postal_code", wrong="page.postal_code <> all (town.postal_codes)", more="town.name")
        )
        for pk, title, code, town in cursor.fetchall():
            print(f"Page {pk}, {title} : le code postal {code} n’est pas de {town} ; à vérifier.")


class Migration(migrations.Migration):
    dependencies = [("directory", "0009_drafts_as_stored")]
    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
