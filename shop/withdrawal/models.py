"""What buyers gave up, and what could not be given up when it was ordered: rows that are never rewritten."""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models

from portal.triggers import kept_with, never_rewritten, one_line
from portal.watch import OnTable
from shop.withdrawal.exceptions import Exceptions


class ExceptedLine(models.Model):
    """A line that was ordered while its article was excepted from withdrawal; the database notes it with the line."""

    line = models.OneToOneField("order.Line", models.CASCADE, primary_key=True, related_name="excepted")
    exception = models.CharField("exception", max_length=10, choices=Exceptions)

    class Meta:
        app_label = "shop"
        verbose_name = "ligne sans rétractation"
        verbose_name_plural = "lignes sans rétractation"
        triggers = [
            OnTable(
                table="order_line",
                name="order_line_exceptions",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=one_line(
                    """
                    insert into shop_exceptedline (line_id, exception)
                    select new.id, withdrawal_exception from shop_productdetails
                    where product_id = new.product_id and withdrawal_exception <> '';
                    return null;
                    """
                ),
            ),
            never_rewritten("append_only", "exceptions_are_kept", "What was told at the order is never rewritten."),
        ]


class Withdrawal(models.Model):
    """What a buyer gave up of one merchant's order, and what became of it.

    Only its state moves on, with the moments that belong to it. refund: euros to be given back, delivery included;
    0 for what was given up before it was handed over and paid. refund_by: the last day for it.
    """

    class State(models.TextChoices):
        REQUESTED = "demandee", "demandée"
        RETURNED = "recue", "bien reçu"
        REFUNDED = "remboursee", "remboursée"
        NOTHING_DUE = "rien", "rien à rembourser"

    merchant_order = models.ForeignKey("shop.MerchantOrder", models.CASCADE, related_name="withdrawals")
    at = models.DateTimeField("reçue le")
    name = models.CharField("nom", max_length=120)
    email = models.EmailField("adresse de l’accusé de réception")
    handed_over = models.BooleanField("après la remise")
    delivery = models.DecimalField("livraison à rembourser", max_digits=12, decimal_places=2, default=Decimal(0))
    refund = models.DecimalField("à rembourser", max_digits=12, decimal_places=2, default=Decimal(0))
    refund_by = models.DateField("à rembourser jusqu’au", null=True)
    state = models.CharField("état", max_length=10, choices=State)
    returned_at = models.DateTimeField("bien reçu le", null=True)
    refunded_at = models.DateTimeField("remboursée le", null=True)
    reminded_at = models.DateTimeField("rappel au commerçant le", null=True)
    overdue_told_at = models.DateTimeField("retard dit au commerçant le", null=True)

    class Meta:
        app_label = "shop"
        verbose_name = "rétractation"
        verbose_name_plural = "rétractations"
        ordering = ("pk",)
        indexes = [
            models.Index(
                fields=["refund_by"], name="withdrawal_to_refund", condition=models.Q(state__in=["demandee", "recue"])
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handed_over=True, refund__gt=0, refund_by__isnull=False) & ~models.Q(state="rien")
                | models.Q(handed_over=False, refund=0, delivery=0, refund_by=None, state="rien"),
                name="what_was_paid_is_refunded",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="recue") | models.Q(returned_at__isnull=False), name="returned_at_a_moment"
            ),
            models.CheckConstraint(
                condition=models.Q(state="remboursee", refunded_at__isnull=False)
                | ~models.Q(state="remboursee") & models.Q(refunded_at=None),
                name="refunded_at_a_moment",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_moves_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=one_line(
                    """
                    if (new.state = old.state or (old.state, new.state) in
                            (('demandee', 'recue'), ('demandee', 'remboursee'), ('recue', 'remboursee')))
                        and (old.returned_at is null or new.returned_at is not distinct from old.returned_at)
                        and to_jsonb(new) - array['name', 'email', 'state', 'returned_at', 'refunded_at', 'reminded_at',
                            'overdue_told_at']
                          = to_jsonb(old) - array['name', 'email', 'state', 'returned_at', 'refunded_at', 'reminded_at',
                            'overdue_told_at']
                        and new.name in (old.name, '') and new.email in (old.email, '')
                    then return new; end if;
                    raise exception 'What was given up is never rewritten, and its state only moves on.'
                        using errcode = 'check_violation', constraint = 'withdrawals_are_kept';
                    """
                ),
            ),
            pgtrigger.Trigger(
                name="refunds_its_lines",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=one_line(
                    """
                    if new.refund <> new.delivery + (
                        select coalesce(sum(amount), 0) from shop_withdrawnline where withdrawal_id = new.id
                    ) or not exists (select from shop_withdrawnline where withdrawal_id = new.id) then
                        raise exception 'Withdrawal % does not refund what its lines cost.', new.id
                            using errcode = 'check_violation', constraint = 'a_withdrawal_refunds_its_lines';
                    end if;
                    return null;
                    """
                ),
            ),
            kept_with(
                "kept_with_its_order",
                "shop_merchantorder",
                "merchant_order_id",
                "withdrawals_are_kept",
                "A withdrawal goes with its order alone.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What buyer and merchant quote: "R-00042"."""
        return f"R-{self.pk:05d}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def units(self) -> list[tuple[int, Any]]:
        """Return (units, order line) of what was given up, of a withdrawal loaded with them."""
        return [(row.quantity, row.line) for row in self.lines.all()]


OPEN = (Withdrawal.State.REQUESTED, Withdrawal.State.RETURNED)  # still to be refunded


class WithdrawnLine(models.Model):
    """Units of one line that were given up. amount: euros to be given back for them."""

    withdrawal = models.ForeignKey(Withdrawal, models.CASCADE, related_name="lines")
    line = models.ForeignKey("order.Line", models.CASCADE, related_name="withdrawn")
    quantity = models.PositiveIntegerField("unités")
    amount = models.DecimalField("à rembourser", max_digits=12, decimal_places=2)

    class Meta:
        app_label = "shop"
        verbose_name = "ligne d’une rétractation"
        verbose_name_plural = "lignes des rétractations"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["withdrawal", "line"], name="a_line_once_a_withdrawal"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="some_units_are_given_up"),
        ]
        triggers = [
            # The order's line is locked: of two who give up the last unit at once, the second sees the first.
            pgtrigger.Trigger(
                name="no_more_than_was_sold",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("sold", "order_line"), ("whole", "shop_withdrawal"), ("gone", "bigint")],
                func=one_line(
                    """
                    select * into sold from order_line where id = new.line_id for no key update;
                    select * into whole from shop_withdrawal where id = new.withdrawal_id;
                    if not exists (
                        select from shop_merchantorder where id = whole.merchant_order_id and order_id = sold.order_id
                    ) then
                        raise exception 'Line % is of another order.', new.line_id
                            using errcode = 'check_violation', constraint = 'a_withdrawal_is_of_its_order';
                    end if;
                    if whole.handed_over and new.quantity + (
                        select coalesce(sum(before.quantity), 0) from shop_withdrawnline before
                        join shop_withdrawal other on other.id = before.withdrawal_id
                        where before.line_id = new.line_id and other.handed_over
                    ) > sold.quantity then
                        raise exception 'Of line %, no more is given up than was handed over.', new.line_id
                            using errcode = 'check_violation', constraint = 'no_more_than_was_sold';
                    end if;
                    gone := (
                        select coalesce(sum(before.quantity), 0) from shop_withdrawnline before
                        join shop_withdrawal other on other.id = before.withdrawal_id
                        where before.line_id = new.line_id and other.handed_over
                    );
                    if new.amount <> ( case
                        when not whole.handed_over then 0
                        when exists (select from shop_weighedline where line_id = sold.id) then
                            round(sold.line_price_incl_tax * (gone + new.quantity) / sold.quantity, 2)
                            - round(sold.line_price_incl_tax * gone / sold.quantity, 2)
                        else sold.unit_price_incl_tax * new.quantity
                    end ) then
                        raise exception 'Of line %, its units are refunded at their price.', new.line_id
                            using errcode = 'check_violation', constraint = 'a_withdrawal_refunds_its_lines';
                    end if;
                    return new;
                    """
                ),
            ),
            never_rewritten("append_only", "withdrawals_are_kept", "What was given up is never rewritten."),
        ]
