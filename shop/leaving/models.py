"""The archive of a merchant's data, while its link lasts (home/purges.py deletes it)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

KEPT = timedelta(days=7)


class MerchantArchive(models.Model):
    """A ZIP of all that a merchant has here, for one of those who keep the page. content: None until it is made."""

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField("demandée le", db_default=Now(), db_index=True)
    made_at = models.DateTimeField("faite le", null=True)
    content = models.BinaryField("fichier", null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "shop"
        verbose_name = "archive d’un commerce"
        verbose_name_plural = "archives de commerces"
