"""Receipts and credit notes: numbered without gaps by the database, and never changed."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models

from portal.triggers import kept_with, never_rewritten, one_line


class ReceiptMandate(models.Model):
    """A merchant's mandate to make receipts in their name. ended_at: until when, None while it holds."""

    storefront = models.ForeignKey("shop.Storefront", models.CASCADE, related_name="receipt_mandates")
    given_at = models.DateTimeField("donné le")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField("retiré le", null=True)

    class Meta:
        app_label = "shop"
        verbose_name = "mandat pour les reçus"
        verbose_name_plural = "mandats pour les reçus"
        constraints = [
            models.UniqueConstraint(
                fields=["storefront"], name="one_receipt_mandate_at_a_time", condition=models.Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("given_at")),
                name="a_mandate_ends_after_it_was_given",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=one_line(
                    """
                    if (new.given_by_id is null or new.given_by_id = old.given_by_id)
                        and (old.ended_at is null or new.ended_at = old.ended_at)
                        and to_jsonb(new) - array['given_by_id', 'ended_at']
                          = to_jsonb(old) - array['given_by_id', 'ended_at']
                    then return new; end if;
                    raise exception 'A mandate is given and ended, never rewritten.'
                        using errcode = 'check_violation', constraint = 'mandates_are_kept';
                    """
                ),
            )
        ]


class ReceiptCounter(models.Model):
    """The last number of one kind in a merchant's year. Its row is locked until who takes a number commits."""

    storefront = models.ForeignKey("shop.Storefront", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=1)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        app_label = "shop"
        verbose_name = "compteur de reçus"
        verbose_name_plural = "compteurs de reçus"
        constraints = [models.UniqueConstraint(fields=["storefront", "kind", "year"], name="one_counter_a_year")]


class Receipt(models.Model):
    """What was handed over, or refunded, as it is printed: nothing of it is read again from elsewhere.

    sequence: its number within kind and year, which the database gives. seller: {"name", "address", "siret"}. lines:
    list of {"title", "quantity", "unit_price", "weighed", "total", "rate"}, amounts as "4.90", euros, VAT included;
    weighed: what the scales said, "" of anything else; then unit_price is "". rate as in shop.vat. total: their sum,
    which a credit note gives back. withdrawal: what a credit note is of.
    """

    class Kind(models.TextChoices):
        RECEIPT = "R", "reçu"
        CREDIT_NOTE = "A", "avoir"

    storefront = models.ForeignKey("shop.Storefront", models.PROTECT, related_name="receipts")
    merchant_order = models.ForeignKey("shop.MerchantOrder", models.CASCADE, related_name="receipts")
    withdrawal = models.OneToOneField("shop.Withdrawal", models.CASCADE, null=True, related_name="credit_note")
    kind = models.CharField("nature", max_length=1, choices=Kind)
    year = models.PositiveSmallIntegerField("année")
    sequence = models.PositiveIntegerField("rang", db_default=0)
    issued_at = models.DateTimeField("établi le")
    seller = models.JSONField("vendeur")
    lines = models.JSONField("lignes")
    total = models.DecimalField("total TTC", max_digits=12, decimal_places=2)

    class Meta:
        app_label = "shop"
        verbose_name = "reçu"
        verbose_name_plural = "reçus"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["storefront", "kind", "year", "sequence"], name="a_number_once"),
            models.UniqueConstraint(
                fields=["merchant_order"], name="one_receipt_an_order", condition=models.Q(kind="R")
            ),
            models.CheckConstraint(
                condition=models.Q(kind="R", withdrawal=None) | models.Q(kind="A", withdrawal__isnull=False),
                name="a_credit_note_is_of_a_withdrawal",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="takes_the_next_number",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=one_line(
                    """
                    if new.year <> extract(year from new.issued_at at time zone 'Europe/Paris') then
                        raise exception 'A receipt is numbered in the year in which it is made.'
                            using errcode = 'check_violation', constraint = 'a_receipt_is_of_its_year';
                    end if;
                    if new.total <> (select coalesce(sum((line ->> 'total')::numeric), 0)
                            from jsonb_array_elements(new.lines) line) then
                        raise exception 'A receipt is the sum of its lines.'
                            using errcode = 'check_violation', constraint = 'a_receipt_is_its_lines';
                    end if;
                    insert into shop_receiptcounter as counter (storefront_id, kind, year, last)
                        values (new.storefront_id, new.kind, new.year, 1)
                        on conflict (storefront_id, kind, year) do update set last = counter.last + 1
                        returning last into new.sequence;
                    return new;
                    """
                ),
            ),
            never_rewritten("never_rewritten", "receipts_are_kept", "A receipt is never rewritten."),
            kept_with(
                "kept_with_its_order",
                "shop_merchantorder",
                "merchant_order_id",
                "receipts_are_kept",
                "A receipt goes with its order alone.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What buyer and merchant quote: "R-2026-00042", "A-2026-00003" for a credit note."""
        return f"{self.kind}-{self.year}-{self.sequence:05d}"

    def vat_lines(self) -> list[tuple[str, Decimal]]:
        """Return (rate, euros) of its lines, for shop.vat.shares()."""
        return [(line["rate"], Decimal(line["total"])) for line in self.lines]
