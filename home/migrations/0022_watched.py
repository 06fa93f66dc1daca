"""Triggers as declared beside the models: what a change of their rows notes in the log (portal/changes.py). Those of before go."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0021_editors_jobs'),
        ('portal', '0016_watched'),
        ('directory', '0012_watched'),
        ('shop', '0014_watched'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='campaignpage',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='dbd2ed4b19419f785bb62a79f3fc667a203c56b9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_a4ee6', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_campaignpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaignpage',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='3a648ba1e9a0b7a3cc4ae8f6dc8fff9d97b4b957', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_7e449', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_campaignpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaignpage',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='c5d20f3fa70bbede623b392c4b31a3a618c07165', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_b6be9', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_campaignpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='homepage',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='5207eac87b897feb89914b7b8c371a995c8ced10', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_415d7', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_homepage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='homepage',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='21bcc7f640f3e3a68fd4b533344210c2e84c9985', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_df837', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_homepage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='homepage',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='b6c974e1dbffca5506aa0df934dd178fcfa1db26', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_08a03', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_homepage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='9b874adec75a920888904596f4999e85fd414cc9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_8124d', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='59a3304c3c098cd531ab4b80303ae8c935dec36b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_ae3ee', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='0325c41eb58fb633de6b2dbb071ceab64999a632', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_4d5be', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitefacts',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='09a49f297147344c721c8574bf9c019c5b346c56', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_c975b', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_sitefacts', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitefacts',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='0613b665570fb7b1ba8b04e3451a1f1ac8c759e3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_cc70a', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_sitefacts', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitefacts',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='ec833a29237458564093c1e7900ec70c32d8f4a4', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_d0d0b', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_sitefacts', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spotlight',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='a08e1e54836737186e79493a58a1298badb0ba59', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_075ff', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_spotlight', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spotlight',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='794778e0e31c6943775f40bff9e101419fe8312a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_9906b', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_spotlight', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spotlight',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='0383cb375d3fece4071741796af4f6312309f3de', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_1eb79', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_spotlight', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storyindexpage',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='ca8f02a6334d514a7def7a7a232ab361892f5018', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_d6824', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_storyindexpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storyindexpage',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='14eba35b4f704977efcc96a516cdcd2a74aca477', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_20312', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_storyindexpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storyindexpage',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='919db663b7aac223359b4d19aca130c9cc1e86a7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_bb776', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_storyindexpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storypage',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='7132482a421db9a2868c59469041b756c78308fb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_442b5', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_storypage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storypage',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='a5427075e1900c018dc554e4da42f2a65f51aab1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_de01d', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_storypage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storypage',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'page:' || page_ptr_id from changed union all select 'editorial' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='da174a052cbf07c7f21dc8b2257e0f5c09d32938', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_1b83c', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_storypage', when='AFTER')),
        ),
        migrations.RunSQL("drop function portal_note_page_changes() cascade"),
    ]
