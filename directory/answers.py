"""The Region's answers to merchants about their pages."""

from django.db import models


class Answer(models.Model):
    """One answer: sent by e-mail, and shown in the merchant's space until the page is sent again.

    comment: the editor's own words. review: the workflow it ends, so that one act of an editor gives one answer.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", "relue et mise en ligne"
        SCHEDULED = "scheduled", "relue, à mettre en ligne à une date"
        REFUSED = "refused", "à revoir"
        PUBLISHED = "published", "mise en ligne par la Région"
        WITHDRAWN = "withdrawn", "relecture arrêtée"
        OFFLINE = "offline", "mise hors ligne"

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=10, choices=Kind)
    comment = models.TextField(blank=True)
    review = models.ForeignKey("wagtailcore.WorkflowState", models.SET_NULL, null=True, related_name="+")
    goes_live_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "réponse à un commerçant"
        verbose_name_plural = "réponses aux commerçants"
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["merchant", "-given_at"], name="answers_of_merchant")]
