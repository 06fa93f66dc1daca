import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import search.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RunSQL(f"create sequence {search.models.VERSIONS}", f"drop sequence {search.models.VERSIONS}"),
        migrations.CreateModel(
            name='Generation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('building', 'en construction'), ('live', 'en service'), ('retired', 'retirée')], default='building', max_length=10)),
                ('mapping', models.CharField(max_length=16)),
                ('history', models.CharField(db_default='', default='', max_length=16)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('email_key', models.CharField(editable=False, max_length=254)),
                ('what', models.CharField(max_length=200)),
                ('category', models.CharField(max_length=60)),
                ('place', models.CharField(max_length=5)),
                ('made_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('searched_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'alerte',
                'indexes': [models.Index(fields=['made_at'], name='alert_by_age'), models.Index(fields=['email_key'], name='alert_by_mailbox')],
                'constraints': [models.UniqueConstraint(fields=('email', 'what', 'category', 'place'), name='one_alert_a_search')],
            },
        ),
        migrations.CreateModel(
            name='DailyDemand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('words', models.CharField(max_length=120)),
                ('category', models.CharField(max_length=60)),
                ('place', models.CharField(max_length=5)),
                ('searches', models.PositiveIntegerField()),
                ('unanswered', models.PositiveIntegerField()),
                ('clicks', models.PositiveIntegerField()),
                ('ranks', models.PositiveBigIntegerField()),
            ],
            options={
                'verbose_name': 'recherches d’un jour',
                'constraints': [models.UniqueConstraint(fields=('day', 'words', 'category', 'place'), name='one_sum_a_day_and_demand')],
            },
        ),
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('words', models.CharField(max_length=120)),
                ('category', models.CharField(max_length=60)),
                ('place', models.CharField(max_length=5)),
                ('results', models.PositiveIntegerField(null=True)),
                ('rank', models.PositiveIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'recherche',
                'indexes': [models.Index(fields=['day'], name='demand_by_day')],
            },
        ),
        migrations.CreateModel(
            name='IndexedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merchant', 'merchant'), ('product', 'product'), ('story', 'story')], max_length=10)),
                ('object_id', models.BigIntegerField()),
                ('version', models.BigIntegerField(default=0)),
                ('elastic_version', models.BigIntegerField(default=0)),
                ('deleted', models.BooleanField(default=True)),
                ('document', models.JSONField(null=True)),
                ('vector', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('terms_version', models.SmallIntegerField(db_default=0, default=0)),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('category', models.CharField(default='', max_length=60)),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), default=list, size=None)),
                ('town', models.CharField(default='', max_length=5)),
                ('department', models.CharField(default='', max_length=3)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('price', models.IntegerField(null=True)),
                ('merchant', models.BigIntegerField(null=True)),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('collect', models.BooleanField(default=False)),
                ('delivers', models.BooleanField(default=False)),
                ('step_free', models.BooleanField(default=False)),
                ('name', models.CharField(db_collation='C', default='', max_length=100)),
                ('openings', search.models.MinutesField(null=True)),
                ('renew_on', models.DateField(null=True)),
                ('tie', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='entry_by_words'), django.contrib.postgres.indexes.GinIndex(fields=['categories'], name='entry_by_category'), django.contrib.postgres.indexes.GinIndex(fields=['places'], name='entry_by_place'), models.Index(fields=['kind', 'department'], name='entry_by_department'), models.Index(fields=['latitude', 'longitude'], name='entry_by_position'), models.Index(fields=['merchant'], name='entry_by_merchant'), models.Index(fields=['terms_version'], name='entry_by_terms_version'), models.Index(condition=models.Q(('renew_on__isnull', False)), fields=['renew_on'], name='entry_to_renew'), models.Index(condition=models.Q(('version__gt', models.F('elastic_version'))), fields=['version'], name='entry_to_push')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='one_entry_an_object')],
            },
        ),
        migrations.CreateModel(
            name='PromotedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('title', models.CharField(max_length=80, verbose_name='titre')),
                ('text', models.CharField(blank=True, max_length=200, verbose_name='texte')),
                ('phrases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), help_text='Séparés par des virgules : « marché de noël, cadeau ». La réponse s’affiche quand tous les mots de l’un d’eux sont tapés.', size=None, verbose_name='mots tapés')),
                ('page', models.ForeignKey(help_text='Une page de la rédaction.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
            ],
            options={
                'verbose_name': 'réponse de la rédaction',
                'verbose_name_plural': 'réponses de la rédaction',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('object_id', models.BigIntegerField()),
                ('stage', models.CharField(choices=[('build', 'ne se prépare pas'), ('write', 'refusée par Elasticsearch')], max_length=5)),
                ('reason', models.TextField()),
                ('fingerprint', models.CharField(blank=True, max_length=32)),
                ('tries', models.PositiveSmallIntegerField(default=1)),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='set_aside_once')],
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phrase', models.CharField(max_length=60, unique=True, verbose_name='ce que les gens tapent')),
                ('meaning', models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='mots qui veulent dire la même chose')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.category', verbose_name='catégorie qu’ils cherchent')),
            ],
            options={
                'verbose_name': 'synonyme',
                'ordering': ['phrase'],
                'constraints': [models.CheckConstraint(condition=models.Q(('category__isnull', False), models.Q(('meaning', ''), _negated=True), _connector='OR'), name='synonym_means_something', violation_error_message='Choisissez une catégorie ou écrivez d’autres mots : au moins l’un des deux.')],
            },
        ),
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
