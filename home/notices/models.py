"""What people report."""

from django.db import models


class Notice(models.Model):
    """One report of a page by a visitor, and what the editors decided."""

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

    page = models.CharField("page", max_length=300, help_text="Adresse sur le portail, depuis la première barre.")
    reason = models.CharField("motif", max_length=12, choices=Reason)
    details = models.TextField("explications", max_length=3000)
    name = models.CharField("nom", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    made_at = models.DateTimeField("reçu le", auto_now_add=True)
    state = models.CharField("suite", max_length=8, choices=State, default=State.NEW)
    answer = models.TextField("décision motivée", blank=True, help_text="Pour le dossier : qui a décidé, et pourquoi.")

    class Meta:
        app_label = "home"
        verbose_name = "signalement"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Signalement {self.number}"

    @property
    def number(self) -> str:
        """What the person who reported quotes: "S-00042"."""
        return f"S-{self.pk:05d}"
