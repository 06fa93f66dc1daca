"""What needs Wagtail's tables, which need accounts: pictures. Beside them what no model declares: the log of changes
(portal/changes.py), the table of the default cache, and the mark by which a database is known (portal/database_history.py).
"""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import modelsearch.index
import pgtrigger.compiler
import pgtrigger.migrations
import taggit.managers
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

# Append only: writers never wait for each other here.
LOG = """
create table portal_change (
    tag text not null,
    changed_in xid8 not null default pg_current_xact_id(),
    noted_at timestamptz not null default clock_timestamp()
);
create index portal_change_by_tag on portal_change (tag, changed_in);
create index portal_change_by_moment on portal_change (changed_in) include (tag);
"""


def create_cache(apps, schema_editor):
    """Create the table of the default cache, for a portal without Redis."""
    call_command("createcachetable", "portal_cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_initial'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.RunSQL(LOG, "drop table portal_change"),
        migrations.RunPython(create_cache, migrations.RunPython.noop),
        migrations.CreateModel(
            name='ChangeReader',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('position', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='DatabaseMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.RunSQL("insert into portal_databasemark (id) values (1)", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='JobFailure',
            fields=[
                ('job_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('failure', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='JobReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.CharField(max_length=40, unique=True)),
                ('known_since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('done_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('failure', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='QueuedMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('handed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeptUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=255)),
                ('content', models.BinaryField()),
                ('kept_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True)),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', upload_to=wagtail.images.models.get_upload_to, verbose_name='file', width_field='width')),
                ('description', models.CharField(blank=True, default='', max_length=255, verbose_name='description')),
                ('width', models.IntegerField(editable=False, verbose_name='width')),
                ('height', models.IntegerField(editable=False, verbose_name='height')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created at')),
                ('focal_point_x', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_y', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_width', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_height', models.PositiveIntegerField(blank=True, null=True)),
                ('file_size', models.PositiveIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('credit', models.CharField(blank=True, help_text='Auteur et licence, sous l’image.', max_length=120, verbose_name='crédit')),
                ('sizes_due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True, editable=False, null=True)),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'image',
                'abstract': False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('who', models.CharField(max_length=64)),
                ('started_at', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'who'), name='one_count_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter_spec', models.CharField(db_index=True, max_length=255)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', storage=wagtail.images.models.get_rendition_storage, upload_to=wagtail.images.models.get_rendition_upload_to, width_field='width')),
                ('width', models.IntegerField(editable=False)),
                ('height', models.IntegerField(editable=False)),
                ('focal_point_key', models.CharField(blank=True, default='', editable=False, max_length=16)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='portal.picture')),
            ],
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='picture',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'picture:' || id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='b293c06ae2a42e45777d88f78595724ed5edc491', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_ba017', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='portal_picture', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='picture',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'picture:' || id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='f482a7d282a73ba49604d56dd0b107831d4b40b2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_9adf2', referencing='REFERENCING OLD TABLE AS old_rows ', table='portal_picture', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='rendition',
            constraint=models.UniqueConstraint(fields=('image', 'filter_spec', 'focal_point_key'), name='one_rendition_a_filter'),
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
