"""Triggers that note every change of a searched table, in the transaction that makes it.

They run once a statement, with all its rows, so that a bulk load costs one insert more. Forms, ``queryset.update()``,
bulk inserts and raw SQL all count alike.
"""

from django.db import migrations

NOTE = """
create function regional_search_note() returns trigger language plpgsql as $body$
-- Arguments: the kind of change, the column that holds whose it is, the primary key, and the columns that matter,
-- each written "$.column". An update that leaves those as they were is no change.
declare
    noted bigint;
    facts text := tg_argv[3];
begin
    if tg_op = 'UPDATE' then
        execute format(
            'insert into regional_search_change (kind, object_id)
             select distinct %1$L, whose.id
             from new_rows n join old_rows o on n.%3$I = o.%3$I
             cross join lateral (values (n.%2$I), (o.%2$I)) as whose (id)
             where row(%4$s) is distinct from row(%5$s) and whose.id is not null',
            tg_argv[0], tg_argv[1], tg_argv[2], replace(facts, '$.', 'n.'), replace(facts, '$.', 'o.'));
    else
        execute format(
            'insert into regional_search_change (kind, object_id)
             select distinct %1$L, r.%2$I from %3$I r where r.%2$I is not null',
            tg_argv[0], tg_argv[1], case tg_op when 'INSERT' then 'new_rows' else 'old_rows' end);
    end if;
    get diagnostics noted = row_count;
    if noted > 0 then
        perform pg_notify('regional_search', '');
    end if;
    return null;
end $body$;

create function regional_search_note_pages() returns trigger language plpgsql as $body$
-- Of a page's own row: its name, its address, whether it is public. Its type's table tells what it is.
declare
    noted bigint;
begin
    with changed as (
        select n.id from new_rows n join old_rows o on n.id = o.id
        where row(n.title, n.url_path, n.live, n.expired) is distinct from row(o.title, o.url_path, o.live, o.expired)
    )
    insert into regional_search_change (kind, object_id)
    select 'seller', page_ptr_id from directory_merchantpage join changed on page_ptr_id = changed.id
    union all
    select 'story', page_ptr_id from home_storypage join changed on page_ptr_id = changed.id;
    get diagnostics noted = row_count;
    if noted > 0 then
        perform pg_notify('regional_search', '');
    end if;
    return null;
end $body$;

create function regional_search_touch_places() returns trigger language plpgsql as $body$
begin
    update regional_search_places set changed_at = clock_timestamp();
    return null;
end $body$;

insert into regional_search_places (changed_at) values (clock_timestamp());
"""

FORGET = """
drop function regional_search_note() cascade;
drop function regional_search_note_pages() cascade;
drop function regional_search_touch_places() cascade;
delete from regional_search_places;
"""

WRITES = ("insert", "update", "delete")

# (table, kind of change, column that holds whose it is, primary key, columns that matter, writes)
NOTED = [
    (
        "directory_merchantpage",
        "seller",
        "page_ptr_id",
        "page_ptr_id",
        "$.town_id, $.category_id, $.latitude, $.longitude",
        WRITES,
    ),
    (
        "directory_merchantpage",
        "merchant",
        "page_ptr_id",
        "page_ptr_id",
        "$.street, $.opening_hours, $.story",
        ("update",),
    ),
    ("directory_merchantpicture", "merchant", "merchant_id", "id", "$.merchant_id, $.image_id, $.sort_order", WRITES),
    ("home_storypage", "story", "page_ptr_id", "page_ptr_id", "$.intro, $.body, $.picture_id", WRITES),
    (
        "catalogue_product",
        "product",
        "id",
        "id",
        "$.title, $.slug, $.description, $.is_public, $.structure",
        WRITES,
    ),
    ("catalogue_productcategory", "product", "product_id", "id", "$.product_id, $.category_id", WRITES),
    ("catalogue_productimage", "product", "product_id", "id", "$.product_id, $.original, $.display_order", WRITES),
    (
        "partner_stockrecord",
        "product",
        "product_id",
        "id",
        # A sale changes the stock each time; only the last one changes what a search says.
        "$.product_id, $.partner_id, $.price, coalesce($.num_in_stock, 0) > coalesce($.num_allocated, 0)",
        WRITES,
    ),
    ("shop_productfacts", "product", "product_id", "id", "$.product_id, $.unit, $.measure, $.quantity, $.label", WRITES),
    ("shop_storefront", "seller", "merchant_id", "id", "$.merchant_id, $.partner_id", WRITES),
    (
        "directory_town",
        "town",
        "id",
        "id",
        "$.insee_code, $.name, $.department_code, $.latitude, $.longitude, $.parent_id",
        ("update",),
    ),
    (
        "directory_category",
        "category",
        "id",
        "id",
        "$.slug, $.name, $.parent_id, $.position, $.synonyms",
        ("update",),
    ),
    ("wagtailcore_pageviewrestriction", "subtree", "page_id", "id", "$.page_id, $.restriction_type", WRITES),
]

ROWS = {
    "insert": "referencing new table as new_rows",
    "update": "referencing old table as old_rows new table as new_rows",
    "delete": "referencing old table as old_rows",
}


def trigger(name, table, write, call):
    return migrations.RunSQL(
        f"create trigger {name} after {write} on {table} {ROWS[write]} for each statement execute function {call};",
        f"drop trigger {name} on {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("regional_search", "0001_initial"),
        ("directory", "0001_initial"),
        ("home", "0001_initial"),
        ("shop", "0001_initial"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
        ("partner", "0007_partneraddress_code"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunSQL("create sequence regional_search_version;", "drop sequence regional_search_version;"),
        # The stemmer alone: what a small word is, the parser decides for both engines.
        migrations.RunSQL(
            """
            create text search dictionary regional_search_french_stem (template = snowball, language = french);
            create text search configuration regional_search_french (copy = simple);
            alter text search configuration regional_search_french
                alter mapping for asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part,
                hword_numpart with regional_search_french_stem;
            """,
            """
            drop text search configuration regional_search_french;
            drop text search dictionary regional_search_french_stem;
            """,
        ),
        migrations.RunSQL(NOTE, FORGET),
        *(
            trigger(
                f"note_{kind}_on_{write}", table, write, f"regional_search_note('{kind}', '{key}', '{pk}', '{facts}')"
            )
            for table, kind, key, pk, facts, writes in NOTED
            for write in writes
        ),
        trigger("note_on_update", "wagtailcore_page", "update", "regional_search_note_pages()"),
        *(
            trigger(f"touch_places_on_{write}", table, write, "regional_search_touch_places()")
            for table in ("directory_town", "directory_category")
            for write in WRITES
        ),
    ]
