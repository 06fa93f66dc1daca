"""Figures of each month as they were when it ended: what is erased later changes nothing of them."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now

from home import watched


class MonthlyResult(models.Model):
    """One department in one month; written once, by the job, and by nobody's hand.

    month: its first day. merchants: online when it was frozen; fresh: of them, with hours that were confirmed or first
    published less than six months before. orders: handed over in the month; sold: their total, euros, VAT included.
    sellers: how many merchants handed one over.
    """

    month = models.DateField("mois")
    department = models.CharField("département", max_length=3)
    merchants = models.PositiveIntegerField("commerçants en ligne")
    fresh = models.PositiveIntegerField("horaires à jour")
    orders = models.PositiveIntegerField("commandes remises")
    sellers = models.PositiveIntegerField("vendeurs")
    sold = models.DecimalField("euros vendus", max_digits=12, decimal_places=2)
    frozen_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "home"
        ordering = ["-month", "department"]
        constraints = [
            models.UniqueConstraint(fields=["month", "department"], name="one_result_a_month"),
            models.CheckConstraint(name="result_month_begins_it", condition=models.Q(month__day=1)),
        ]
        triggers = [
            pgtrigger.Protect(name="past_months_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            *watched.EDITORIAL,
        ]


class MonthlyCost(models.Model):
    """What the portal cost in a month, as the Region says; the admin keeps who wrote what and when."""

    month = models.DateField("mois", unique=True, help_text="Son premier jour, par exemple 01/11/2026.")
    cost = models.DecimalField(
        "coût, en euros", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)],
        help_text="Toutes taxes comprises : hébergement, équipe, prestataires.",
    )  # fmt: skip
    note = models.CharField("ce que ce coût comprend", max_length=200, blank=True)

    class Meta:
        app_label = "home"
        verbose_name = "coût d’un mois"
        verbose_name_plural = "coûts du portail"
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(name="cost_month_begins_it", condition=models.Q(month__day=1)),
            models.CheckConstraint(name="cost_is_not_negative", condition=models.Q(cost__gte=0)),
        ]
        triggers = watched.EDITORIAL

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"

    def clean(self) -> None:
        if self.month and self.month.day != 1:
            raise ValidationError({"month": "Donnez le premier jour du mois, par exemple 01/11/2026."})
