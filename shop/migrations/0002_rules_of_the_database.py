"""Rules that the database keeps, whoever writes, and that no model can declare: they concern several tables, or Oscar's.

Oscar's tables get constraints, triggers and an index from us, never a column: its migrations stay its own.
"""

from django.db import migrations

# A shop sells while it has opening hours and somebody who keeps it: nobody would prepare an order for a shop that no
# account keeps, and nobody could collect one where no hours are told. Every function locks the merchant's page first: of
# two managers who leave at the same moment, the second one's trigger sees that the first is gone.
WHO_MAY_SELL = """
create function shop_may_sell(merchant bigint) returns boolean language sql stable as $body$
    select exists (
        select from directory_merchantpage page
        join directory_merchantmanager access on access.merchant_id = page.page_ptr_id
        join portal_user person on person.id = access.user_id
        where page.page_ptr_id = merchant and btrim(page.opening_hours) <> '' and person.is_active
    )
$body$;

create function shop_open_or_close(merchant bigint) returns void language plpgsql as $body$
begin
    perform from directory_merchantpage where page_ptr_id = merchant for no key update;
    update shop_storefront set sells = not sells where merchant_id = merchant and sells <> shop_may_sell(merchant);
end $body$;

create function shop_storefront_says_who_sells() returns trigger language plpgsql as $body$
begin
    perform from directory_merchantpage where page_ptr_id = new.merchant_id for share;
    new.sells := shop_may_sell(new.merchant_id);
    return new;
end $body$;

create function shop_hours_open_or_close() returns trigger language plpgsql as $body$
begin
    perform shop_open_or_close(new.page_ptr_id);
    return null;
end $body$;

create function shop_managers_open_or_close() returns trigger language plpgsql as $body$
begin
    if tg_op <> 'INSERT' then
        perform shop_open_or_close(old.merchant_id);
    end if;
    if tg_op <> 'DELETE' then
        perform shop_open_or_close(new.merchant_id);
    end if;
    return null;
end $body$;

create function shop_person_opens_or_closes() returns trigger language plpgsql as $body$
begin
    perform shop_open_or_close(merchant_id)
    from (select merchant_id from directory_merchantmanager where user_id = new.id order by merchant_id) as kept;
    return null;
end $body$;

create function shop_only_who_may_sell() returns trigger language plpgsql as $body$
begin
    -- "for share": who closes the shop now waits until this order is stored, or makes it fail.
    perform from shop_storefront where id = new.storefront_id and sells for share;
    if not found then
        raise exception 'Storefront % may not sell.', new.storefront_id
            using errcode = 'check_violation', constraint = 'only_who_may_sell';
    end if;
    return new;
end $body$;

create trigger who_may_sell before insert or update of merchant_id, sells on shop_storefront
    for each row execute function shop_storefront_says_who_sells();
create trigger who_may_sell after update of opening_hours on directory_merchantpage
    for each row when (old.opening_hours is distinct from new.opening_hours)
    execute function shop_hours_open_or_close();
create trigger who_may_sell after insert or update or delete on directory_merchantmanager
    for each row execute function shop_managers_open_or_close();
create trigger who_may_sell after update of is_active on portal_user
    for each row when (old.is_active is distinct from new.is_active)
    execute function shop_person_opens_or_closes();
create trigger only_who_may_sell before insert on shop_merchantorder
    for each row execute function shop_only_who_may_sell();
"""

DROP_WHO_MAY_SELL = """
drop function shop_only_who_may_sell() cascade;
drop function shop_person_opens_or_closes() cascade;
drop function shop_managers_open_or_close() cascade;
drop function shop_hours_open_or_close() cascade;
drop function shop_storefront_says_who_sells() cascade;
drop function shop_open_or_close(bigint);
drop function shop_may_sell(bigint);
"""

# A net under EventHandler: no merchant prepares what its buyer has not confirmed.
ONLY_WHAT_IS_CONFIRMED = """
create function shop_only_what_is_confirmed() returns trigger language plpgsql as $body$
begin
    if exists (
        select from shop_merchantorder part join shop_purchase purchase on purchase.id = part.purchase_id
        where part.order_id = new.id and purchase.confirmed_at is null
    ) then
        raise exception 'Order % is not confirmed by its buyer.', new.number
            using errcode = 'check_violation', constraint = 'only_what_is_confirmed';
    end if;
    return new;
end $body$;
create trigger only_what_is_confirmed before update of status on order_order
    for each row when (old.status is distinct from new.status and new.status in ('Reçue', 'Prête', 'Retirée'))
    execute function shop_only_what_is_confirmed();
"""

# A net under the conditional UPDATE of StockRecord.allocate: no code, no dashboard, no psql can promise more than there is.
NEVER_OVERSOLD = "alter table partner_stockrecord add constraint never_oversold check (num_allocated <= num_in_stock)"

# The worker asks twice a second for product pictures that wait for their sizes (shop/picture_job.py).
PICTURES_THAT_WAIT = (
    "create index shop_pictures_that_wait on catalogue_productimage (id) where original like 'images/new/%'"
)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(WHO_MAY_SELL, DROP_WHO_MAY_SELL),
        migrations.RunSQL(ONLY_WHAT_IS_CONFIRMED, "drop function shop_only_what_is_confirmed() cascade"),
        migrations.RunSQL(NEVER_OVERSOLD, "alter table partner_stockrecord drop constraint never_oversold"),
        migrations.RunSQL(PICTURES_THAT_WAIT, "drop index shop_pictures_that_wait"),
    ]
