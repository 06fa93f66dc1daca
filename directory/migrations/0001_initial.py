import directory.hours
import directory.siret
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import modelcluster.fields
import pgtrigger.compiler
import pgtrigger.migrations
import portal.fields
import portal.website
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('portal', '0002_after_wagtail'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DirectoryPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', models.CharField(blank=True, max_length=250, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'annuaire des commerçants',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Market',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='jour')),
                ('opens', models.TimeField(verbose_name='début')),
                ('closes', models.TimeField(verbose_name='fin')),
                ('place', models.CharField(help_text='Par exemple : place de la République.', max_length=80, verbose_name='lieu')),
                ('note', models.CharField(blank=True, help_text='Et la saison, s’il y en a une.', max_length=120, verbose_name='ce qu’on y trouve')),
                ('source', models.CharField(help_text='Qui le dit, et quand : mairie de Die, mars 2026.', max_length=120, verbose_name='source')),
            ],
            options={
                'verbose_name': 'marché',
                'verbose_name_plural': 'marchés',
                'ordering': ['town__name', 'weekday', 'opens'],
            },
        ),
        migrations.CreateModel(
            name='MerchantManager',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(auto_now_add=True, verbose_name='depuis')),
            ],
            options={
                'verbose_name': 'accès d’un gérant',
                'verbose_name_plural': 'accès des gérants',
            },
        ),
        migrations.CreateModel(
            name='MerchantPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('siret', directory.siret.SiretField(blank=True, max_length=14, null=True, unique=True, verbose_name='SIRET')),
                ('street', models.CharField(blank=True, help_text='Numéro et rue.', max_length=120, verbose_name='adresse')),
                ('postal_code', models.CharField(max_length=5, validators=[django.core.validators.RegexValidator('^[0-9]{5}$', 'Un code postal compte cinq chiffres, par exemple 26000.')], verbose_name='code postal')),
                ('latitude', models.FloatField(blank=True, help_text='Degrés, WGS 84.', null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, help_text='Degrés, WGS 84.', null=True, verbose_name='longitude')),
                ('phone', portal.fields.PhoneField(blank=True, max_length=20, verbose_name='téléphone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse e-mail')),
                ('website', portal.website.WebsiteField(blank=True, verbose_name='site internet')),
                ('opening_hours', models.CharField(blank=True, help_text='Au format OpenStreetMap, par exemple : Tu-Sa 08:00-12:30,15:00-19:00; PH off', max_length=500, validators=[directory.hours.validate_opening_hours], verbose_name='horaires')),
                ('confirmed_on', models.DateField(blank=True, help_text='Dernier jour où le commerce a dit que ses horaires sont justes. La date la plus récente l’emporte.', null=True, verbose_name='horaires confirmés le')),
                ('delivers', models.BooleanField(default=False, help_text='Par ses propres moyens : le portail ne vend pas de livraison.', verbose_name='livre à domicile')),
                ('delivery_note', models.CharField(blank=True, help_text='Par exemple : à vélo dans Die, le mardi et le vendredi, gratuite dès 30 €.', max_length=120, verbose_name='livraison : où, quand, à quel prix')),
                ('step_free', models.BooleanField(default=False, help_text='Ni marche ni ressaut de plus de 2 cm à l’entrée, ou une rampe toujours en place.', verbose_name='accès de plain-pied')),
                ('labels', portal.fields.CodesField(base_field=models.CharField(choices=[('bio', 'Agriculture biologique'), ('aop', 'Produits AOP'), ('igp', 'Produits IGP'), ('artisan', 'Artisan')], max_length=10), blank=True, default=list, help_text='Seulement ceux qu’un certificat ou un registre prouve.', size=None, verbose_name='labels')),
                ('story', wagtail.fields.RichTextField(blank=True, verbose_name='présentation')),
                ('source', models.CharField(blank=True, choices=[('', 'saisie par la Région'), ('merchant', 'inscription'), ('import', 'import'), ('synthetic-v1', 'fictif, pour la démonstration')], default='', max_length=20, verbose_name='origine de la fiche')),
            ],
            options={
                'verbose_name': 'commerçant',
                'verbose_name_plural': 'commerçants',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='MerchantPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MerchantReview',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
            ],
            options={
                'verbose_name': 'relecture d’une fiche',
                'verbose_name_plural': 'relectures de fiches',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='Town',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('insee_code', models.CharField(max_length=5, unique=True, verbose_name='code INSEE')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='adresse')),
                ('department_code', models.CharField(db_index=True, max_length=3, verbose_name='département')),
                ('department_name', models.CharField(max_length=40, verbose_name='nom du département')),
                ('postal_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None, verbose_name='codes postaux')),
                ('population', models.PositiveIntegerField(verbose_name='population')),
                ('latitude', models.FloatField(help_text='Degrés, WGS 84.', verbose_name='latitude')),
                ('longitude', models.FloatField(help_text='Degrés, WGS 84.', verbose_name='longitude')),
                ('epci_code', models.CharField(blank=True, max_length=9, verbose_name='SIREN de l’intercommunalité')),
                ('epci_name', models.CharField(blank=True, max_length=120, verbose_name='intercommunalité')),
                ('former_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None, verbose_name='anciennes communes')),
            ],
            options={
                'verbose_name': 'commune',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='TownGuide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', wagtail.fields.RichTextField(help_text='Trois ou quatre phrases, en haut de la page de la commune : où sont les commerces, quand venir.', max_length=1200, verbose_name='texte')),
            ],
            options={
                'verbose_name': 'mot sur une commune',
                'verbose_name_plural': 'mots sur les communes',
                'ordering': ['town__name'],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('approved', 'relue et mise en ligne'), ('scheduled', 'relue, à mettre en ligne à une date'), ('refused', 'à revoir'), ('published', 'mise en ligne par la Région'), ('withdrawn', 'relecture arrêtée'), ('offline', 'mise hors ligne')], max_length=10)),
                ('comment', models.TextField(blank=True)),
                ('goes_live_at', models.DateTimeField(null=True)),
                ('given_at', models.DateTimeField(auto_now_add=True)),
                ('review', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.workflowstate')),
            ],
            options={
                'verbose_name': 'réponse à un commerçant',
                'verbose_name_plural': 'réponses aux commerçants',
                'ordering': ['-given_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='adresse')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('position', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('synonyms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None, verbose_name='synonymes')),
                ('naf_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), default=list, size=None, verbose_name='codes NAF')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='directory.category', verbose_name='rayon')),
            ],
            options={
                'verbose_name': 'catégorie',
                'ordering': ['position'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='directorypage',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'page:' || page_ptr_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='1d63f55de5c424e2e100578d2aa699225013ea4a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_0f469', referencing='REFERENCING NEW TABLE AS new_rows ', table='directory_directorypage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='directorypage',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'page:' || page_ptr_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='c8e02c507550ee1a1bf3ce96b61e48fb4b403ba3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_e5040', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='directory_directorypage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='directorypage',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'page:' || page_ptr_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='6f46b6a9eb0c24feafc49c794355665c11207ead', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_bf4e0', referencing='REFERENCING OLD TABLE AS old_rows ', table='directory_directorypage', when='AFTER')),
        ),
        migrations.AddField(
            model_name='merchantmanager',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merchant_accesses', to=settings.AUTH_USER_MODEL, verbose_name='gérant'),
        ),
        migrations.AddField(
            model_name='merchantpage',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merchants', to='directory.category', verbose_name='catégorie'),
        ),
        migrations.AddField(
            model_name='merchantpage',
            name='managers',
            field=models.ManyToManyField(related_name='merchants', through='directory.MerchantManager', to=settings.AUTH_USER_MODEL, verbose_name='gérants'),
        ),
        migrations.AddField(
            model_name='merchantmanager',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to='directory.merchantpage', verbose_name='commerçant'),
        ),
        migrations.AddField(
            model_name='answer',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='directory.merchantpage'),
        ),
        migrations.AddField(
            model_name='merchantpicture',
            name='image',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.picture', verbose_name='photo'),
        ),
        migrations.AddField(
            model_name='merchantpicture',
            name='merchant',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='directory.merchantpage'),
        ),
        migrations.AddField(
            model_name='merchantreview',
            name='groups',
            field=models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups'),
        ),
        migrations.AddField(
            model_name='town',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='districts', to='directory.town', verbose_name='commune'),
        ),
        migrations.AddField(
            model_name='merchantpage',
            name='town',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merchants', to='directory.town', verbose_name='commune'),
        ),
        migrations.AddField(
            model_name='market',
            name='town',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='markets', to='directory.town', verbose_name='commune'),
        ),
        migrations.AddField(
            model_name='townguide',
            name='town',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='guide', to='directory.town', verbose_name='commune'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'site' from changed union all select 'vocabulary' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='430a71e97390075b706d1d175062a02093d80417', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_c0904', referencing='REFERENCING NEW TABLE AS new_rows ', table='directory_category', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'category:' || id from changed union all select 'site' from changed union all select 'vocabulary' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='1bfb8b076d3d8d22e517fdac07a22d67a385cfec', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_47f9a', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='directory_category', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'category:' || id from changed union all select 'site' from changed union all select 'vocabulary' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='f3803cc3b6a3c2a4ddc7e2c31a02435d376bcd90', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_9b653', referencing='REFERENCING OLD TABLE AS old_rows ', table='directory_category', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='merchantmanager',
            constraint=models.UniqueConstraint(fields=('merchant', 'user'), name='one_access_a_person'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['merchant', '-given_at'], name='answers_of_merchant'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpicture',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'page:' || merchant_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='dfeb7c077713c5dfc6f5575aa8d4d9812a8c58bc', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_6b728', referencing='REFERENCING NEW TABLE AS new_rows ', table='directory_merchantpicture', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpicture',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'page:' || merchant_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='a5115b717d8a8e6601afc73c8b64933754085f9f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_2c3eb', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='directory_merchantpicture', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpicture',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'page:' || merchant_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='5db1eade3cae6f71de78e2e5ec91e8c8cbf75fb3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_8c3b9', referencing='REFERENCING OLD TABLE AS old_rows ', table='directory_merchantpicture', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='town',
            index=django.contrib.postgres.indexes.GinIndex(fields=['postal_codes'], name='town_by_postal_code'),
        ),
        migrations.AddIndex(
            model_name='town',
            index=django.contrib.postgres.indexes.GistIndex(models.Func(django.db.models.expressions.CombinedExpression(models.F('longitude'), '*', models.Value(0.7)), models.F('latitude'), function='point', output_field=models.FloatField()), name='town_by_position'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='town',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select insee_code, name, slug, department_code, parent_id from new_rows) select 'site' from changed) union all (with changed as (select * from new_rows) select 'vocabulary' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='dc7126021585ef7d6186f11d8d0ffc7a098b3445', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_66e8a', referencing='REFERENCING NEW TABLE AS new_rows ', table='directory_town', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='town',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'town:' || id from changed union all select 'vocabulary' from changed) union all (with changed as ((select insee_code, name, slug, department_code, parent_id from new_rows except select insee_code, name, slug, department_code, parent_id from old_rows) union all (select insee_code, name, slug, department_code, parent_id from old_rows except select insee_code, name, slug, department_code, parent_id from new_rows)) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='7e3503194e1be928671886812b765aceb6696d2d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_4c17a', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='directory_town', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='town',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'town:' || id from changed union all select 'vocabulary' from changed) union all (with changed as (select insee_code, name, slug, department_code, parent_id from old_rows) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='c19417676b0103d4aa4242fde3707d9197b528ac', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_01bdc', referencing='REFERENCING OLD TABLE AS old_rows ', table='directory_town', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='merchantpage',
            index=django.contrib.postgres.indexes.GistIndex(models.Func(django.db.models.expressions.CombinedExpression(models.F('longitude'), '*', models.Value(0.7)), models.F('latitude'), function='point', output_field=models.FloatField()), name='merchant_by_position'),
        ),
        migrations.AddConstraint(
            model_name='merchantpage',
            constraint=models.CheckConstraint(condition=models.Q(('siret__regex', '^[0-9]{14}$')), name='siret_of_14_digits'),
        ),
        migrations.AddConstraint(
            model_name='merchantpage',
            constraint=models.CheckConstraint(condition=models.Q(('postal_code__regex', '^[0-9]{5}$')), name='merchant_postal_code', violation_error_message='Un code postal compte cinq chiffres.'),
        ),
        migrations.AddConstraint(
            model_name='merchantpage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__isnull', False), ('longitude__range', (-180, 180))), _connector='OR'), name='merchant_position_on_earth', violation_error_message='Une position a une latitude et une longitude, en degrés.'),
        ),
        migrations.AddConstraint(
            model_name='merchantpage',
            constraint=models.CheckConstraint(condition=models.Q(('phone', ''), ('phone__regex', '^0[1-9]( [0-9]{2}){4}$'), _connector='OR'), name='merchant_phone_as_dialled', violation_error_message='Ce numéro de téléphone ne se lit pas.'),
        ),
        migrations.AddConstraint(
            model_name='merchantpage',
            constraint=models.CheckConstraint(condition=models.Q(('website', ''), ('website__iregex', '^https?://[^[:space:]]+$'), _connector='OR'), name='merchant_website_is_one', violation_error_message='L’adresse du site commence par https://.'),
        ),
        migrations.AddConstraint(
            model_name='merchantpage',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('email__regex', '^[^@[:space:]]+@[^@[:space:]]+$'), _connector='OR'), name='merchant_email_is_one', violation_error_message='Cette adresse e-mail n’est pas entière.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'page:' || page_ptr_id from changed) union all (with changed as (select page_ptr_id, town_id, category_id, latitude, longitude from new_rows) select told.tag from changed join directory_town town on town.id = changed.town_id cross join lateral (values ('merchants'), ('department:' || town.department_code), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='15375b8534467a8407cead125c9a41e39b905f90', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_422a7', referencing='REFERENCING NEW TABLE AS new_rows ', table='directory_merchantpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'page:' || page_ptr_id from changed) union all (with changed as ((select page_ptr_id, town_id, category_id, latitude, longitude from new_rows except select page_ptr_id, town_id, category_id, latitude, longitude from old_rows) union all (select page_ptr_id, town_id, category_id, latitude, longitude from old_rows except select page_ptr_id, town_id, category_id, latitude, longitude from new_rows)) select told.tag from changed join directory_town town on town.id = changed.town_id cross join lateral (values ('merchants'), ('department:' || town.department_code), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) ) union all (with changed as ((select page_ptr_id, opening_hours, labels from new_rows except select page_ptr_id, opening_hours, labels from old_rows) union all (select page_ptr_id, opening_hours, labels from old_rows except select page_ptr_id, opening_hours, labels from new_rows)) select told.tag from changed join directory_merchantpage merchant on merchant.page_ptr_id = changed.page_ptr_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('merchants'), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag))) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='4fd4f2218bcc877d4851cd5960b0233af56a91d9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_93230', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='directory_merchantpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'page:' || page_ptr_id from changed) union all (with changed as (select page_ptr_id, town_id, category_id, latitude, longitude from old_rows) select told.tag from changed join directory_town town on town.id = changed.town_id cross join lateral (values ('merchants'), ('department:' || town.department_code), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='59e18d682fe7977750f47c40b1a312a31e459933', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_4ed8b', referencing='REFERENCING OLD TABLE AS old_rows ', table='directory_merchantpage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_taskstate_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select workflow_state_id, status, finished_at from new_rows) select 'page:' || review.object_id from changed join wagtailcore_workflowstate review on review.id = changed.workflow_state_id where changed.status = 'approved')) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='f2aa8d23f7bf1559a8e25fd95a2a0ad566f0c58a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_wagtailcore_taskstate_insert_81182', referencing='REFERENCING NEW TABLE AS new_rows ', table='wagtailcore_taskstate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_taskstate_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select workflow_state_id, status, finished_at from new_rows except select workflow_state_id, status, finished_at from old_rows) union all (select workflow_state_id, status, finished_at from old_rows except select workflow_state_id, status, finished_at from new_rows)) select 'page:' || review.object_id from changed join wagtailcore_workflowstate review on review.id = changed.workflow_state_id where changed.status = 'approved')) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='d544aa766ebc9ac09c2aa2849d1e3f4c934de73d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_wagtailcore_taskstate_update_2bef3', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='wagtailcore_taskstate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_taskstate_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select workflow_state_id, status, finished_at from old_rows) select 'page:' || review.object_id from changed join wagtailcore_workflowstate review on review.id = changed.workflow_state_id where changed.status = 'approved')) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='26ddee1ea41ac4cc3707aa8a9255ed4576674b96', level='STATEMENT', operation='DELETE', pgid='pgtrigger_wagtailcore_taskstate_delete_ac56b', referencing='REFERENCING OLD TABLE AS old_rows ', table='wagtailcore_taskstate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_pageviewrestriction_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select page_id, restriction_type from new_rows) select 'page:' || page.id from changed join wagtailcore_page root on root.id = changed.page_id join wagtailcore_page page on page.path like root.path || '%')) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='082c9f71a2165cdeb9507ebf35a4f6537e006501', level='STATEMENT', operation='INSERT', pgid='pgtrigger_wagtailcore_pageviewrestriction_insert_72184', referencing='REFERENCING NEW TABLE AS new_rows ', table='wagtailcore_pageviewrestriction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_pageviewrestriction_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select page_id, restriction_type from new_rows except select page_id, restriction_type from old_rows) union all (select page_id, restriction_type from old_rows except select page_id, restriction_type from new_rows)) select 'page:' || page.id from changed join wagtailcore_page root on root.id = changed.page_id join wagtailcore_page page on page.path like root.path || '%')) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='ba5bee1fdd44bfd70f628c50825aff2df74bd885', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_wagtailcore_pageviewrestriction_update_35546', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='wagtailcore_pageviewrestriction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merchantpage',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_pageviewrestriction_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select page_id, restriction_type from old_rows) select 'page:' || page.id from changed join wagtailcore_page root on root.id = changed.page_id join wagtailcore_page page on page.path like root.path || '%')) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='fdd9db4490cecf760be0d23b8ff71523064e8521', level='STATEMENT', operation='DELETE', pgid='pgtrigger_wagtailcore_pageviewrestriction_delete_a4fa0', referencing='REFERENCING OLD TABLE AS old_rows ', table='wagtailcore_pageviewrestriction', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='market',
            index=models.Index(fields=['weekday', 'opens'], name='market_of_the_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='market',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select told.tag from changed join directory_town town on town.id = changed.town_id cross join lateral (values ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) union all select 'markets' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='40d9644b1a87f47aadc0d006f1e1ffed70c35ef8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_3dc80', referencing='REFERENCING NEW TABLE AS new_rows ', table='directory_market', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='market',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select told.tag from changed join directory_town town on town.id = changed.town_id cross join lateral (values ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) union all select 'markets' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='497b7c2c65d6e4797a47438ba79693d225d179f7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_bafab', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='directory_market', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='market',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select told.tag from changed join directory_town town on town.id = changed.town_id cross join lateral (values ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) union all select 'markets' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='3ff75af91ad09109de312462685c1c4611f32c6b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_40e49', referencing='REFERENCING OLD TABLE AS old_rows ', table='directory_market', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='townguide',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'town:' || town_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='8e0a2151a08b3dd0720682fd314826b9e6167555', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_914b8', referencing='REFERENCING NEW TABLE AS new_rows ', table='directory_townguide', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='townguide',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'town:' || town_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='b7f27ae66de93d37d4963b02be9e688b03e86f7d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_81958', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='directory_townguide', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='townguide',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'town:' || town_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='8c9ec8949eb747ad702bca8b0bdf10eee3f3bec3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_6b916', referencing='REFERENCING OLD TABLE AS old_rows ', table='directory_townguide', when='AFTER')),
        ),
    ]
