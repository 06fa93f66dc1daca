"""Reports of content."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Notice(models.Model):
    """One report of a page by a visitor, and what the editors decided.

    digested_at: when the editors were told of it. decided_at, decided_by: of the decision that stands, None before.
    told_state, told_answer: the decision that its sender was last told, "" before.
    """

    class Reason(models.TextChoices):
        WRONG = "faux", "Une information est fausse ou dépassée"
        GONE = "ferme", "Ce commerce a fermé ou déménagé"
        NOT_LOCAL = "pas-local", "Ce n’est pas un commerce de la région"
        DANGEROUS = "danger", "Un produit est dangereux"
        COUNTERFEIT = "contrefacon", "Une contrefaçon, un texte ou une photo copiés"
        ILLEGAL = "illicite", "Un autre contenu illicite"
        CHILD_ABUSE = "mineurs", "Une exploitation sexuelle de mineurs"

    class State(models.TextChoices):
        NEW = "nouveau", "à traiter"
        UPHELD = "retenu", "retenu"
        DISMISSED = "ecarte", "écarté"
        SET_ASIDE = "classe", "classé sans suite"

    page = models.CharField("page", max_length=300, help_text="Adresse sur le portail, depuis la première barre.")
    reason = models.CharField("motif", max_length=12, choices=Reason)
    details = models.TextField("explications", max_length=3000)
    name = models.CharField("nom", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    made_at = models.DateTimeField("reçu le", db_default=Now())
    digested_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField("suite", max_length=8, choices=State, default=State.NEW)
    answer = models.TextField(
        "décision motivée",
        max_length=3000,
        blank=True,
        help_text="Envoyée à qui a signalé et, si le signalement est retenu, au commerçant. Ne nommez personne.",
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="décidé par",
    )
    told_state = models.CharField(max_length=8, blank=True, default="", editable=False)
    told_answer = models.TextField(blank=True, default="", editable=False)

    class Meta:
        app_label = "home"
        verbose_name = "signalement"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="nouveau", decided_at__isnull=True)
                | ~models.Q(state="nouveau") & models.Q(decided_at__isnull=False),
                name="decided_reports_have_a_moment",
            )
        ]

    def __str__(self) -> str:
        return f"Signalement {self.number}"

    @property
    def number(self) -> str:
        """What the person who reported quotes: "S-00042"."""
        return f"S-{self.pk:05d}"

    number.fget.short_description = "numéro"  # type: ignore[attr-defined]
