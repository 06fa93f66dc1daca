"""The database's own sums: what an order costs is what its lines cost, to the cent, whoever writes."""

from typing import Any

import pgtrigger

from portal.triggers import one_line
from portal.watch import OnTable

_IS_SUM = """
    if exists (
        select from order_order placed join shop_merchantorder part on part.order_id = placed.id
        where placed.id = {order} and placed.total_incl_tax <> placed.shipping_incl_tax + (
            select coalesce(sum(line_price_incl_tax), 0) from order_line where order_id = placed.id
        )
    ) then
        raise exception 'Order % does not cost what its lines cost.', {order}
            using errcode = 'check_violation', constraint = 'an_order_costs_its_lines';
    end if;
    return null;
"""
# What was weighed costs its weight, and never more than its shopper accepted (shop/weighing/).
_IS_PRODUCT = """
    if exists (
        select from order_line line left join shop_weighedline weighed on weighed.line_id = line.id
        where line.id = {line} and line.line_price_incl_tax <> case
            when weighed.grams is null then line.unit_price_incl_tax * line.quantity
            else least(round(weighed.price_per_kilo * weighed.grams / 1000, 2), weighed.ceiling * line.quantity)
        end
    ) then
        raise exception 'Line % does not cost its quantity times its price, or its weight.', {line}
            using errcode = 'check_violation', constraint = 'a_line_costs_its_units';
    end if;
"""


class _AtCommit(OnTable):
    """Checked when all of a transaction is written: a total and its lines are written one after the other."""

    when = pgtrigger.After
    timing = pgtrigger.Deferred

    def __init__(self, table: str, operation: Any, func: str) -> None:
        super().__init__(table=table, name=f"{table}_sums", operation=operation, func=one_line(func))


TRIGGERS = [
    _AtCommit("order_order", pgtrigger.Insert | pgtrigger.Update, _IS_SUM.format(order="new.id")),
    _AtCommit("order_line", pgtrigger.Update, _IS_PRODUCT.format(line="new.id") + _IS_SUM.format(order="new.order_id")),
    _AtCommit("shop_weighedline", pgtrigger.Update, _IS_PRODUCT.format(line="new.line_id") + " return null;"),
]
