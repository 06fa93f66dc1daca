"""Clean the text that was stored before forms and imports did it; it stands here because home knows all tables.

Control characters made the Atom feeds fail, a <br> that Wagtail had not written made the editor's page fail. Pages,
their revisions and drafts, snippets, settings and articles are read whole and written where something changes.
"""

import json
import re

from django.db import migrations

from portal.rich_text import well_formed
from portal.text import clean

TABLES = (
    "wagtailcore.Page", "directory.DirectoryPage", "directory.MerchantPage", "directory.TownGuide", "directory.Market",
    "home.HomePage", "home.StoryIndexPage", "home.StoryPage", "home.CampaignPage", "home.SiteFacts", "home.Spotlight",
    "home.Partner", "home.Notice", "portal.Picture", "portal.User", "regional_search.Synonym",
    "regional_search.PromotedAnswer", "shop.ProductFacts", "shop.Purchase", "catalogue.Product", "partner.Partner",
    "wagtailcore.Revision",
)  # fmt: skip
LEFT_ALONE = {"password", "path", "url_path", "slug", "file", "file_hash", "object_id", "email"}  # keys, or not text
BREAK = re.compile(r"<br\s*>")
BATCH = 2_000  # rows read at once


def mended_line(text):
    return clean(text).replace("\n", " ")


def mended_html(text):
    text = clean(text)
    return well_formed(text) if BREAK.search(text) else text


def mended_json(value):
    """Return the same data with clean texts. A revision holds the blocks of a page as JSON within JSON."""
    if isinstance(value, dict):
        return {key: mended_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mended_json(item) for item in value]
    if not isinstance(value, str):
        return value
    if value[:1] in ("[", "{"):
        try:
            inner = json.loads(value)
        except ValueError:
            pass
        else:
            repaired = mended_json(inner)
            return value if repaired == inner else json.dumps(repaired, ensure_ascii=False)
    return BREAK.sub("<br/>", clean(value))


def mended_document(text):
    stored = json.loads(text)
    repaired = mended_json(stored)
    return text if repaired == stored else json.dumps(repaired, ensure_ascii=False)


def repair_of(field):
    """Return what mends the values of a column, or None when it holds no text that people write."""
    if field.name in LEFT_ALONE or field.primary_key or field.choices:
        return None
    match type(field).__name__:
        case "RichTextField":
            return mended_html
        case "StreamField" | "JSONField":
            return mended_document
        case "CharField":
            return mended_line
        case "TextField":
            return clean
    return None


def mend(apps, schema_editor):
    for name in TABLES:
        model = apps.get_model(name)
        for field in model._meta.local_concrete_fields:
            if repair := repair_of(field):
                mend_column(schema_editor.connection, model, field, repair)


def mend_column(connection, model, field, repair):
    quote = connection.ops.quote_name
    table, key, column = quote(model._meta.db_table), quote(model._meta.pk.column), quote(field.column)
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"select {key}, {column}::text from {table} where {key} > %s and {column} is not null"
                f" order by {key} limit {BATCH}",
                [last],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            changed = [(repaired, pk) for pk, text in rows if (repaired := repair(text)) != text]
            if changed:
                kind = field.db_type(connection)
                cursor.executemany(f"update {table} set {column} = %s::{kind} where {key} = %s", changed)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0014_phone"),
        ("directory", "0007_siret_of_14_digits"),
        ("shop", "0006_small_quantities"),
        ("portal", "0006_page_changes_by_moment"),
        ("regional_search", "0008_synonyms_of_words"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
        ("partner", "0007_partneraddress_code"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
