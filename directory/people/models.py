"""People who ask to keep a merchant's page, and people who are invited to."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now


class Role(models.TextChoices):
    """What somebody who keeps a page may do beside: an owner invites and removes people, the others do not.

    Who has a mandate acts for the merchant until a day, for a town hall or a chamber, and signs « par X pour Y ».
    """

    OWNER = "owner", "responsable"
    HELPER = "helper", "aide"
    MANDATE = "mandate", "mandataire"


def mandates_end(name: str) -> models.CheckConstraint:
    """Return the rule that a mandate, and nothing else, names its body and its last day."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(role=Role.MANDATE, until__isnull=False) & ~models.Q(agency="")
        | ~models.Q(role=Role.MANDATE) & models.Q(until__isnull=True, agency=""),
        violation_error_message="Un mandat nomme l’organisme et son dernier jour ; les autres rôles n’en ont pas.",
    )


class AccessRequest(models.Model):
    """A request to keep a page that is there already; who keeps it, or the Region, answers.

    answerer: name of who answered; it outlives the account.
    """

    class Kind(models.TextChoices):
        JOIN = "join", "Tenir cette page avec les personnes qui la tiennent déjà"
        OWN = "own", "C’est mon commerce : cette page doit me revenir"

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        GIVEN = "given", "acceptée"
        REFUSED = "refused", "refusée"

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="access_requests")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="demandé par", related_name="access_requests"
    )
    kind = models.CharField("souhait", max_length=10, choices=Kind)
    text = models.TextField("explication", max_length=1000)
    state = models.CharField("état", max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField("demandé le", db_default=Now(), editable=False)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answerer = models.CharField("répondu par", max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "demande d’accès"
        verbose_name_plural = "demandes d’accès"
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "requester"],
                condition=models.Q(state="waiting"),
                name="one_waiting_request_a_person",
                violation_error_message="Votre demande est déjà en attente.",
            ),
            models.CheckConstraint(
                name="answers_to_requests_are_signed",
                condition=models.Q(state="waiting") | models.Q(answered_at__isnull=False) & ~models.Q(answerer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requester.email} : {self.merchant.title}"


class Invitation(models.Model):
    """An invitation by e-mail to keep a page: used once, by whoever has that address, before it expires."""

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse e-mail")
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.HELPER)
    agency = models.CharField("organisme", max_length=120, blank=True)
    until = models.DateField("mandat jusqu’au", null=True, blank=True)
    inviter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="par", related_name="+")
    made_at = models.DateTimeField("envoyée le", db_default=Now(), editable=False)
    expires_at = models.DateTimeField("valable jusqu’au", db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "invitation"
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint("merchant", Lower("email"), name="one_invitation_an_address"),
            mandates_end("invited_mandates_end"),
        ]

    def __str__(self) -> str:
        return f"{self.email} : {self.merchant.title}"
