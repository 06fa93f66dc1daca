from django.db import migrations, models


def forget_the_default(apps, schema_editor):
    """What nobody has written is read from the region's folder from now on."""
    rows = apps.get_model("home.SiteSettings").objects
    rows.filter(publisher=rows.model._meta.get_field("publisher").default).update(publisher="")


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0009_editors_recall'),
    ]

    operations = [
        migrations.RunPython(forget_the_default, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='sitesettings',
            name='publisher',
            field=models.CharField(blank=True, help_text='Vide : la Région dont le portail est celui.', max_length=120, verbose_name='éditeur'),
        ),
    ]
