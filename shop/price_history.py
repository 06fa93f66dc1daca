"""What articles cost and since when, and the price that may be struck beside a lower one (C. conso., art. L112-1-1).

The database writes down every price, whoever changes it, and lets nobody change what is written. A promotion is a lower
price with a last day; the price struck beside it is the lowest of the thirty days before it began, which the database
works out by itself. docs/promotions.md has worked examples.
"""

from typing import Any

import pgtrigger
from django.db import models

from portal.triggers import kept_with, never_rewritten, one_line
from portal.watch import OnTable

DAYS = 30  # before a reduction, of which the lowest price is told


class PriceChange(models.Model):
    """What an article costs since a moment; price: euros, VAT included, None while it has none."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="price_changes")
    price = models.DecimalField("prix", max_digits=12, decimal_places=2, null=True)
    at = models.DateTimeField("depuis le")

    class Meta:
        app_label = "shop"
        verbose_name = "prix d’un article"
        verbose_name_plural = "prix des articles"
        ordering = ("pk",)
        indexes = [models.Index(fields=["product", "at"], name="price_by_moment")]
        triggers = [
            OnTable(
                table="partner_stockrecord",
                name="stockrecord_first_price",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=one_line(
                    """
                    insert into shop_pricechange (product_id, price, at)
                        values (new.product_id, new.price, clock_timestamp());
                    return null;
                    """
                ),
            ),
            # A dearer price ends the promotion; a cheaper one goes on with it.
            OnTable(
                table="partner_stockrecord",
                name="stockrecord_other_price",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                func=one_line(
                    """
                    if new.price is distinct from old.price then
                        insert into shop_pricechange (product_id, price, at)
                            values (new.product_id, new.price, clock_timestamp());
                        if new.price < old.price then
                            update shop_productdetails set promotion_from = promotion_from
                                where product_id = new.product_id and promotion_from is not null;
                        else
                            update shop_productdetails set promotion_from = null, promotion_until = null,
                                price_after = null
                                where product_id = new.product_id and promotion_from is not null;
                        end if;
                    end if;
                    return null;
                    """
                ),
            ),
            never_rewritten("append_only", "prices_are_kept", "What something cost is never rewritten."),
            kept_with(
                "kept_with_its_article",
                "catalogue_product",
                "product_id",
                "prices_are_kept",
                "What something cost goes with the article alone.",
            ),
        ]


# Of ProductDetails: its promotion is a lower price than before, and the price to strike is nobody's to write. What is
# sold by weight from now on has another price, that of a kilo, and its promotion is over.
STRIKES: Any = pgtrigger.Trigger(
    name="strikes_the_lowest_price",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("since", "timestamptz"), ("lowest", "numeric"), ("today", "numeric")],
    func=one_line(
        f"""
        new.struck_price := null;
        if new.price_per_kilo is not null then
            new.promotion_from := null;
            new.promotion_until := null;
            new.price_after := null;
        end if;
        if new.promotion_from is null then return new; end if;
        since := new.promotion_from - interval '{DAYS} days';
        if not exists (select from shop_pricechange where product_id = new.product_id and at <= since) then
            return new;
        end if;
        select min(price) into lowest from (
            select price from shop_pricechange
                where product_id = new.product_id and at >= since and at < new.promotion_from
            union all
            (select price from shop_pricechange where product_id = new.product_id and at < since
                order by at desc, id desc limit 1)
        ) told;
        select min(price) into today from partner_stockrecord where product_id = new.product_id;
        if lowest > today then new.struck_price := lowest; end if;
        return new;
        """
    ),
)
OF_PROMOTIONS = (
    models.CheckConstraint(
        condition=models.Q(promotion_from=None, promotion_until=None, price_after=None)
        | models.Q(promotion_from__isnull=False, promotion_until__isnull=False, price_after__isnull=False),
        name="a_promotion_ends",
    ),
)
