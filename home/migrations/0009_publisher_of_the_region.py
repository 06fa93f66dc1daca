from django.conf import settings
from django.db import migrations, models

import home.site_settings


def name_the_publisher(apps, schema_editor):
    """The first row was made with the name of the first region."""
    rows = apps.get_model("home.SiteSettings").objects
    former = rows.model._meta.get_field("publisher").default
    if former != settings.REGION.institution:
        rows.filter(publisher=former).update(publisher=settings.REGION.institution)


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0008_closing_plans'),
    ]

    operations = [
        migrations.RunPython(name_the_publisher, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='sitesettings',
            name='publisher',
            field=models.CharField(default=home.site_settings.institution, max_length=120, verbose_name='éditeur'),
        ),
    ]
