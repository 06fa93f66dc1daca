"""Sums by merchant and week; home/purges.py deletes them after KEPT."""

from datetime import timedelta

from django.db import models

KEPT = timedelta(days=760)  # two years and a month: a week beside that of the year before


class AudienceWeek(models.Model):
    """week: its Monday (ISO). views: of the page. shown: in lists of results. calls, directions: presses on them."""

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="audience")
    week = models.DateField("semaine du", db_index=True)
    views = models.PositiveIntegerField("pages vues", default=0, db_default=0)
    shown = models.PositiveIntegerField("recherches", default=0, db_default=0)
    calls = models.PositiveIntegerField("appels", default=0, db_default=0)
    directions = models.PositiveIntegerField("itinéraires", default=0, db_default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "fréquentation d’une semaine"
        constraints = [models.UniqueConstraint(fields=["merchant", "week"], name="one_sum_a_week")]

    def __str__(self) -> str:
        return f"{self.merchant_id}, {self.week}"
