"""Who may sell: a shop with opening hours and with somebody who keeps it. The database decides, whoever writes.

Nobody would prepare an order for a shop that no account keeps, and nobody could collect one where no hours are told.
Every function locks the merchant's page first: of two managers who leave at the same moment, the second one's trigger
sees that the first is gone.
"""

from django.db import migrations, models

FUNCTIONS = """
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
"""

FORGET = """
drop function shop_only_who_may_sell() cascade;
drop function shop_person_opens_or_closes() cascade;
drop function shop_managers_open_or_close() cascade;
drop function shop_hours_open_or_close() cascade;
drop function shop_storefront_says_who_sells() cascade;
drop function shop_open_or_close(bigint);
drop function shop_may_sell(bigint);
"""

TRIGGERS = """
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
update shop_storefront set sells = true;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0010_food_and_allergens"),
        ("directory", "0005_editors_towns"),
        ("portal", "0006_page_changes_by_moment"),
    ]

    operations = [
        migrations.AddField(
            "storefront", "sells", models.BooleanField(db_default=False, editable=False, verbose_name="peut vendre")
        ),
        migrations.RunSQL(FUNCTIONS, FORGET),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
