"""Telephone numbers and SIRET written one way, before the database holds SIRET to it."""

from django.core.exceptions import ValidationError
from django.db import migrations

import directory.siret
import portal.fields
from directory.siret import written_siret
from portal.phone import french_phone


def read(rule, value):
    """Return what the rule makes of a stored value, or the value itself where it makes nothing."""
    try:
        return rule(value)
    except ValidationError:
        return value


def mend(apps, schema_editor):
    pages = apps.get_model("directory", "MerchantPage").objects.order_by("pk")
    for pk, phone in pages.exclude(phone="").values_list("pk", "phone"):
        if (written := read(french_phone, phone)) != phone:
            pages.filter(pk=pk).update(phone=written)
    for pk, siret in pages.exclude(siret__isnull=True).exclude(siret__regex=directory.siret.STORED).values_list(
        "pk", "siret"
    ):
        # Two pages of one establishment: the elder keeps its number, the other stays for an editor to look at.
        written = read(written_siret, siret)
        taken = not written or written == siret or pages.filter(siret=written).exists()
        if taken:
            print(f"Page {pk} : le SIRET « {siret} » n’est pas retenu.")
        pages.filter(pk=pk).update(siret=None if taken else written)


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_editors_towns"),
    ]

    operations = [
        migrations.AlterField(
            model_name="merchantpage",
            name="phone",
            field=portal.fields.PhoneField(blank=True, max_length=20, verbose_name="téléphone"),
        ),
        migrations.AlterField(
            model_name="merchantpage",
            name="siret",
            field=directory.siret.SiretField(blank=True, max_length=14, null=True, unique=True, verbose_name="SIRET"),
        ),
        migrations.RunPython(mend, migrations.RunPython.noop),
    ]
