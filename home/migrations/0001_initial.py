import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import home.site_settings
import pgtrigger.compiler
import pgtrigger.migrations
import portal.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
        ('portal', '0002_after_wagtail'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', models.CharField(default='Qui vend quoi, près de chez vous, et qui est ouvert maintenant.', max_length=160, verbose_name='accroche')),
                ('body', portal.fields.StreamField([], blank=True, help_text='Montré entre les histoires et « Comment nous travaillons ». Vide : rien ne s’y montre.', verbose_name='contenu')),
            ],
            options={
                'verbose_name': 'accueil',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(help_text='Adresse sur le portail, depuis la première barre.', max_length=300, verbose_name='page')),
                ('reason', models.CharField(choices=[('faux', 'Une information est fausse ou dépassée'), ('ferme', 'Ce commerce a fermé ou déménagé'), ('pas-local', 'Ce n’est pas un commerce de la région'), ('danger', 'Un produit est dangereux'), ('contrefacon', 'Une contrefaçon, un texte ou une photo copiés'), ('illicite', 'Un autre contenu illicite'), ('mineurs', 'Une exploitation sexuelle de mineurs')], max_length=12, verbose_name='motif')),
                ('details', models.TextField(max_length=3000, verbose_name='explications')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse e-mail')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='reçu le')),
                ('digested_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('state', models.CharField(choices=[('nouveau', 'à traiter'), ('retenu', 'retenu'), ('ecarte', 'écarté'), ('classe', 'classé sans suite')], default='nouveau', max_length=8, verbose_name='suite')),
                ('answer', models.TextField(blank=True, help_text='Envoyée à qui a signalé et, si le signalement est retenu, au commerçant. Ne nommez personne.', max_length=3000, verbose_name='décision motivée')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='décidé le')),
                ('told_state', models.CharField(blank=True, default='', editable=False, max_length=8)),
                ('told_answer', models.TextField(blank=True, default='', editable=False)),
            ],
            options={
                'verbose_name': 'signalement',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('url', models.CharField(max_length=200, validators=[django.core.validators.RegexValidator('^https://\\S+$', 'Une adresse qui commence par https://.')], verbose_name='site')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Le plus petit d’abord.', verbose_name='rang')),
            ],
            options={
                'verbose_name': 'partenaire',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='SiteAudit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='date')),
                ('pages', models.PositiveIntegerField(verbose_name='pages lues')),
                ('indexable', models.JSONField(verbose_name='pages indexables')),
                ('totals', models.JSONField(verbose_name='défauts')),
                ('findings', models.JSONField(verbose_name='constats')),
            ],
            options={
                'verbose_name': 'audit du site',
                'verbose_name_plural': 'audits du site',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SiteSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('menu', portal.fields.StreamField([], blank=True, default=home.site_settings.original_menu, help_text='Six liens au plus, en haut de toutes les pages. Sans lien, le menu d’origine revient.', verbose_name='menu principal')),
                ('footer', portal.fields.StreamField([], blank=True, default=home.site_settings.original_footer, help_text='Quatre colonnes au plus. Les pages légales s’y ajoutent d’elles-mêmes.', verbose_name='pied de page')),
                ('announcement', models.CharField(blank=True, help_text='Une phrase en haut de toutes les pages. Vide : pas d’annonce.', max_length=160, verbose_name='annonce')),
                ('announcement_link', models.CharField(blank=True, help_text='Une page du site (/histoires/) ou une adresse complète (https://…).', max_length=200, validators=[django.core.validators.RegexValidator('^(/(?!/)|https://|mailto:|tel:)', 'Commencez par / pour une page du site, ou par https://.')], verbose_name='ou une adresse')),
                ('announcement_from', models.DateTimeField(blank=True, null=True, verbose_name='à partir du')),
                ('announcement_until', models.DateTimeField(blank=True, null=True, verbose_name='jusqu’au')),
                ('email', models.EmailField(default='bonjour@jachete.example', max_length=254, verbose_name='adresse e-mail de contact')),
                ('phone', portal.fields.PhoneField(blank=True, max_length=20, verbose_name='téléphone de contact')),
                ('publisher', models.CharField(default='Région Auvergne-Rhône-Alpes', max_length=120, verbose_name='éditeur')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='adresse de l’éditeur')),
                ('siret', models.CharField(blank=True, max_length=18, verbose_name='SIRET de l’éditeur')),
                ('director', models.CharField(blank=True, max_length=120, verbose_name='directeur de la publication')),
                ('host', models.TextField(blank=True, help_text='Nom, adresse et téléphone : la loi les demande dans les mentions légales.', verbose_name='hébergeur')),
                ('data_officer', models.EmailField(default='dpo@jachete.example', max_length=254, verbose_name='délégué à la protection des données')),
                ('closed', models.BooleanField(default=False, help_text='Coché, le public ne voit plus que la page de fermeture : à partir de la date ci-dessous, ou tout de suite s’il n’y en a pas.', verbose_name='portail fermé')),
                ('closed_on', models.DateField(blank=True, help_text='Le portail ferme ce jour-là à minuit, heure de Paris.', null=True, verbose_name='date de fermeture')),
                ('closed_text', models.TextField(blank=True, help_text='Pourquoi, et vers qui se tourner. Affichée sur la page de fermeture.', verbose_name='explication')),
            ],
            options={
                'verbose_name': 'informations du site',
                'permissions': (('close_portal', 'Peut fermer le portail'),),
            },
        ),
        migrations.CreateModel(
            name='Spotlight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('words', models.CharField(help_text='Ce qui la distingue, en deux phrases. Ni prix ni promotion.', max_length=240, verbose_name='mots de la rédaction')),
            ],
            options={
                'verbose_name': 'coup de projecteur',
                'verbose_name_plural': 'coups de projecteur',
                'ordering': ['-starts_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='StoryIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', models.CharField(blank=True, max_length=250, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'liste des histoires',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='StoryPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', models.CharField(help_text='Deux lignes qui donnent envie de lire.', max_length=250, verbose_name='chapeau')),
                ('author', models.CharField(blank=True, help_text='Qui l’a écrite, comme on le lira. Vide : la rédaction.', max_length=120, verbose_name='signature')),
                ('body', portal.fields.StreamField([], blank=True, verbose_name='texte')),
            ],
            options={
                'verbose_name': 'histoire',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CampaignPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', models.CharField(help_text='Ce qui se passe, où et quand, en deux lignes.', max_length=250, verbose_name='chapeau')),
                ('body', portal.fields.StreamField([], blank=True, verbose_name='contenu')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.picture', verbose_name='image')),
            ],
            options={
                'verbose_name': 'campagne',
            },
            bases=('wagtailcore.page',),
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
        migrations.AddField(
            model_name='notice',
            name='decided_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par'),
        ),
        migrations.AddField(
            model_name='partner',
            name='logo',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.picture', verbose_name='logo'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='announcement_page',
            field=models.ForeignKey(blank=True, help_text='Le lien la suit quand elle change d’adresse, et disparaît avec elle.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page de l’annonce'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='social_picture',
            field=models.ForeignKey(blank=True, help_text='Montrée quand on partage une page qui n’a pas la sienne. 1 200 × 630 pixels au moins. Vide : la carte de la région.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.picture', verbose_name='image de partage'),
        ),
        migrations.AddField(
            model_name='spotlight',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.merchantpage', verbose_name='commerçant'),
        ),
        migrations.AddField(
            model_name='spotlight',
            name='picture',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.picture', verbose_name='image'),
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
        migrations.AddField(
            model_name='storypage',
            name='picture',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.picture', verbose_name='image'),
        ),
        migrations.AddField(
            model_name='storypage',
            name='town',
            field=models.ForeignKey(blank=True, help_text='L’histoire se montre aussi sur la page de cette commune.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.town', verbose_name='commune'),
        ),
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
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'nouveau')), models.Q(models.Q(('state', 'nouveau'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='decided_reports_have_a_moment'),
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
            model_name='sitesettings',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='2615560539475720b3ef40986e75a9ad2131c2c0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_94f48', referencing='REFERENCING NEW TABLE AS new_rows ', table='home_sitesettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitesettings',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='3fb70faa0986a427d52de8c788e8e1e3e7fa4e8d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_608e1', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='home_sitesettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitesettings',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'site' from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='d7d65b8b49bdce9f816f567507923126046e98cf', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_e2908', referencing='REFERENCING OLD TABLE AS old_rows ', table='home_sitesettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitesettings',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_page_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from new_rows except select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from old_rows) union all (select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from old_rows except select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from new_rows)) select 'page:' || id from changed union all select 'editorial' from changed where not exists (select from directory_merchantpage where page_ptr_id = changed.id)) union all (with changed as ((select id, live from new_rows except select id, live from old_rows) union all (select id, live from old_rows except select id, live from new_rows)) select told.tag from changed join directory_merchantpage merchant on merchant.page_ptr_id = changed.id join directory_town town on town.id = merchant.town_id cross join lateral (values ('merchants'), ('department:' || town.department_code), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) ) union all (with changed as ((select id, title from new_rows except select id, title from old_rows) union all (select id, title from old_rows except select id, title from new_rows)) select told.tag from changed join directory_merchantpage merchant on merchant.page_ptr_id = changed.id join directory_town town on town.id = merchant.town_id cross join lateral (values ('merchants'), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag)) union all (with changed as ((select id, url_path, live from new_rows except select id, url_path, live from old_rows) union all (select id, url_path, live from old_rows except select id, url_path, live from new_rows)) select 'site' from changed where exists ( select from home_sitesettings site where site.announcement_page_id = changed.id or jsonb_path_exists( jsonb_build_array(site.menu, site.footer), '$.**.page ? (@ == $id)', jsonb_build_object('id', changed.id))))) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='b3b06902840a2f4a0312be994a3552e6253d0b84', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_wagtailcore_page_update_e51fe', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='wagtailcore_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitesettings',
            trigger=pgtrigger.compiler.Trigger(name='wagtailcore_page_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select id, title, url_path, live, expired, seo_title, search_description, first_published_at, last_published_at from old_rows) select 'page:' || id from changed union all select 'editorial' from changed where not exists (select from directory_merchantpage where page_ptr_id = changed.id)) union all (with changed as (select id, url_path, live from old_rows) select 'site' from changed where exists ( select from home_sitesettings site where site.announcement_page_id = changed.id or jsonb_path_exists( jsonb_build_array(site.menu, site.footer), '$.**.page ? (@ == $id)', jsonb_build_object('id', changed.id))))) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='906424280dd75f140de07d3d72772f9f2e4cf113', level='STATEMENT', operation='DELETE', pgid='pgtrigger_wagtailcore_page_delete_c5f8c', referencing='REFERENCING OLD TABLE AS old_rows ', table='wagtailcore_page', when='AFTER')),
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
    ]
