from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0009_kept_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='DatabaseMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.RunSQL("insert into portal_databasemark (id) values (1)", migrations.RunSQL.noop),
    ]
