"""Whether an article is food is said of each, and the database works out what may be sold.

What is on sale already is taken for food where its merchant's trade is, unless its name says otherwise, and for no food
where it is not, unless its name says so: then nobody knows, and the merchant is asked.
"""

from django.db import migrations, models

from shop.allergens import question
from shop.food import is_likely_food

BATCH = 1_000


def say_what_is_food(apps, schema_editor):
    ProductFacts = apps.get_model("shop", "ProductFacts")
    tops = dict(apps.get_model("directory", "Category").objects.values_list("slug", "parent__slug"))
    categories = dict(
        apps.get_model("shop", "Storefront").objects.values_list("partner__stockrecords__product", "merchant__category__slug")
    )
    told = []
    for facts in ProductFacts.objects.select_related("product").order_by("pk").iterator(BATCH):
        category = categories.get(facts.product_id) or ""
        product = facts.product
        facts.is_food = is_likely_food(category, tops.get(category) or category, product.title)
        if facts.is_food is False:
            facts.allergens_known, facts.allergens, facts.traces = False, [], []
        elif facts.is_food and facts.allergens_known:
            facts.question = question(product.title, product.description, True, facts.allergens)
        told.append(facts)
    columns = ["is_food", "allergens_known", "allergens", "traces", "question"]
    ProductFacts.objects.bulk_update(told, columns, batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
        ('directory', '0001_initial'),
        ('partner', '0007_partneraddress_code'),
        ('shop', '0009_clean_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='productfacts',
            name='confirmed',
            field=models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='confirmé'),
        ),
        migrations.AddField(
            model_name='productfacts',
            name='is_food',
            field=models.BooleanField(default=None, null=True, verbose_name='se mange ou se boit'),
        ),
        migrations.AddField(
            model_name='productfacts',
            name='question',
            field=models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='question'),
        ),
        migrations.RunPython(say_what_is_food, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='productfacts',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_food', False), _negated=True), models.Q(('allergens', []), ('traces', [])), _connector='OR'), name='only_food_has_allergens'),
        ),
        migrations.AddField(
            model_name='productfacts',
            name='may_be_sold',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(models.Q(('question', ''), _negated=True), models.Q(('question', models.F('confirmed')), _negated=True)), then=False), models.When(is_food=False, then=True), models.When(allergens_known=True, is_food=True, then=True), default=False), output_field=models.BooleanField()),
        ),
    ]
