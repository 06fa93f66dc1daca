"""Which reminders of the freshness contract were sent."""

from django.db import models
from django.db.models.functions import Now

from directory.freshness.stages import Stage


class HoursReminder(models.Model):
    """One e-mail to who keeps a page. since: the day from which its age was counted, so that each stage writes once."""

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="hours_reminders")
    stage = models.CharField("étape", max_length=10, choices=Stage)
    since = models.DateField("horaires connus le")
    sent_at = models.DateTimeField("envoyé le", db_default=Now(), editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "rappel des horaires"
        verbose_name_plural = "rappels des horaires"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "since", "stage"], name="one_reminder_a_stage"),
        ]
