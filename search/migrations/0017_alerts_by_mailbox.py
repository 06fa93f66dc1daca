"""Alerts of one mailbox count together, whatever tags its addresses bear."""

from django.db import migrations, models


def fill(apps, schema_editor):
    from shop.buyers import email_key

    alerts = apps.get_model("regional_search", "Alert").objects
    for alert in alerts.only("email").iterator():
        alerts.filter(pk=alert.pk).update(email_key=email_key(alert.email))


class Migration(migrations.Migration):
    dependencies = [("regional_search", "0016_campaigns")]

    operations = [
        migrations.AddField(
            "alert", "email_key", models.CharField(max_length=254, editable=False, default=""), preserve_default=False
        ),
        migrations.AddIndex("alert", models.Index(fields=["email_key"], name="alert_by_mailbox")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
