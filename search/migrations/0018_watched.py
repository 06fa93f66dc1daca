"""Triggers as declared beside the models: what a change of their rows notes in the log (portal/changes.py)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('regional_search', '0017_alerts_by_mailbox'),
        ('portal', '0015_changes'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='synonym',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'vocabulary' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='7e6364e4f1ed67a137bf72b8966f3510ead5f93b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_fb4d2', referencing='REFERENCING NEW TABLE AS new_rows ', table='regional_search_synonym', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='synonym',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'vocabulary' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='b28079aeae7538f9244cd24c9677c1a372c1f01d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_257b0', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='regional_search_synonym', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='synonym',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'vocabulary' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='7dcb6bd96dc479b41e32cd8ef0a0f01ee86e9364', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_c9041', referencing='REFERENCING OLD TABLE AS old_rows ', table='regional_search_synonym', when='AFTER')),
        ),
    ]
