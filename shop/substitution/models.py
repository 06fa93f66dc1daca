"""Another article that a merchant proposes for one that is missing, and what its buyer answers; kept for good."""

import pgtrigger
from django.conf import settings
from django.core.signing import Signer
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from portal.triggers import kept_with, one_line, refuse
from portal.watch import OnTable
from shop.order_history import LONGEST_WORDS, Refusal

ANSWERED_FIRST = "answered_before_ready"  # the database's names of its rules
AS_ACCEPTED = "substitutes_are_as_agreed"


class Substitution(models.Model):
    """``quantity`` units of an article in the place of ``missing`` units of a line, at prices that both agree on.

    Euros VAT included. unit_price: of one unit; price_per_kilo, ceiling: of what is sold by weight, as in WeighedLine.
    most: what the buyer had accepted at the very most for the missing units; is_dearer: it can cost more, which takes
    dearer_accepted. The stock is promised from asked_at on. replacement: the order's line, once it is accepted.
    """

    class State(models.TextChoices):
        ASKED = "demandee", "en attente de réponse"
        ACCEPTED = "acceptee", "acceptée"
        DECLINED = "declinee", "refusée"
        SILENT = "silence", "restée sans réponse"
        VOID = "caduque", "devenue sans objet"  # the order, or the line, was given up meanwhile

    merchant_order = models.ForeignKey("shop.MerchantOrder", models.CASCADE, related_name="substitutions")
    line = models.ForeignKey("order.Line", models.CASCADE, related_name="substitutions")
    missing = models.PositiveIntegerField("unités qui manquent")
    stockrecord = models.ForeignKey("partner.StockRecord", models.SET_NULL, null=True, related_name="+")
    title = models.CharField("article proposé", max_length=255)
    quantity = models.PositiveIntegerField("unités proposées")
    unit_price = models.DecimalField("prix", max_digits=12, decimal_places=2)
    price_per_kilo = models.DecimalField("prix du kilo", max_digits=8, decimal_places=2, null=True)
    ceiling = models.DecimalField("prix maximal d’une pièce", max_digits=8, decimal_places=2, null=True)
    tax_code = models.CharField("TVA", max_length=64)
    most = models.DecimalField("prix accepté de ce qui manque", max_digits=12, decimal_places=2)
    is_dearer = models.BooleanField("plus cher", default=False)
    dearer_accepted = models.BooleanField("plus cher accepté", default=False)
    none_left = models.BooleanField("il n’en reste plus", default=False)
    reason = models.CharField("motif", max_length=9, choices=Refusal)
    words = models.CharField("précision", max_length=LONGEST_WORDS, blank=True, default="")
    asked_at = models.DateTimeField("demandée le")
    answer_by = models.DateTimeField("à répondre avant")
    state = models.CharField("état", max_length=8, choices=State, default=State.ASKED)
    answered_at = models.DateTimeField("répondue le", null=True)
    replacement = models.OneToOneField("order.Line", models.CASCADE, null=True, related_name="replaces")

    class Meta:
        app_label = "shop"
        verbose_name = "remplacement proposé"
        verbose_name_plural = "remplacements proposés"
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["answer_by"], name="substitution_to_end", condition=models.Q(state="demandee")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], name="one_substitute_a_line", condition=models.Q(state__in=["demandee", "acceptee"])
            ),
            models.CheckConstraint(
                condition=models.Q(missing__gt=0, quantity__gt=0, unit_price__gt=0), name="something_replaces_something"
            ),
            models.CheckConstraint(
                condition=models.Q(is_dearer=True)
                | models.Q(most__gte=Coalesce("ceiling", "unit_price") * models.F("quantity")),
                name="a_substitute_costs_no_more_unless_said",
            ),
            models.CheckConstraint(
                condition=models.Q(price_per_kilo=None, ceiling=None)
                | models.Q(price_per_kilo__gt=0, ceiling__gte=models.F("unit_price")),
                name="a_weighed_substitute_has_a_ceiling",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="acceptee") & models.Q(replacement=None, dearer_accepted=False)
                | models.Q(state="acceptee", replacement__isnull=False, dearer_accepted=models.F("is_dearer")),
                name="a_dearer_substitute_is_accepted_expressly",
            ),
            models.CheckConstraint(
                condition=models.Q(state="demandee", answered_at=None)
                | ~models.Q(state="demandee") & models.Q(answered_at__isnull=False),
                name="a_substitute_is_answered_at_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(answer_by__gt=models.F("asked_at")), name="a_substitute_leaves_time_to_answer"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="autre") | ~models.Q(words=""), name="a_substitute_tells_another_reason"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="proposed_as_may_be",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("lost", "record"), ("other", "record")],
                func=one_line(
                    f"""
                    select line.*, details.is_alcohol, part.has_alcohol, part.delivery, placed.status as order_status,
                        coalesce(weighed.ceiling, line.unit_price_incl_tax) * new.missing as accepted
                    into lost
                    from order_line line join order_order placed on placed.id = line.order_id
                    join shop_merchantorder part on part.order_id = line.order_id and part.id = new.merchant_order_id
                    left join shop_weighedline weighed on weighed.line_id = line.id
                    left join shop_productdetails details on details.product_id = line.product_id
                    where line.id = new.line_id;
                    if lost is null or lost.quantity < new.missing or lost.order_status <> '{ORDER_RECEIVED}'
                        or lost.accepted <> new.most or new.state <> 'demandee' then
                        {refuse(AS_ACCEPTED, "What is replaced is missing of an order in preparation.")}
                    end if;
                    if exists (select from shop_substitution where replacement_id = new.line_id) then
                        {refuse(AS_ACCEPTED, "What replaces something is not replaced again.")}
                    end if;
                    select stock.*, details.is_alcohol, details.may_be_sold, details.withdrawal_exception,
                        product.is_public
                    into other
                    from partner_stockrecord stock join catalogue_product product on product.id = stock.product_id
                    join shop_productdetails details on details.product_id = stock.product_id
                    where stock.id = new.stockrecord_id;
                    if other is null or other.partner_id <> lost.partner_id or other.id = lost.stockrecord_id
                        or not other.may_be_sold or not other.is_public then
                        {refuse(AS_ACCEPTED, "Only another article on sale of the same merchant replaces one.")}
                    end if;
                    if other.is_alcohol and not (coalesce(lost.is_alcohol, false) and lost.has_alcohol) then
                        {refuse(AS_ACCEPTED, "Alcohol replaces nothing but alcohol.")}
                    end if;
                    if lost.delivery = 'colis' and (other.is_alcohol or other.withdrawal_exception = 'perissable') then
                        {refuse(AS_ACCEPTED, "What spoils fast and alcohol do not go by post.")}
                    end if;
                    return new;
                    """
                ),
            ),
            pgtrigger.Trigger(
                name="answered_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=one_line(
                    f"""
                    if old.state <> 'demandee' and (new.words = '' or new.words = old.words)
                        and (new.stockrecord_id is null or new.stockrecord_id = old.stockrecord_id)
                        and to_jsonb(new) - array['words', 'stockrecord_id'] = to_jsonb(old)
                            - array['words', 'stockrecord_id']
                    then return new; end if;
                    if old.state <> 'demandee' or to_jsonb(new) - array['state', 'answered_at', 'dearer_accepted',
                            'replacement_id', 'stockrecord_id'] <> to_jsonb(old) - array['state', 'answered_at',
                            'dearer_accepted', 'replacement_id', 'stockrecord_id']
                        or new.stockrecord_id is not null and new.stockrecord_id <> old.stockrecord_id then
                        {refuse(AS_ACCEPTED, "A proposal is answered once, and never rewritten.")}
                    end if;
                    if new.state = 'acceptee' and (new.answered_at > new.answer_by or not exists (
                        select from order_line line join order_line lost on lost.id = new.line_id
                        where line.id = new.replacement_id and line.order_id = lost.order_id
                            and line.stockrecord_id = new.stockrecord_id and line.quantity = new.quantity
                            and line.unit_price_incl_tax = new.unit_price and line.tax_code = new.tax_code
                    )) then
                        {refuse(AS_ACCEPTED, "What is accepted in time is what was proposed.")}
                    end if;
                    return new;
                    """
                ),
            ),
            OnTable(
                table="order_order",
                name=ANSWERED_FIRST,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=one_line(
                    f"""
                    if new.status in ('{ORDER_READY}', '{ORDER_COLLECTED}', '{ORDER_CANCELLED}') and exists (
                        select from shop_substitution asked
                        join shop_merchantorder part on part.id = asked.merchant_order_id
                        join order_order placed on placed.id = part.order_id
                        where part.order_id = new.id and asked.state = 'demandee' and placed.status = new.status
                    ) then
                        {refuse(ANSWERED_FIRST, "The buyer of order % was asked, and has not answered.", "new.id")}
                    end if;
                    return null;
                    """
                ),
            ),
            kept_with(
                "kept_with_its_order",
                "shop_merchantorder",
                "merchant_order_id",
                "substitutes_are_kept",
                "A proposal goes with its order alone.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def key(self) -> str:
        """What opens the question, and nothing else of the purchase, to whoever got it by e-mail."""
        return Signer(salt="shop.substitution").signature(f"{self.merchant_order_id}:{self.pk}")

    def is_opened_by(self, key: str) -> bool:
        return constant_time_compare(key, self.key)

    @property
    def path(self) -> str:
        return reverse("checkout:substitution", args=[self.pk])

    @property
    def link(self) -> str:
        """The absolute address for an e-mail."""
        return f"{settings.SITE_URL}{self.path}?cle={self.key}"
