"""What the table of all pages notes is declared once, in home, which knows who watches it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0023_announcement_page'),
        ('directory', '0012_watched'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='sitefacts',
            name='wagtailcore_page_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='sitefacts',
            name='wagtailcore_page_delete',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitefacts',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_page_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from new_rows except select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from old_rows) union all (select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from old_rows except select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from new_rows)) select 'page:' || id from changed union all select 'editorial' from changed where not exists (select from directory_merchantpage where page_ptr_id = changed.id)) union all (with changed as ((select id, live from new_rows except select id, live from old_rows) union all (select id, live from old_rows except select id, live from new_rows)) select told.tag from changed join directory_merchantpage merchant on merchant.page_ptr_id = changed.id join directory_town town on town.id = merchant.town_id cross join lateral (values ('merchants'), ('department:' || town.department_code), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) ) union all (with changed as ((select id, title from new_rows except select id, title from old_rows) union all (select id, title from old_rows except select id, title from new_rows)) select told.tag from changed join directory_merchantpage merchant on merchant.page_ptr_id = changed.id join directory_town town on town.id = merchant.town_id cross join lateral (values ('merchants'), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag)) union all (with changed as ((select id, url_path, live from new_rows except select id, url_path, live from old_rows) union all (select id, url_path, live from old_rows except select id, url_path, live from new_rows)) select 'site' from changed where exists ( select from home_sitefacts facts where facts.announcement_page_id = changed.id or jsonb_path_exists( jsonb_build_array(facts.menu, facts.footer), '$.**.page ? (@ == $id)', jsonb_build_object('id', changed.id))))) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='efa29ce8a549cfb7cd4e858a6fe1249fed675ef9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_wagtailcore_page_update_34622', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='wagtailcore_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitefacts',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_page_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from old_rows) select 'page:' || id from changed union all select 'editorial' from changed where not exists (select from directory_merchantpage where page_ptr_id = changed.id)) union all (with changed as (select id, url_path, live from old_rows) select 'site' from changed where exists ( select from home_sitefacts facts where facts.announcement_page_id = changed.id or jsonb_path_exists( jsonb_build_array(facts.menu, facts.footer), '$.**.page ? (@ == $id)', jsonb_build_object('id', changed.id))))) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='1052a00a823cd27a0ac155460847dda51bfa906f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_wagtailcore_page_delete_2076e', referencing='REFERENCING OLD TABLE AS old_rows ', table='wagtailcore_page', when='AFTER')),
        ),
    ]
