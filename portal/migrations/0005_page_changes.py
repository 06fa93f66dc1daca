"""What changed of late, by the tags of portal/page_cache.py, and the function that notes it.

Append only: writers never wait for each other here. Which table notes which tags is said where all tables are known, in
the migrations of ``home``.
"""

from django.db import migrations

CREATE = """
create table portal_page_change (
    tag text not null,
    changed_in xid8 not null default pg_current_xact_id(),
    noted_at timestamptz not null default clock_timestamp()
);
create index portal_page_change_by_tag on portal_page_change (tag, changed_in);

create function portal_note_page_changes() returns trigger language plpgsql as $body$
-- Arguments: the columns that matter, and a query that makes tags of "changed", which holds these columns of the rows as
-- they were and as they are. An update that leaves them as they were is no change. A statement that changes more than a
-- thousand things changes the site.
declare
    rows text := case tg_op
        when 'INSERT' then 'select %1$s from new_rows'
        when 'DELETE' then 'select %1$s from old_rows'
        else '(select %1$s from new_rows except select %1$s from old_rows)
              union all (select %1$s from old_rows except select %1$s from new_rows)'
    end;
begin
    execute format(
        'with changed as (%s), told (tag) as (select distinct tag from (%s) as tags (tag) where tag is not null limit 1001)
         insert into portal_page_change (tag)
         select distinct case when (select count(*) from told) > 1000 then ''site'' else tag end from told',
        format(rows, tg_argv[0]), tg_argv[1]);
    return null;
end $body$;
"""

FORGET = """
drop function portal_note_page_changes() cascade;
drop table portal_page_change;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_queued_mail")]

    operations = [migrations.RunSQL(CREATE, FORGET)]
