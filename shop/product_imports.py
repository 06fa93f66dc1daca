"""One file of articles that a merchant sent: shown first, then applied, and undone for a week."""

from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from shop.storefronts import Storefront

UNDONE_FOR = timedelta(days=7)  # after it was applied; then it is deleted


class ProductImport(models.Model):
    """rows: what the file says, as shop.importing.formats read it. before: what importing/storing.py undoes."""

    storefront = models.ForeignKey(Storefront, models.CASCADE, related_name="imports")
    file_name = models.CharField("fichier", max_length=120)
    format = models.CharField("format", max_length=30)
    rows: Any = models.JSONField(encoder=DjangoJSONEncoder)
    before: Any = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    sent_at = models.DateTimeField("envoyé le", db_default=Now())
    applied_at = models.DateTimeField("appliqué le", null=True)
    undone_at = models.DateTimeField("annulé le", null=True)

    class Meta:
        verbose_name = "import d’articles"
        verbose_name_plural = "imports d’articles"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at=None) | models.Q(applied_at__isnull=False), name="undone_once_applied"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def ends_at(self) -> Any:
        """Until when it can be undone, None while it is not applied."""
        return self.applied_at + UNDONE_FOR if self.applied_at else None


def over(before: Any) -> models.QuerySet:
    """Return the imports that were applied, or sent and never applied, before a moment."""
    applied = models.Q(applied_at__lt=before)
    return ProductImport.objects.filter(applied | models.Q(applied_at=None, sent_at__lt=before))
