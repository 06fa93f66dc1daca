"""What the database refuses of deliveries, whoever writes."""

import pgtrigger

from portal.triggers import one_line
from portal.watch import OnTable
from shop.delivery.models import Kind

AS_OFFERED = "delivered_as_offered"  # the database's name for it: the merchant changed how it delivers meanwhile

# An order that is delivered has an address, in a town that its merchant serves, and costs the fee that holds when it
# is stored; one that is collected costs none. By parcel goes neither alcohol, for which somebody has to look at an
# identity card, nor what spoils fast.
_AS_OFFERED = f"""
    if tg_op = 'UPDATE' then
        if new.delivery <> old.delivery then
            raise exception 'Order % stays collected or delivered, as its buyer chose.', new.order_id
                using errcode = 'check_violation', constraint = '{AS_OFFERED}';
        end if;
        return new;
    end if;
    select shipping_incl_tax into charged from order_order where id = new.order_id;
    if new.delivery = '' then
        if charged = 0 then return new; end if;
    elsif exists (
        select from shop_deliverymethod method join shop_purchase purchase on purchase.id = new.purchase_id
        left join directory_town town on town.insee_code = purchase.delivery_insee
        left join directory_town whole on whole.id = town.parent_id
        cross join lateral (
            select coalesce(sum(line.line_price_incl_tax), 0) as goods,
                coalesce(bool_or(details.is_alcohol or details.withdrawal_exception = 'perissable'), false) as stays
            from order_line line left join shop_productdetails details using (product_id)
            where line.order_id = new.order_id
        ) as held
        where method.storefront_id = new.storefront_id and method.kind = new.delivery and not method.is_paused
            and purchase.delivery_street <> '' and purchase.delivery_postal_code <> ''
            and held.goods >= method.minimum
            and charged = case when held.goods >= method.free_from then 0 else method.fee end
            and case when method.kind = '{Kind.PARCEL}' then not held.stays
                else method.towns && array[town.insee_code, whole.insee_code]::varchar[] end
    ) then
        return new;
    end if;
    raise exception 'Order % is not delivered as its shop offers.', new.order_id
        using errcode = 'check_violation', constraint = '{AS_OFFERED}';
"""
_FEE_STAYS = """
    if new.shipping_incl_tax <> old.shipping_incl_tax
        and exists (select from shop_merchantorder where order_id = new.id) then
        raise exception 'What order % costs to deliver was agreed.', new.id
            using errcode = 'check_violation', constraint = 'delivery_costs_what_was_agreed';
    end if;
    return new;
"""

TRIGGERS = [
    pgtrigger.Trigger(
        name=AS_OFFERED,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("charged", "numeric")],
        func=one_line(_AS_OFFERED),
    ),
    OnTable(
        table="order_order",
        name="order_order_fee",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=one_line(_FEE_STAYS),
    ),
]
