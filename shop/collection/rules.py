"""What the database keeps of when orders are collected: a shop's rules, an article's, an order's slot, its places."""

from datetime import time

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from portal.fields import CodesField
from portal.oscar_settings import ORDER_CANCELLED
from shop.collection.slots import EVERY_DAY, Rules

LONGEST_LEAD = 50 * 60  # minutes of opening time, a week's or more
MOST_PLACES, FARTHEST = 200, 60  # orders a slot; days
LONGEST_WAIT = 30 * 24  # hours, for what is made to order
OVERBOOKED = "never_overbooked"  # the database's name for it: the slot's last place went to somebody else


class Weekday(models.TextChoices):
    MONDAY = "lundi", "Lundi"
    TUESDAY = "mardi", "Mardi"
    WEDNESDAY = "mercredi", "Mercredi"
    THURSDAY = "jeudi", "Jeudi"
    FRIDAY = "vendredi", "Vendredi"
    SATURDAY = "samedi", "Samedi"
    SUNDAY = "dimanche", "Dimanche"


class SlotLength(models.IntegerChoices):
    """Minutes. Each divides a day, so that slots of a shop that never closes lie alike each day."""

    QUARTER = 15, "un quart d’heure"
    TWENTY = 20, "vingt minutes"
    HALF = 30, "une demi-heure"
    HOUR = 60, "une heure"
    TWO_HOURS = 120, "deux heures"


_WEEKDAYS = list(Weekday)


def numbers_of(weekdays: list[str]) -> frozenset[int]:
    """Return the numbers of these days, Monday 0."""
    return frozenset(_WEEKDAYS.index(Weekday(day)) for day in weekdays)


class CollectionRules(models.Model):
    """The columns of a shop's rules; every shop has them, whether its merchant looked or not."""

    collection_lead = models.PositiveSmallIntegerField(
        "délai de préparation", default=120, db_default=120, validators=[MaxValueValidator(LONGEST_LEAD)]
    )  # minutes of opening time
    collection_cutoff = models.TimeField("commandé la veille avant", null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(
        "durée d’un créneau", choices=SlotLength, default=SlotLength.HALF, db_default=SlotLength.HALF
    )
    slot_places = models.PositiveSmallIntegerField(
        "commandes par créneau",
        default=6,
        db_default=6,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
    )
    collection_ahead = models.PositiveSmallIntegerField(
        "jours proposés à l’avance",
        default=14,
        db_default=14,
        validators=[MinValueValidator(1), MaxValueValidator(FARTHEST)],
    )
    collection_days_off = CodesField(
        models.CharField(max_length=8, choices=Weekday), verbose_name="jours sans retrait", default=list, blank=True
    )

    class Meta:
        abstract = True

    @property
    def rules(self) -> Rules:
        return rules_of(
            self.collection_lead,
            self.collection_cutoff,
            self.slot_minutes,
            self.slot_places,
            self.collection_ahead,
            self.collection_days_off,
        )


COLUMNS = (
    "collection_lead", "collection_cutoff", "slot_minutes", "slot_places", "collection_ahead", "collection_days_off",
)  # fmt: skip


def rules_of(lead: int, day_before: time | None, length: int, places: int, ahead: int, days_off: list[str]) -> Rules:
    """Return the rules of a shop of these COLUMNS."""
    return Rules(lead, day_before, length, places, ahead, EVERY_DAY - numbers_of(days_off))


def need_of(lead_hours: int, only_on: list[str]) -> tuple[int, frozenset[int]]:
    """Return what an article asks, as Rules.of_articles wants it, of its columns ``lead_hours`` and ``only_on``."""
    return lead_hours, numbers_of(only_on) or EVERY_DAY


OF_SHOPS = [
    models.CheckConstraint(
        condition=models.Q(collection_lead__lte=LONGEST_LEAD, slot_minutes__in=SlotLength.values)
        & models.Q(slot_places__range=(1, MOST_PLACES), collection_ahead__range=(1, FARTHEST))
        & models.Q(collection_days_off__len__lt=len(Weekday)),
        name="collection_rules_leave_times",
    )
]
OF_ARTICLES = [
    models.CheckConstraint(condition=models.Q(lead_hours__lte=LONGEST_WAIT), name="made_to_order_within_a_month")
]
OF_ORDERS = [
    models.CheckConstraint(
        condition=models.Q(collect_from=None, collect_until=None)
        | models.Q(collect_from__isnull=False, collect_until__gt=models.F("collect_from")),
        name="a_slot_begins_and_ends",
    ),
    models.CheckConstraint(
        condition=models.Q(proposed_from=None, proposed_until=None)
        | models.Q(proposed_from__isnull=False, proposed_until__gt=models.F("proposed_from")),
        name="a_proposal_begins_and_ends",
    ),
]

# No code, no admin, no psql gives a slot more orders than the shop's rules have places, nor a round of deliveries. The
# lock is a shop's own: a purchase takes slots last in its transaction, shop after shop, so that nobody waits in a
# circle. A proposal that its buyer accepts is the merchant's own word.
NEVER_OVERBOOKED = pgtrigger.Trigger(
    name="never_overbooked",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=" ".join(
        f"""
        if new.collect_from is null then return new; end if;
        if tg_op = 'UPDATE' then
            if new.collect_from = old.collect_from and new.collect_until = old.collect_until
            or new.collect_from = old.proposed_from and new.collect_until = old.proposed_until then
                return new;
            end if;
        end if;
        perform pg_advisory_xact_lock(hashtextextended('shop.collection', new.storefront_id));
        if (
            select count(*) from shop_merchantorder part join order_order placed on placed.id = part.order_id
            where part.storefront_id = new.storefront_id and part.id <> new.id and placed.status <> '{ORDER_CANCELLED}'
            and part.delivery = new.delivery
            and part.collect_from < new.collect_until and part.collect_until > new.collect_from
        ) >= coalesce(
            (select places from shop_deliverymethod where storefront_id = new.storefront_id and kind = new.delivery),
            (select slot_places from shop_storefront where id = new.storefront_id)
        ) then
            raise exception 'The slot from % of storefront % is full.', new.collect_from, new.storefront_id
                using errcode = 'check_violation', constraint = '{OVERBOOKED}';
        end if;
        return new;
        """.split()
    ),
)


def slot_index() -> models.Index:
    """Return the index that finds the orders of a shop's slots."""
    return models.Index(
        fields=["storefront", "collect_from"],
        name="merchant_order_by_slot",
        condition=models.Q(collect_from__isnull=False),
    )
