"""Triggers as declared beside the models: what a change of their rows notes in the log (portal/changes.py)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0015_changes'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='picture',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'picture:' || id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='b293c06ae2a42e45777d88f78595724ed5edc491', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_ba017', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='portal_picture', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='picture',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'picture:' || id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='f482a7d282a73ba49604d56dd0b107831d4b40b2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_9adf2', referencing='REFERENCING OLD TABLE AS old_rows ', table='portal_picture', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rendition',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'picture:' || image_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='2ffb39f09417ce62729f642323a3c298242a3b4c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_1f18b', referencing='REFERENCING NEW TABLE AS new_rows ', table='portal_rendition', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rendition',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'picture:' || image_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='892d416128cb97347a6a37da1880e13cdfffbc7e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_6dcc5', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='portal_rendition', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rendition',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'picture:' || image_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='d97b913df2f27a4b47e2d4845c7294a4782c23c6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_7d521', referencing='REFERENCING OLD TABLE AS old_rows ', table='portal_rendition', when='AFTER')),
        ),
    ]
