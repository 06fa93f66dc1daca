"""Jobs instead of duties: e-mails that wait get a job each, as late and as often tried as they were."""

from django.db import migrations, models
from django.db.models.functions import Now

GIVE_JOBS = """
insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at, attempts)
select 'mail', 'send_mail', jsonb_build_object('mail_id', id), due_at, attempts from portal_queuedmail order by id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0013_sizes_due_by_the_database"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(GIVE_JOBS, migrations.RunSQL.noop),
        migrations.RemoveField("queuedmail", "due_at"),
        migrations.RemoveField("queuedmail", "attempts"),
        migrations.AddField("queuedmail", "handed_at", models.DateTimeField(null=True)),
        migrations.DeleteModel("DutyReport"),
        migrations.CreateModel(
            "JobReport",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=40, unique=True)),
                ("known_since", models.DateTimeField(db_default=Now())),
                ("done_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            "JobFailure",
            [
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("failure", models.CharField(max_length=200)),
            ],
        ),
    ]
