"""Applications, the vetting of each merchant, the checks it rests on, and the journal of every act."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.functions import Now

from directory.siret import STORED as STORED_SIRET
from directory.vetting import guards
from directory.vetting.kinds import NEXT_STEPS, OPEN_STEPS, SET_ASIDE, Kind, Means, Result, State, Step
from directory.vetting.numbers import new_number as number_of_kind
from directory.vetting.sanctions.guards import OF_VETTINGS
from portal.watch import Note, watched

_DECIDED = (State.VERIFIED, *SET_ASIDE)
_OF_MERCHANT = Note("select 'page:' || merchant_id from changed")


def new_number() -> str:
    """Return a number for an application, "C-7K3M9Q2XB4": nobody guesses another's."""
    return number_of_kind("C")


class Application(models.Model):
    """An application to join (« dossier de candidature »), by one person for one establishment.

    declared: what was typed, by field. found: what the register said, never a value that it masks. register_status:
    that of the answer, "" before the first. signals: values of signals.Signal, reasons to look twice. due_on: the day
    by which the Region must have answered; while the application is incomplete (paused_on) the clock stands still, and
    goes on from there (directory/vetting/acts.py).
    decider: name of who decided, as the decision is signed; it outlives the account.
    """

    number = models.CharField("numéro", max_length=12, unique=True, default=new_number, editable=False)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="personne candidate",
        null=True,
        related_name="applications",
    )
    siret = models.CharField("SIRET", max_length=14)
    state = models.CharField("état", max_length=10, choices=Step, default=Step.DRAFT)
    merchant = models.OneToOneField(
        "directory.MerchantPage",
        models.SET_NULL,
        verbose_name="fiche",
        null=True,
        blank=True,
        related_name="application",
    )
    declared = models.JSONField("déclaré", default=dict, blank=True)
    found = models.JSONField("trouvé au registre", default=dict, blank=True)
    register_status = models.CharField("réponse du registre", max_length=20, blank=True)
    signals = ArrayField(models.CharField(max_length=10), verbose_name="signaux", default=list, blank=True)
    started_at = models.DateTimeField("commencé le", db_default=Now(), editable=False)
    changed_at = models.DateTimeField("modifié le", auto_now=True)
    submitted_at = models.DateTimeField("déposé le", null=True, blank=True)
    due_on = models.DateField("à décider avant le", null=True, blank=True, db_index=True)
    paused_on = models.DateField("en attente de compléments depuis le", null=True, blank=True)
    alerted_days = models.PositiveSmallIntegerField(default=0, editable=False)
    terms_version = models.CharField("version des engagements", max_length=20, blank=True)
    terms_accepted_at = models.DateTimeField("engagements acceptés le", null=True, blank=True)
    terms_sha256 = models.CharField("empreinte des engagements", max_length=64, blank=True)
    reasons = models.TextField("motifs", blank=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="décidé par", null=True, blank=True, related_name="+"
    )
    decider = models.CharField("signataire", max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "candidature"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="application_siret_of_14_digits", condition=models.Q(siret__regex=STORED_SIRET)
            ),
            models.UniqueConstraint(
                fields=["applicant", "siret"],
                condition=models.Q(state__in=OPEN_STEPS),
                name="one_open_application",
                violation_error_message="Vous avez déjà un dossier ouvert pour ce SIRET.",
            ),
            models.CheckConstraint(
                name="submitted_with_terms_and_term",
                condition=models.Q(state__in=(Step.DRAFT, Step.WITHDRAWN))
                | models.Q(submitted_at__isnull=False, due_on__isnull=False, terms_accepted_at__isnull=False)
                & ~models.Q(terms_version="")
                & models.Q(terms_sha256__regex="^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="clock_stands_while_incomplete",
                condition=models.Q(state=Step.INCOMPLETE, paused_on__isnull=False)
                | ~models.Q(state=Step.INCOMPLETE) & models.Q(paused_on__isnull=True),
            ),
            models.CheckConstraint(
                name="decisions_on_applications_are_signed",
                condition=~models.Q(state__in=(Step.ACCEPTED, Step.REFUSED))
                | models.Q(decided_at__isnull=False) & ~models.Q(decider=""),
            ),
            models.CheckConstraint(
                name="applications_are_refused_with_reasons",
                condition=~models.Q(state__in=(Step.INCOMPLETE, Step.REFUSED)) | ~models.Q(reasons=""),
            ),
        ]
        triggers = [pgtrigger.FSM(name="steps_in_order", field="state", transitions=list(NEXT_STEPS))]

    def __str__(self) -> str:
        return f"Candidature {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STEPS


