"""A procedure against a merchant, their observations on it, and their appeal."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from directory.vetting.numbers import new_number
from directory.vetting.sanctions import guards
from directory.vetting.sanctions.kinds import Measure, Outcome, Rule, Stage, Urgency

DECIDED = (Stage.IN_FORCE, Stage.LIFTED, Stage.ENDED)


def _account(label: str) -> models.ForeignKey:
    """A person of the Region or a merchant's, who may leave: beside each stands the name as it was signed."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=label, null=True, blank=True, related_name="+"
    )


def new_decision_number() -> str:
    return new_number("D")


class Sanction(models.Model):
    """One measure, from what is held against a merchant to its end: the statement of reasons (« exposé des motifs »).

    It outlives the page (merchant_title). grievance: what is held against them, sent at once; reasons: those of the
    decision. notice: number of the report that it follows from, "" if none. hearing_until: last day to answer.
    effective_on, ends_on: first and last day in effect, of a warning and an end no last. applied_at: when it took
    effect. before: what was so before it (state of the vetting, last day online, live revision), for reinstating.
    opener, decider, lifter: names as they are signed. Rules of the database: guards.py.
    """

    number = models.CharField("numéro", max_length=12, unique=True, default=new_decision_number, editable=False)
    merchant = models.ForeignKey(
        "directory.MerchantPage", models.SET_NULL, verbose_name="commerçant", null=True, related_name="sanctions"
    )
    merchant_title = models.CharField("commerce", max_length=255)
    measure = models.CharField("mesure", max_length=10, choices=Measure)
    stage = models.CharField("étape", max_length=10, choices=Stage, default=Stage.HEARING)
    rule = models.CharField("règle", max_length=10, choices=Rule)
    facts = models.TextField("faits", max_length=3000)
    grievance = models.TextField("griefs", max_length=3000)
    notice = models.CharField("signalement", max_length=12, blank=True)
    urgency = models.CharField("urgence", max_length=12, choices=Urgency, blank=True)
    urgency_proof = models.TextField("ce qui établit l’urgence", max_length=1000, blank=True)
    opened_on = models.DateField("ouverte le")
    opened_by = _account("ouverte par")
    opener = models.CharField("signataire des griefs", max_length=200)
    hearing_until = models.DateField("observations jusqu’au", db_index=True)
    heard_on = models.DateField("entendu le", null=True, blank=True)
    minutes = models.TextField("compte rendu de l’audition", max_length=3000, blank=True)
    reasons = models.TextField("motifs", max_length=3000, blank=True)
    remedies = models.TextField("recours", max_length=2000, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = _account("décidée par")
    decider = models.CharField("signataire", max_length=200, blank=True)
    effective_on = models.DateField("effet le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    applied_at = models.DateTimeField("appliquée le", null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)
    lifted_at = models.DateTimeField("levée le", null=True, blank=True)
    lifter = models.CharField("levée par", max_length=200, blank=True)
    lift_reasons = models.TextField("motifs de la levée", max_length=3000, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "procédure"
        verbose_name_plural = "procédures et sanctions"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="sanctions_of_known_kinds",
                condition=models.Q(
                    measure__in=Measure.values,
                    stage__in=Stage.values,
                    rule__in=Rule.values,
                    urgency__in=["", *Urgency.values],
                ),
            ),
            models.CheckConstraint(
                name="sanctions_say_facts_and_grievance",
                condition=~models.Q(facts="") & ~models.Q(grievance="") & ~models.Q(opener=""),
            ),
            models.CheckConstraint(
                name="sanctions_are_decided_by_somebody",
                condition=models.Q(stage=Stage.HEARING)
                | models.Q(decided_at__isnull=False) & ~models.Q(decider="") & ~models.Q(reasons=""),
            ),
            models.CheckConstraint(
                name="sanctions_tell_the_remedies_and_the_day",
                condition=~models.Q(stage__in=DECIDED) | models.Q(effective_on__isnull=False) & ~models.Q(remedies=""),
            ),
            models.CheckConstraint(
                name="urgency_is_proved", condition=models.Q(urgency="") | ~models.Q(urgency_proof="")
            ),
            models.CheckConstraint(
                name="sanctions_are_lifted_with_reasons",
                condition=~models.Q(stage=Stage.LIFTED)
                | models.Q(lifted_at__isnull=False) & ~models.Q(lifter="") & ~models.Q(lift_reasons=""),
            ),
        ]
        triggers = guards.OF_SANCTIONS

    def __str__(self) -> str:
        return f"{self.number}, {self.get_measure_display()} : {self.merchant_title}"


class Observation(models.Model):
    """What a merchant answers. wants_hearing: whether they ask to be heard. author: name as it is signed."""

    sanction = models.ForeignKey(Sanction, models.CASCADE, related_name="observations")
    text = models.TextField("observations", max_length=5000)
    wants_hearing = models.BooleanField("demande à être entendu", default=False)
    made_by = _account("par")
    author = models.CharField("signataire", max_length=400)
    made_at = models.DateTimeField("reçues le", db_default=Now(), editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "observation"
        ordering = ["made_at", "pk"]
        constraints = [models.CheckConstraint(name="observations_say_something", condition=~models.Q(text=""))]
        triggers = guards.OF_OBSERVATIONS


class Appeal(models.Model):
    """A merchant's appeal (« réclamation ») to the Region against a decision; another person answers it."""

    sanction = models.OneToOneField(Sanction, models.CASCADE, related_name="appeal")
    text = models.TextField("réclamation", max_length=5000)
    filed_at = models.DateTimeField("reçue le")
    filed_by = _account("par")
    author = models.CharField("signataire", max_length=400)
    outcome = models.CharField("issue", max_length=10, choices=Outcome, blank=True)
    answer = models.TextField("motifs", max_length=3000, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = _account("décidée par")
    decider = models.CharField("signataire de la réponse", max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "réclamation"
        constraints = [
            models.CheckConstraint(name="appeals_say_why", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="appeals_are_decided_by_somebody",
                condition=models.Q(outcome="", decided_at__isnull=True)
                | models.Q(outcome__in=Outcome.values, decided_at__isnull=False)
                & ~models.Q(decider="")
                & ~models.Q(answer=""),
            ),
        ]
        triggers = guards.OF_APPEALS
