"""Plans to close or to pause the portal, and the letters that tell of them."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from home import watched
from home.closing.phases import LAST_ORDERS_DAYS, NOTICE_DAYS, Ground, Kind, Plan
from portal.triggers import one_line, refuse
from portal.watch import OnTable

# Below every form and job: no purchase is stored from the day on which a signed plan stops orders.
NO_ORDERS = OnTable(
    name="no_order_once_stopped",
    table="shop_purchase",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=one_line(f"""
        if exists (select from home_closingplan plan
            where plan.announced_on is not null and plan.ended_at is null
            and (now() at time zone 'Europe/Paris')::date
                >= plan.day - case plan.kind when '{Kind.CLOSING}' then {LAST_ORDERS_DAYS - 1} else 0 end
            and (plan.back_on is null or (now() at time zone 'Europe/Paris')::date < plan.back_on))
        then {refuse("no_order_once_stopped", "orders are stopped: purchase % refused", "new.number")} end if;
        return new;
    """),
)


class ClosingPlan(models.Model):
    """One plan. It is proposed by one person, signed by another, then announced; it ends by being withdrawn.

    day: its first day in effect, in Paris. back_on: the day a pause ends. announced_on: None while it is only proposed.
    ended_at: when it was withdrawn, or the portal opened again. proposer, signer, ender: names, which outlive accounts.
    """

    kind = models.CharField("nature", max_length=8, choices=Kind, default=Kind.CLOSING)
    day = models.DateField("jour d’effet")
    back_on = models.DateField("de retour le", null=True, blank=True)
    reason = models.TextField("pourquoi, et vers qui se tourner", max_length=2000)
    ground = models.CharField("exception au préavis", max_length=10, choices=Ground, blank=True)
    proof = models.TextField("ce qui établit l’exception", max_length=2000, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposer = models.CharField("proposé par", max_length=200)
    proposed_at = models.DateTimeField("proposé le", db_default=Now(), editable=False)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    signer = models.CharField("signé par", max_length=200, blank=True)
    announced_on = models.DateField("annoncé le", null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ender = models.CharField("retiré par", max_length=200, blank=True)
    ended_at = models.DateTimeField("retiré le", null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "home"
        verbose_name = "plan de fermeture"
        verbose_name_plural = "plans de fermeture"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(ended_at=None), output_field=models.BooleanField()),
                condition=Q(ended_at=None),
                name="one_plan_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="plans_have_a_reason"),
            models.CheckConstraint(
                condition=Q(announced_on=None, signer="") | Q(announced_on__isnull=False) & ~Q(signer=""),
                name="announced_plans_are_signed",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | Q(signed_by=None) | ~Q(proposed_by=F("signed_by")),
                name="plans_take_two_people",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PAUSE)
                | Q(announced_on=None)
                | ~Q(ground="")
                | Q(
                    day__gte=models.ExpressionWrapper(
                        F("announced_on") + timedelta(days=NOTICE_DAYS), output_field=models.DateField()
                    )
                ),
                name="closings_are_announced_in_time",
            ),
            models.CheckConstraint(condition=Q(ground="") | ~Q(proof=""), name="exceptions_are_proved"),
            models.CheckConstraint(
                condition=Q(kind=Kind.PAUSE, ground="") & (Q(back_on=None) | Q(back_on__gt=F("day")))
                | Q(kind=Kind.CLOSING, back_on=None),
                name="a_pause_may_end",
            ),
        ]
        triggers = [
            NO_ORDERS,
            pgtrigger.Trigger(
                name="signed_plans_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=one_line(f"""
                    if old.announced_on is not null and (tg_op = 'DELETE' or
                        (new.kind, new.day, new.back_on, new.reason, new.ground, new.announced_on)
                        is distinct from (old.kind, old.day, old.back_on, old.reason, old.ground, old.announced_on))
                    then {refuse("signed_plans_stand", "plan % is signed: withdraw it instead", "old.id")} end if;
                    return case tg_op when 'DELETE' then old else new end;
                """),
            ),
            *watched.SITE,
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.day:%d/%m/%Y}"

    @property
    def plan(self) -> Plan:
        return Plan(Kind(self.kind), self.day, self.reason, self.back_on)


class ClosingLetter(models.Model):
    """One e-mail that tells one person of a plan. unreached_at: since when the mail server has refused it for days."""

    class Occasion(models.TextChoices):
        ANNOUNCED = "announced", "annonce"
        LAST_ORDERS = "last_orders", "fin des commandes"
        ENDED = "ended", "plan retiré"

    plan = models.ForeignKey(ClosingPlan, models.CASCADE, related_name="letters")
    occasion = models.CharField("occasion", max_length=12, choices=Occasion)
    address = models.EmailField("adresse e-mail")
    is_merchant = models.BooleanField("tient un commerce", default=False)
    sent_at = models.DateTimeField("écrit le", null=True)
    unreached_at = models.DateTimeField("sans réponse du serveur depuis le", null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "home"
        verbose_name = "lettre de fermeture"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "occasion", "address"], name="one_letter_of_each_occasion")
        ]
        indexes = [models.Index(fields=["plan", "occasion"], condition=Q(sent_at=None), name="letters_to_send")]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}, lettre {self.pk}"
