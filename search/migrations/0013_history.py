from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('regional_search', '0012_terms'),
        ('portal', '0010_database_mark'),
    ]

    operations = [
        migrations.AddField(
            model_name='generation',
            name='history',
            field=models.CharField(db_default='', default='', max_length=16),
        ),
    ]
