"""What was agreed of a line that is sold by weight, and what it weighs; the database holds the price to both."""

import pgtrigger
from django.db import models

from portal.oscar_settings import ORDER_COLLECTED, ORDER_READY
from portal.triggers import one_line
from portal.watch import OnTable

NOT_WEIGHED = "weighed_before_ready"  # the database's name of the rule


class WeighedLine(models.Model):
    """A line of which each piece is weighed. Both prices are euros VAT included, as they were at the order.

    ceiling: of one piece, what the shopper accepted at the very most. grams: of the whole line, None until it is
    weighed. The line costs its estimate until then, afterwards ``amounts.line_price`` (shop/order_totals.py).
    """

    line = models.OneToOneField("order.Line", models.CASCADE, primary_key=True, related_name="weighed")
    price_per_kilo = models.DecimalField("prix du kilo", max_digits=8, decimal_places=2)
    ceiling = models.DecimalField("prix maximal d’une pièce", max_digits=8, decimal_places=2)
    grams = models.PositiveIntegerField("grammes", null=True)

    class Meta:
        app_label = "shop"
        verbose_name = "ligne au poids"
        verbose_name_plural = "lignes au poids"
        triggers = [
            pgtrigger.Trigger(
                name="agreed_prices_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=one_line(
                    """
                    if (new.price_per_kilo, new.ceiling, new.line_id) is distinct from
                        (old.price_per_kilo, old.ceiling, old.line_id) then
                        raise exception 'What a shopper accepted of a weighed line is never rewritten.'
                            using errcode = 'check_violation', constraint = 'agreed_prices_stay';
                    end if;
                    return new;
                    """
                ),
            ),
            # Whichever of an article's two prices is written, that of a piece is the kilo's times its estimated weight.
            OnTable(
                table="shop_productdetails",
                name="piece_price_of_weight",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__price_per_kilo__isnull=False),
                func=one_line(
                    """
                    update partner_stockrecord set price = round(new.price_per_kilo * new.quantity, 2)
                    where product_id = new.product_id and price is distinct from
                        round(new.price_per_kilo * new.quantity, 2);
                    return null;
                    """
                ),
            ),
            OnTable(
                table="partner_stockrecord",
                name="stock_price_of_weight",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=one_line(
                    """
                    new.price := coalesce((
                        select round(price_per_kilo * quantity, 2) from shop_productdetails
                        where product_id = new.product_id and price_per_kilo is not null
                    ), new.price);
                    return new;
                    """
                ),
            ),
            OnTable(
                table="order_order",
                name=NOT_WEIGHED,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=one_line(
                    f"""
                    if exists (
                        select from order_order placed join order_line line on line.order_id = placed.id
                        join shop_weighedline weighed on weighed.line_id = line.id
                        where placed.id = new.id and placed.status in ('{ORDER_READY}', '{ORDER_COLLECTED}')
                            and line.quantity > 0 and weighed.grams is null
                    ) then
                        raise exception 'Something of order % has not been weighed.', new.id
                            using errcode = 'check_violation', constraint = '{NOT_WEIGHED}';
                    end if;
                    return null;
                    """
                ),
            ),
        ]
