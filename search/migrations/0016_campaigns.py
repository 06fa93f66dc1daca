"""Campaigns are found as stories are: each of their changes is noted, and those there are enter the index."""

from django.db import migrations

NOTE_PAGES = """
create or replace function regional_search_note_pages() returns trigger language plpgsql as $body$
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
    select 'story', page_ptr_id from home_storypage join changed on page_ptr_id = changed.id{more};
    get diagnostics noted = row_count;
    if noted > 0 then
        perform pg_notify('regional_search', '');
    end if;
    return null;
end $body$;
"""
CAMPAIGNS = """
    union all
    select 'story', page_ptr_id from home_campaignpage join changed on page_ptr_id = changed.id"""
ROWS = {
    "insert": "referencing new table as new_rows",
    "update": "referencing old table as old_rows new table as new_rows",
    "delete": "referencing old table as old_rows",
}
NOTED = "'story', 'page_ptr_id', 'page_ptr_id', '$.intro, $.body, $.picture_id'"
ENTER = "insert into regional_search_change (kind, object_id) select 'story', page_ptr_id from home_campaignpage;"


class Migration(migrations.Migration):
    dependencies = [("regional_search", "0015_set_aside"), ("home", "0007_campaign_page")]

    operations = [
        migrations.RunSQL(NOTE_PAGES.format(more=CAMPAIGNS), NOTE_PAGES.format(more="")),
        *(
            migrations.RunSQL(
                f"create trigger regional_search_story_{write} after {write} on home_campaignpage {rows}"
                f" for each statement execute function regional_search_note({NOTED});",
                f"drop trigger regional_search_story_{write} on home_campaignpage;",
            )
            for write, rows in ROWS.items()
        ),
        # On the way back too: a story is looked for under the campaign's number, and its entry withdrawn.
        migrations.RunSQL(ENTER, ENTER),
    ]
