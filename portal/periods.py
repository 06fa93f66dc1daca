"""What is shown from one day to another, either of which may be left open."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldRowPanel

PERIOD_PANEL = FieldRowPanel(["starts_on", "ends_on"], heading="Période")


class PeriodQuerySet(models.QuerySet):
    def of_day(self, day: date) -> Self:
        """Keep those whose period holds that day."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        lasting = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.filter(begun, lasting)


class Period(models.Model):
    """The first and the last day of something."""

    starts_on = models.DateField("à partir du", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "La fin vient avant le début. Inversez les deux dates."})
