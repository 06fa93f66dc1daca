"""Results of the audits of our own pages."""

from django.db import models


class SiteAudit(models.Model):
    """One audit.

    indexable: {kind of page: how many search engines may list}. totals: {code of a fault: how many times}. findings:
    [code, path, detail] each, the first ones only when there are too many to read.
    """

    made_at = models.DateTimeField("date", auto_now_add=True)
    pages = models.PositiveIntegerField("pages lues")
    indexable = models.JSONField("pages indexables")
    totals = models.JSONField("défauts")
    findings = models.JSONField("constats")

    class Meta:
        app_label = "home"
        verbose_name = "audit du site"
        verbose_name_plural = "audits du site"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%d/%m/%Y} : {self.pages} pages, {sum(self.totals.values())} constats"

    @property
    def indexable_pages(self) -> int:
        return sum(self.indexable.values())
