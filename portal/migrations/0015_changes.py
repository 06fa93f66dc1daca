"""One log of changes for all readers (portal/changes.py), and up to where some of them follow it.

The triggers of before go on noting in it until those that are declared beside the models stand (home/0021).
"""

from django.db import migrations, models

RENAME = """
alter table portal_page_change rename to portal_change;
alter index portal_page_change_by_tag rename to portal_change_by_tag;
alter index portal_page_change_by_moment rename to portal_change_by_moment;

create or replace function portal_note_page_changes() returns trigger language plpgsql as $body$
declare
    rows text := case tg_op
        when 'INSERT' then 'select %1$s from new_rows'
        when 'DELETE' then 'select %1$s from old_rows'
        else '(select %1$s from new_rows except select %1$s from old_rows)
              union all (select %1$s from old_rows except select %1$s from new_rows)'
    end;
begin
    execute format(
        'with changed as (%s) insert into portal_change (tag)
         select distinct tag from (%s) as tags (tag) where tag is not null',
        format(rows, tg_argv[0]), tg_argv[1]);
    return null;
end $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0014_jobs")]

    operations = [
        migrations.RunSQL(RENAME),
        migrations.CreateModel(
            name="ChangeReader",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("position", models.TextField()),
            ],
        ),
    ]
