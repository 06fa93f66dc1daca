"""How a shop delivers: one row for its rounds, one for its parcels."""

from datetime import time
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from portal.fields import CodesField
from portal.watch import Note, watched
from shop.collection.rules import LONGEST_WAIT, MOST_PLACES, Weekday, numbers_of
from shop.delivery.ways import Rounds, Way, fee_of

MOST_TOWNS = 400
MOST_EUROS = Decimal("9999.99")


class Kind(models.TextChoices):
    """How an order leaves the shop, "" where its buyer comes."""

    ROUND = "tournee", "Livraison par le commerçant"
    PARCEL = "colis", "Colis par la poste"


class DeliveryMethod(models.Model):
    """One way in which a shop delivers. Without its row, or while that is paused, nobody can choose it.

    towns: INSEE codes of those that a round goes to; a parcel goes anywhere in France, and has neither towns nor days.
    """

    storefront = models.ForeignKey("shop.Storefront", models.CASCADE, related_name="delivery_methods")
    kind = models.CharField("mode", max_length=8, choices=Kind)
    is_paused = models.BooleanField("en pause", default=False)
    fee = models.DecimalField("prix de la livraison", max_digits=6, decimal_places=2)
    free_from = models.DecimalField("offerte dès", max_digits=6, decimal_places=2, null=True, blank=True)
    minimum = models.DecimalField("commande minimum", max_digits=6, decimal_places=2, default=0, db_default=0)
    towns = ArrayField(models.CharField(max_length=5), verbose_name="communes", default=list, blank=True)
    weekdays = CodesField(
        models.CharField(max_length=8, choices=Weekday), verbose_name="jours de livraison", default=list, blank=True
    )
    starts = models.TimeField("à partir de", default=time(14), db_default=time(14))
    ends = models.TimeField("jusqu’à", default=time(18), db_default=time(18))
    day_before = models.TimeField("commandé la veille avant", null=True, blank=True)
    lead_hours = models.PositiveSmallIntegerField(
        "délai, en heures", default=4, db_default=4, validators=[MaxValueValidator(LONGEST_WAIT)]
    )
    places = models.PositiveSmallIntegerField(
        "commandes par tournée",
        default=12,
        db_default=12,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
    )
    told = models.CharField("ce que le client doit savoir", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "mode de livraison"
        verbose_name_plural = "modes de livraison"
        constraints = [
            models.UniqueConstraint(fields=["storefront", "kind"], name="one_way_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(fee__gte=0, minimum__gte=0)
                & (models.Q(free_from=None) | models.Q(free_from__gt=models.F("minimum"))),
                name="delivery_costs_nothing_below_zero",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind=Kind.ROUND,
                    towns__len__range=(1, MOST_TOWNS),
                    weekdays__len__gte=1,
                    ends__gt=models.F("starts"),
                    places__range=(1, MOST_PLACES),
                    lead_hours__lte=LONGEST_WAIT,
                )
                | models.Q(kind=Kind.PARCEL, towns=[], weekdays=[]) & ~models.Q(told=""),
                name="a_round_has_towns_and_days",
            ),
        ]
        # Pages of the merchant and of each article tell it, and the search finds who delivers.
        triggers = watched(
            Note(
                """
                select told.tag from changed join shop_storefront storefront on storefront.id = storefront_id
                cross join lateral (values ('page:' || storefront.merchant_id), ('shelf:' || storefront.merchant_id))
                    as told (tag)
                union all
                select 'product:' || stock.product_id from changed
                join shop_storefront storefront on storefront.id = storefront_id
                join partner_stockrecord stock on stock.partner_id = storefront.partner_id
                """
            )
        )

    def __str__(self) -> str:
        return f"{self.storefront_id}: {self.kind}"

    @property
    def rounds(self) -> Rounds | None:
        """When it goes, None for a parcel."""
        if self.kind != Kind.ROUND:
            return None
        return Rounds(numbers_of(self.weekdays), self.starts, self.ends, self.places, self.day_before, self.lead_hours)

    def priced(self, goods: Decimal) -> Way:
        """Return it for goods of this worth, euros with VAT."""
        return Way(self.kind, fee_of(self.fee, self.free_from, goods), self.rounds, self.told)
