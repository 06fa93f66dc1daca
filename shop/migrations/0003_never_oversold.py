"""A net under the conditional UPDATE of StockRecord.allocate: no code, no dashboard, no psql can promise more than
there is. Oscar's table gets a constraint, not a column."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_purchase_note"), ("partner", "0007_partneraddress_code")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE partner_stockrecord ADD CONSTRAINT never_oversold CHECK (num_allocated <= num_in_stock)",
            "ALTER TABLE partner_stockrecord DROP CONSTRAINT never_oversold",
        )
    ]
