"""The demand log: each search for a while, then sums by day."""

from django.db import models


class Demand(models.Model):
    """One search, or one click on what it found.

    It holds nobody: no account, address or position, and no hour. words: folded, singular, "" if none was typed or
    they might tell who. category: the slug chosen or understood. place: an INSEE or department code, as typed.
    results: merchants and products found there, before opening to neighbours. rank: of the result clicked, from 1;
    None for the search itself. A click is not tied to its search.
    """

    day = models.DateField()
    words = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    place = models.CharField(max_length=5)
    results = models.PositiveIntegerField(null=True)
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        app_label = "regional_search"
        verbose_name = "recherche"
        indexes = [models.Index(fields=["day"], name="demand_by_day")]


class DailyDemand(models.Model):
    """All of a day's searches for the same thing in the same place. ranks: the sum of the ranks clicked."""

    day = models.DateField()
    words = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    place = models.CharField(max_length=5)
    searches = models.PositiveIntegerField()
    unanswered = models.PositiveIntegerField()
    clicks = models.PositiveIntegerField()
    ranks = models.PositiveBigIntegerField()

    class Meta:
        app_label = "regional_search"
        verbose_name = "recherches d’un jour"
        constraints = [
            models.UniqueConstraint(fields=["day", "words", "category", "place"], name="one_sum_a_day_and_demand")
        ]
