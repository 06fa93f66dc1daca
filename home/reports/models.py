"""Reports of content."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now

from portal.triggers import one_line, refuse


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
    where = models.CharField(
        "endroit précis",
        max_length=300,
        blank=True,
        help_text="Sur la page : une photo, une phrase, un article, un prix.",
    )
    details = models.TextField("explications", max_length=3000)
    name = models.CharField("nom", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    made_at = models.DateTimeField("reçu le", db_default=Now())
    is_trusted = models.BooleanField("d’un signaleur de confiance", default=False, editable=False)
    due_on = models.DateField("à décider avant le", null=True, blank=True, editable=False, db_index=True)
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


class TrustedFlagger(models.Model):
    """A body whose reports are read first (règlement (UE) 2022/2065, article 22). until: last day, None for no end."""

    name = models.CharField("organisme", max_length=120)
    email = models.EmailField(
        "adresse e-mail", help_text="Celle dont partent ses signalements, depuis un compte où elle est vérifiée."
    )
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        app_label = "home"
        verbose_name = "signaleur de confiance"
        verbose_name_plural = "signaleurs de confiance"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_trusted_flagger_an_address")]

    def __str__(self) -> str:
        return self.name


class Complaint(models.Model):
    """What one side says against the decision on a report (article 20); another person answers it, once a side."""

    class Side(models.TextChoices):
        SENDER = "sender", "qui a signalé"
        MERCHANT = "merchant", "le commerçant"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "décision maintenue"
        OVERTURNED = "overturned", "décision revue"

    notice = models.ForeignKey(Notice, models.CASCADE, verbose_name="signalement", related_name="complaints")
    side = models.CharField("réclamation de", max_length=8, choices=Side)
    text = models.TextField("réclamation", max_length=3000)
    filed_at = models.DateTimeField("reçue le", db_default=Now())
    outcome = models.CharField("issue", max_length=10, choices=Outcome, blank=True)
    answer = models.TextField("réponse motivée", max_length=3000, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="décidée par",
    )

    class Meta:
        app_label = "home"
        verbose_name = "réclamation"
        verbose_name_plural = "réclamations"
        ordering = ["filed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "side"], name="one_complaint_a_side"),
            models.CheckConstraint(
                name="answered_complaints_have_a_moment",
                condition=models.Q(outcome="", decided_at__isnull=True)
                | ~models.Q(outcome="") & ~models.Q(answer="") & models.Q(decided_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answered_by_another_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=one_line(f"""
                    if new.outcome <> '' and (tg_op = 'INSERT' or old.outcome = '') and (new.decided_by_id is null
                        or exists (select from home_notice where id = new.notice_id
                        and decided_by_id = new.decided_by_id))
                    then {refuse("answered_by_another_person", "complaint % needs another person", "new.id")} end if;
                    return new;
                """),
            )
        ]

    def __str__(self) -> str:
        return f"Réclamation sur {self.notice.number}"