class Vetting(models.Model):
    """What the Region has decided of one merchant; every page has one, made by the database.

    visible_until: last day online of a page that was there before anybody had to be vetted. decider: name of who
    decided, as it is signed.
    """

    merchant = models.OneToOneField("directory.MerchantPage", models.CASCADE, related_name="vetting")
    state = models.CharField("état", max_length=10, choices=State, default=State.PENDING)
    visible_until = models.DateField("en ligne jusqu’au", null=True, blank=True, db_index=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="décidé par", null=True, blank=True, related_name="+"
    )
    decider = models.CharField("signataire", max_length=200, blank=True)
    reasons = models.TextField("motifs", blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "vérification d’un commerçant"
        verbose_name_plural = "vérifications des commerçants"
        constraints = [
            models.CheckConstraint(
                name="vettings_are_signed",
                condition=~models.Q(state__in=_DECIDED) | models.Q(decided_at__isnull=False) & ~models.Q(decider=""),
            ),
            models.CheckConstraint(
                name="sanctions_have_reasons",
                condition=~models.Q(state__in=SET_ASIDE) | ~models.Q(reasons=""),
            ),
            models.CheckConstraint(
                name="only_the_unvetted_have_a_last_day",
                condition=models.Q(state=State.PENDING) | models.Q(visible_until__isnull=True),
            ),
        ]
        triggers = [*guards.OF_VETTINGS, *OF_VETTINGS, *watched(_OF_MERCHANT)]

    def __str__(self) -> str:
        return f"{self.merchant.title} : {self.get_state_display()}"


class Check(models.Model):
    """One check of a merchant. It is never changed: a newer one of its kind takes its place.

    siret: of the establishment that was checked, "" for a fictional one; it says nothing of another. by: null for a
    machine. expires_on: last day in force, None for ever. note: for the staff; nobody else reads it.
    """

    merchant = models.ForeignKey("directory.MerchantPage", models.CASCADE, related_name="checks")
    siret = models.CharField("SIRET", max_length=14, blank=True)
    kind = models.CharField("ce qui est vérifié", max_length=20, choices=Kind)
    result = models.CharField("résultat", max_length=10, choices=Result)
    source = models.CharField("comment", max_length=20, choices=Means)
    day = models.DateField("vérifié le")
    expires_on = models.DateField("valable jusqu’au", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="par", null=True, blank=True, related_name="+"
    )
    note = models.TextField("note interne", blank=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "contrôle"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["merchant", "kind", "-day", "-id"], name="latest_check_of_kind")]
        constraints = [
            models.CheckConstraint(
                name="checks_expire_later",
                condition=models.Q(expires_on=None) | models.Q(expires_on__gte=models.F("day")),
            ),
            models.CheckConstraint(
                name="checks_of_known_kinds",
                condition=models.Q(kind__in=Kind.values, result__in=Result.values, source__in=Means.values),
            ),
        ]
        triggers = [*guards.OF_CHECKS, *watched(_OF_MERCHANT)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.get_result_display()}"

    def is_in_force(self, today: date) -> bool:
        return self.result == Result.PASSED and (self.expires_on is None or self.expires_on >= today)


class JournalEntry(models.Model):
    """One act on a merchant or an application. The database adds entries, and neither changes nor deletes one.

    It names people, pages and applications by number, so that none of them is kept from being deleted. actor: null for
    a machine. on_behalf_of: for whom it was done by mandate.
    """

    class Act(models.TextChoices):
        SUBMITTED = "submitted", "Candidature déposée"
        WITHDRAWN = "withdrawn", "Candidature retirée"
        ASKED = "asked", "Compléments demandés"
        COMPLETED = "completed", "Compléments reçus"
        ACCEPTED = "accepted", "Candidature acceptée"
        REFUSED = "refused", "Candidature refusée"
        CHECKED = "checked", "Contrôle enregistré"
        VERIFIED = "verified", "Commerçant vérifié"
        WARNED = "warned", "Avertissement"
        SUSPENDED = "suspended", "Commerçant suspendu"
        CLOSED = "closed", "Commerçant clos"
        REINSTATED = "reinstated", "Commerçant rétabli"
        HIDDEN = "hidden", "Fiche masquée"
        CASE_OPENED = "case_opened", "Dossier ouvert"
        HEARING = "hearing", "Griefs notifiés"
        OBSERVED = "observed", "Observations reçues"
        HEARD = "heard", "Audition tenue"
        DROPPED = "dropped", "Procédure sans suite"
        END_NOTIFIED = "end_notified", "Fin du contrat notifiée"
        APPEALED = "appealed", "Réclamation reçue"
        APPEAL_DECIDED = "appeal_decided", "Réclamation décidée"
        DOCUMENT_SENT = "document_sent", "Pièce reçue"
        DOCUMENT_SEEN = "document_seen", "Pièce consultée"
        DOCUMENT_DELETED = "document_deleted", "Pièce effacée"
        ACTED = "acted", "Acte par mandat"
        ACCESS_GIVEN = "access_given", "Accès donné"
        ACCESS_WITHDRAWN = "access_withdrawn", "Accès retiré"
        LEAVING = "leaving", "Fermeture demandée par le commerce"
        STAYING = "staying", "Fermeture annulée par le commerce"

    moment = models.DateTimeField("moment", db_default=Now(), editable=False)
    act = models.CharField("acte", max_length=20, choices=Act)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        verbose_name="par",
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
    )
    on_behalf_of = models.CharField("pour", max_length=200, blank=True)
    merchant_number = models.BigIntegerField("fiche", null=True, blank=True, db_index=True)
    application_number = models.CharField("candidature", max_length=12, blank=True, db_index=True)
    reasons = models.TextField("motifs", blank=True)
    facts = models.JSONField("faits", default=dict, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "acte du journal"
        verbose_name_plural = "journal"
        ordering = ["-moment", "-pk"]
        triggers = guards.APPEND_ONLY

    def __str__(self) -> str:
        return self.get_act_display()

    @property
    def who(self) -> str:
        """Who acted, and by a mandate for whom, for the staff; an account that is gone goes by its number."""
        if self.actor_id is None:
            return "la machine"
        try:
            actor = str(self.actor)
        except ObjectDoesNotExist:
            actor = f"compte supprimé (n° {self.actor_id})"
        return f"{actor} pour {self.on_behalf_of}" if self.on_behalf_of else actor


class ReasonTemplate(models.Model):
    """A text that editors keep for asking and refusing; they change it before they send it."""

    class Use(models.TextChoices):
        ASK = "ask", "demander des compléments"
        REFUSE = "refuse", "refuser"

    use = models.CharField("pour", max_length=10, choices=Use)
    title = models.CharField("titre", max_length=80)
    text = models.TextField("texte", max_length=3000)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "motif type"
        verbose_name_plural = "motifs types"
        ordering = ["use", "title"]

    def __str__(self) -> str:
        return self.title
