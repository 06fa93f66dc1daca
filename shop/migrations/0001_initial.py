import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import portal.fields
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('basket', '0012_line_code'),
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
        ('directory', '0001_initial'),
        ('order', '0021_billingaddress_code_shippingaddress_code'),
        ('partner', '0007_partneraddress_code'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=12, unique=True, verbose_name='numéro')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('email', models.EmailField(max_length=254, verbose_name='adresse e-mail')),
                ('phone', models.CharField(max_length=20, verbose_name='téléphone')),
                ('note', models.TextField(blank=True, max_length=500, verbose_name='mot pour les commerçants')),
                ('placed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='date')),
                ('confirm_by', models.DateTimeField(blank=True, null=True, verbose_name='à confirmer avant')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmée le')),
                ('email_key', models.CharField(default='', editable=False, max_length=254)),
                ('phone_key', models.CharField(default='', editable=False, max_length=20)),
                ('visitor_key', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('basket', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='purchase', to='basket.basket')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='purchases', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'achat',
            },
        ),
        migrations.CreateModel(
            name='Storefront',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sells', models.BooleanField(db_default=False, editable=False, verbose_name='peut vendre')),
                ('merchant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='storefront', to='directory.merchantpage', verbose_name='commerçant')),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='storefront', to='partner.partner')),
            ],
            options={
                'verbose_name': 'boutique',
            },
        ),
        migrations.CreateModel(
            name='MerchantOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection_code', models.CharField(max_length=8, verbose_name='code de retrait')),
                ('prepare_by', models.DateField(blank=True, null=True, verbose_name='à préparer jusqu’au')),
                ('collect_by', models.DateField(blank=True, null=True, verbose_name='à retirer jusqu’au')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='rappel envoyé le')),
                ('merchant_reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='rappel au commerçant le')),
                ('cancelled_because', models.CharField(blank=True, choices=[('commercant', 'annulée par le commerçant'), ('confirmation', 'non confirmée à temps'), ('abandon', 'abandonnée avant d’être confirmée'), ('fermee', 'boutique fermée avant la confirmation'), ('preparation', 'non préparée à temps'), ('retrait', 'non retirée à temps')], max_length=12, verbose_name='motif d’annulation')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='merchant_order', to='order.order')),
                ('purchase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merchant_orders', to='shop.purchase')),
                ('storefront', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merchant_orders', to='shop.storefront')),
            ],
            options={
                'verbose_name': 'commande d’un commerçant',
                'verbose_name_plural': 'commandes des commerçants',
            },
        ),
        migrations.CreateModel(
            name='ProductDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vat_rate', models.CharField(choices=[('20', '20 %'), ('10', '10 %'), ('5.5', '5,5 %'), ('2.1', '2,1 %')], default='20', max_length=4, verbose_name='taux de TVA')),
                ('unit', models.CharField(help_text='Par exemple : 500 g, bouteille de 75 cl, la pièce.', max_length=40, verbose_name='vendu par')),
                ('measure', models.CharField(choices=[('kg', 'le kilo'), ('l', 'le litre'), ('piece', 'la pièce')], default='piece', max_length=5, verbose_name='prix ramené à')),
                ('quantity', models.DecimalField(decimal_places=6, default=1, help_text='En kilos ou en litres, pour le prix à l’unité de mesure : 0,5 pour 500 g.', max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.000001'), 'Écrivez une quantité plus grande que zéro.')], verbose_name='quantité')),
                ('label', models.CharField(blank=True, help_text='AOP, IGP, AB…', max_length=20, verbose_name='label')),
                ('is_food', models.BooleanField(default=None, null=True, verbose_name='se mange ou se boit')),
                ('allergens_known', models.BooleanField(default=False, verbose_name='j’ai vérifié les quatorze allergènes')),
                ('allergens', portal.fields.CodesField(base_field=models.CharField(choices=[('gluten', 'Gluten (céréales)'), ('crustaces', 'Crustacés'), ('oeufs', 'Œufs'), ('poissons', 'Poissons'), ('arachides', 'Arachides'), ('soja', 'Soja'), ('lait', 'Lait'), ('fruits-a-coque', 'Fruits à coque'), ('celeri', 'Céleri'), ('moutarde', 'Moutarde'), ('sesame', 'Sésame'), ('sulfites', 'Sulfites'), ('lupin', 'Lupin'), ('mollusques', 'Mollusques')], max_length=20), blank=True, default=list, size=None, verbose_name='contient')),
                ('traces', portal.fields.CodesField(base_field=models.CharField(choices=[('gluten', 'Gluten (céréales)'), ('crustaces', 'Crustacés'), ('oeufs', 'Œufs'), ('poissons', 'Poissons'), ('arachides', 'Arachides'), ('soja', 'Soja'), ('lait', 'Lait'), ('fruits-a-coque', 'Fruits à coque'), ('celeri', 'Céleri'), ('moutarde', 'Moutarde'), ('sesame', 'Sésame'), ('sulfites', 'Sulfites'), ('lupin', 'Lupin'), ('mollusques', 'Mollusques')], max_length=20), blank=True, default=list, size=None, verbose_name='peut contenir des traces de')),
                ('question', models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='question')),
                ('confirmed', models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='confirmé')),
                ('may_be_sold', models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(models.Q(('question', ''), _negated=True), models.Q(('question', models.F('confirmed')), _negated=True)), then=False), models.When(is_food=False, then=True), models.When(allergens_known=True, is_food=True, then=True), default=False), output_field=models.BooleanField())),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='details', to='catalogue.product')),
            ],
            options={
                'verbose_name': 'fiche produit',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('is_food', False), _negated=True), models.Q(('allergens', []), ('traces', [])), _connector='OR'), name='only_food_has_allergens')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productdetails',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'product:' || product_id from changed) union all (with changed as (select product_id from new_rows) select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.product_id join shop_storefront storefront on storefront.partner_id = stock.partner_id join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='e2ac7f7de49df06cc1ae257139abd432469de9d7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_676ef', referencing='REFERENCING NEW TABLE AS new_rows ', table='shop_productdetails', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productdetails',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'product:' || product_id from changed) union all (with changed as ((select product_id, may_be_sold from new_rows except select product_id, may_be_sold from old_rows) union all (select product_id, may_be_sold from old_rows except select product_id, may_be_sold from new_rows)) select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.product_id join shop_storefront storefront on storefront.partner_id = stock.partner_id join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='0a6a728fb90e7345078c79be51b0799369b5631f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_b64d0', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='shop_productdetails', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productdetails',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'product:' || product_id from changed) union all (with changed as (select product_id from old_rows) select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.product_id join shop_storefront storefront on storefront.partner_id = stock.partner_id join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='fd4d64578bd55d453f56f9585b3c01521ce92a4a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_a6962', referencing='REFERENCING OLD TABLE AS old_rows ', table='shop_productdetails', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(django.db.models.functions.text.Lower('email'), condition=models.Q(('user', None)), name='guest_purchase_by_address'),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(fields=['email_key'], name='purchase_by_email_key'),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(fields=['phone_key'], name='purchase_by_phone_key'),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(condition=models.Q(('visitor_key', ''), _negated=True), fields=['visitor_key'], name='purchase_by_visitor_key'),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(condition=models.Q(('confirmed_at', None)), fields=['confirm_by'], name='purchase_to_confirm'),
        ),
        migrations.AddConstraint(
            model_name='purchase',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', False), ('confirm_by__isnull', False), _connector='OR'), name='confirmed_or_to_confirm'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='note_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select unnest(array['products', 'page:' || merchant_id, 'shelf:' || merchant_id]) from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='644a4dcee80f104ce524c0577303e5833b2d29fd', level='STATEMENT', operation='INSERT', pgid='pgtrigger_note_insert_97d86', referencing='REFERENCING NEW TABLE AS new_rows ', table='shop_storefront', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='note_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select unnest(array['products', 'page:' || merchant_id, 'shelf:' || merchant_id]) from changed) union all (with changed as ((select id, merchant_id, sells from new_rows except select id, merchant_id, sells from old_rows) union all (select id, merchant_id, sells from old_rows except select id, merchant_id, sells from new_rows)) select told.tag from changed storefront join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='f3153d8bfa4a6b6f4e69ea177c8f9ae053c910c5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_note_update_9b592', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='shop_storefront', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='note_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select unnest(array['products', 'page:' || merchant_id, 'shelf:' || merchant_id]) from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='c7607c6abfd8ce222e0ac2d1df1bf30ee9314f2e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_note_delete_83184', referencing='REFERENCING OLD TABLE AS old_rows ', table='shop_storefront', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_product_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'product:' || id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='9bc047a4fe2bb5c51cea2fd9e5dc9402f52125e8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_catalogue_product_insert_162f2', referencing='REFERENCING NEW TABLE AS new_rows ', table='catalogue_product', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_product_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'product:' || id from changed) union all (with changed as ((select id, title, is_public, structure from new_rows except select id, title, is_public, structure from old_rows) union all (select id, title, is_public, structure from old_rows except select id, title, is_public, structure from new_rows)) select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.id join shop_storefront storefront on storefront.partner_id = stock.partner_id join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='1b31595c0dddec521f2bd559187acf55bedba171', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_catalogue_product_update_3e65e', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='catalogue_product', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_product_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'product:' || id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='8e9f4d773e7667f0333f42d48f891b8dc6cf2ac5', level='STATEMENT', operation='DELETE', pgid='pgtrigger_catalogue_product_delete_8d7f5', referencing='REFERENCING OLD TABLE AS old_rows ', table='catalogue_product', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_productcategory_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'product:' || product_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='61ecda5e1b23ff9dbaa26263e180d1249c419267', level='STATEMENT', operation='INSERT', pgid='pgtrigger_catalogue_productcategory_insert_ac8e5', referencing='REFERENCING NEW TABLE AS new_rows ', table='catalogue_productcategory', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_productcategory_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'product:' || product_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='20ea1a0222b4723ae68f96ff521df0342d765192', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_catalogue_productcategory_update_478d9', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='catalogue_productcategory', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_productcategory_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'product:' || product_id from changed)) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='8ce4c693f81a135c009e0b96c326e3796a1e0c33', level='STATEMENT', operation='DELETE', pgid='pgtrigger_catalogue_productcategory_delete_189ed', referencing='REFERENCING OLD TABLE AS old_rows ', table='catalogue_productcategory', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_productimage_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'product:' || product_id from changed) union all (with changed as (select product_id, original, display_order from new_rows) select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.product_id join shop_storefront storefront on storefront.partner_id = stock.partner_id join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='6637b2d4118c6cc37083208a60055b9909287bde', level='STATEMENT', operation='INSERT', pgid='pgtrigger_catalogue_productimage_insert_a3e2b', referencing='REFERENCING NEW TABLE AS new_rows ', table='catalogue_productimage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_productimage_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'product:' || product_id from changed) union all (with changed as ((select product_id, original, display_order from new_rows except select product_id, original, display_order from old_rows) union all (select product_id, original, display_order from old_rows except select product_id, original, display_order from new_rows)) select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.product_id join shop_storefront storefront on storefront.partner_id = stock.partner_id join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='7090cd84796e07663f8ce2163b7fd37ebf8f2185', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_catalogue_productimage_update_1d43a', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='catalogue_productimage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='catalogue_productimage_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'product:' || product_id from changed) union all (with changed as (select product_id, original, display_order from old_rows) select told.tag from changed join partner_stockrecord stock on stock.product_id = changed.product_id join shop_storefront storefront on storefront.partner_id = stock.partner_id join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='243fce02c75d43df244c4123197680bb2dd50ea6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_catalogue_productimage_delete_d2988', referencing='REFERENCING OLD TABLE AS old_rows ', table='catalogue_productimage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='partner_stockrecord_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from new_rows) select 'product:' || product_id from changed) union all (with changed as (select product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock from new_rows) select told.tag from changed join shop_storefront storefront using (partner_id) join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='85508bdf02c30f7570c33afcf6fabc2f4662fac6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_partner_stockrecord_insert_bf76e', referencing='REFERENCING NEW TABLE AS new_rows ', table='partner_stockrecord', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='partner_stockrecord_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as ((select * from new_rows except select * from old_rows) union all (select * from old_rows except select * from new_rows)) select 'product:' || product_id from changed) union all (with changed as ((select product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock from new_rows except select product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock from old_rows) union all (select product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock from old_rows except select product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock from new_rows)) select told.tag from changed join shop_storefront storefront using (partner_id) join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='2c0daeb84666869e67f1d1d10a403f1770b2f2f4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_partner_stockrecord_update_1fd3e', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='partner_stockrecord', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storefront',
            trigger=pgtrigger.compiler.Trigger(name='partner_stockrecord_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="insert into portal_change (tag) select distinct tag from ((with changed as (select * from old_rows) select 'product:' || product_id from changed) union all (with changed as (select product_id, partner_id, price is null as unpriced, num_in_stock > coalesce(num_allocated, 0) as in_stock from old_rows) select told.tag from changed join shop_storefront storefront using (partner_id) join directory_merchantpage merchant on merchant.page_ptr_id = storefront.merchant_id join directory_town town on town.id = merchant.town_id cross join lateral (values ('products'), ('shelf:' || storefront.merchant_id), ('in-town:' || town.id), ('in-town:' || town.parent_id)) as told (tag) )) as told (tag) where tag is not null; if found then perform pg_notify('portal_change', ''); end if; return null;", hash='9c35611e421ddbfba67d08e4fb77ecf54abadc08', level='STATEMENT', operation='DELETE', pgid='pgtrigger_partner_stockrecord_delete_c9ba7', referencing='REFERENCING OLD TABLE AS old_rows ', table='partner_stockrecord', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='merchantorder',
            constraint=models.UniqueConstraint(fields=('purchase', 'storefront'), name='one_order_a_merchant'),
        ),
    ]
