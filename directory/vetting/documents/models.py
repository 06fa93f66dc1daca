"""Documents of applicants and merchants, encrypted."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from directory.vetting.numbers import new_number


def new_document_number() -> str:
    return new_number("P")


class Document(models.Model):
    """One document. It never lies in the media folder: ``sealed`` holds it encrypted (vault.py).

    media_type: what its content is, whatever its name. size: bytes before encryption. sender: name as it was then.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", "Pièce d’identité"
        BANK = "bank", "Relevé d’identité bancaire"
        PREMISES = "premises", "Justificatif du local ou de l’étal"
        ACTIVITY = "activity", "Justificatif de l’activité"
        POWER = "power", "Pouvoir ou mandat"

    number = models.CharField("numéro", max_length=12, unique=True, default=new_document_number, editable=False)
    application = models.ForeignKey(
        "directory.Application", models.CASCADE, verbose_name="candidature", null=True, related_name="documents"
    )
    merchant = models.ForeignKey(
        "directory.MerchantPage", models.CASCADE, verbose_name="commerçant", null=True, related_name="documents"
    )
    kind = models.CharField("nature", max_length=10, choices=Kind)
    media_type = models.CharField("format", max_length=40)
    size = models.PositiveIntegerField("octets")
    sealed = models.BinaryField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sender = models.CharField("envoyée par", max_length=200)
    sent_at = models.DateTimeField("reçue le", db_default=Now(), editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "pièce"
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="documents_are_of_somebody",
                condition=models.Q(application__isnull=False) | models.Q(merchant__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.number})"
