"""Purchases that wait for a link, and orders that end by the clock.

What was placed before counts as confirmed. What waits today gets the whole time from today.
"""

import django.db.models.functions.text
from django.db import migrations, models

BEFORE = """
update shop_purchase set
    confirmed_at = placed_at,
    email_key = regexp_replace(split_part(lower(email), '@', 1), '(.)[+].*', '\\1') || '@' || split_part(lower(email), '@', 2),
    phone_key = case
        when phone like '0%' then '+33' || substr(regexp_replace(phone, '\\D', '', 'g'), 2)
        else left('+' || regexp_replace(phone, '\\D', '', 'g'), 20)
    end;
update shop_merchantorder part set
    prepare_by = case when placed.status = 'Reçue' then current_date + 7 end,
    collect_by = case when placed.status = 'Prête' then current_date + 7 end
from order_order placed where placed.id = part.order_id and placed.status in ('Reçue', 'Prête');
"""

# A net under EventHandler: whoever writes, no merchant prepares what its buyer has not confirmed.
NET = """
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
NO_NET = "drop function shop_only_what_is_confirmed() cascade;"

REASONS = [
    ("commercant", "annulée par le commerçant"),
    ("confirmation", "non confirmée à temps"),
    ("abandon", "abandonnée avant d’être confirmée"),
    ("preparation", "non préparée à temps"),
    ("retrait", "non retirée à temps"),
]


def key(length):
    return models.CharField(default="", editable=False, max_length=length)


class Migration(migrations.Migration):
    dependencies = [
        ("order", "0021_billingaddress_code_shippingaddress_code"),
        ("shop", "0011_who_may_sell"),
    ]

    operations = [
        migrations.AddField(
            "purchase", "confirm_by", models.DateTimeField(blank=True, null=True, verbose_name="à confirmer avant")
        ),
        migrations.AddField(
            "purchase", "confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmée le")
        ),
        migrations.AddField("purchase", "email_key", key(254)),
        migrations.AddField("purchase", "phone_key", key(20)),
        migrations.AddField(
            "purchase", "visitor_key", models.CharField(blank=True, default="", editable=False, max_length=64)
        ),
        migrations.AddField(
            "merchantorder", "prepare_by", models.DateField(blank=True, null=True, verbose_name="à préparer jusqu’au")
        ),
        migrations.AddField(
            "merchantorder", "collect_by", models.DateField(blank=True, null=True, verbose_name="à retirer jusqu’au")
        ),
        migrations.AddField(
            "merchantorder", "reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="rappel envoyé le")
        ),
        migrations.AddField(
            "merchantorder",
            "cancelled_because",
            models.CharField(
                blank=True, choices=REASONS, default="", max_length=12, verbose_name="motif d’annulation"
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "purchase",
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=False) | models.Q(confirm_by__isnull=False),
                name="confirmed_or_to_confirm",
            ),
        ),
        migrations.AddIndex(
            "purchase",
            models.Index(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(user=None),
                name="guest_purchase_by_address",
            ),
        ),
        migrations.AddIndex("purchase", models.Index(fields=["email_key"], name="purchase_by_email_key")),
        migrations.AddIndex("purchase", models.Index(fields=["phone_key"], name="purchase_by_phone_key")),
        migrations.AddIndex(
            "purchase",
            models.Index(
                condition=~models.Q(visitor_key=""), fields=["visitor_key"], name="purchase_by_visitor_key"
            ),
        ),
        migrations.AddIndex(
            "purchase",
            models.Index(
                condition=models.Q(confirmed_at=None), fields=["confirm_by"], name="purchase_to_confirm"
            ),
        ),
        migrations.RunSQL(NET, NO_NET),
    ]
