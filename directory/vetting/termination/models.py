"""The end of a contract that a merchant asks for, and what the database refuses of it."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from directory.people.models import Role
from portal.triggers import one_line, refuse

LONGEST_NOTICE = timedelta(days=92)


class Stage(models.TextChoices):
    """Where it stands."""

    ANNOUNCED = "announced", "annoncée"
    CANCELLED = "cancelled", "annulée"
    IN_FORCE = "in_force", "en vigueur"
    REVERSED = "reversed", "levée"


OPEN = (Stage.ANNOUNCED, Stage.IN_FORCE)
_ASKED, _APPLIED = (f"(new.{moment} at time zone 'Europe/Paris')::date" for moment in ("asked_at", "applied_at"))


class Termination(models.Model):
    """One end of a contract (« résiliation »), as an owner asked for it; it outlives the page (merchant_title).

    effective_on: the day on which the page closes, at the earliest: it waits for orders and refunds. before: what was
    so before (sanctions/effects.py), for coming back. asker: name, as it was signed. ended_at: when it was cancelled
    or reversed.
    """

    merchant = models.ForeignKey(
        "directory.MerchantPage", models.SET_NULL, verbose_name="commerçant", null=True, related_name="terminations"
    )
    merchant_title = models.CharField("commerce", max_length=255)
    stage = models.CharField("étape", max_length=10, choices=Stage, default=Stage.ANNOUNCED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="demandée par", null=True, related_name="+"
    )
    asker = models.CharField("signataire", max_length=200)
    asked_at = models.DateTimeField("demandée le", db_default=Now(), editable=False)
    effective_on = models.DateField("effet le", db_index=True)
    applied_at = models.DateTimeField("appliquée le", null=True, blank=True)
    ended_at = models.DateTimeField("annulée ou levée le", null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        verbose_name = "résiliation"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant"], condition=models.Q(stage__in=OPEN), name="one_open_termination"
            ),
            models.CheckConstraint(
                name="terminations_say_when_they_applied",
                condition=models.Q(stage__in=(Stage.IN_FORCE, Stage.REVERSED), applied_at__isnull=False)
                | models.Q(stage__in=(Stage.ANNOUNCED, Stage.CANCELLED), applied_at__isnull=True),
            ),
            models.CheckConstraint(
                name="terminations_say_when_they_ended",
                condition=models.Q(stage__in=OPEN, ended_at__isnull=True)
                | models.Q(stage__in=(Stage.CANCELLED, Stage.REVERSED), ended_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="terminations_in_order",
                field="stage",
                transitions=[
                    (Stage.ANNOUNCED, Stage.CANCELLED),
                    (Stage.ANNOUNCED, Stage.IN_FORCE),
                    (Stage.IN_FORCE, Stage.REVERSED),
                ],
            ),
            pgtrigger.Trigger(
                name="terminations_are_the_owners",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=one_line(f"""
                    if not exists (select from directory_merchantmanager access where access.user_id = new.asked_by_id
                        and access.merchant_id = new.merchant_id and access.role = '{Role.OWNER}')
                    then {refuse("terminations_are_the_owners", "only an owner ends a contract")} end if;
                    if new.stage <> '{Stage.ANNOUNCED}' or new.effective_on <= {_ASKED}
                        or new.effective_on > {_ASKED} + {LONGEST_NOTICE.days}
                    then {refuse("terminations_are_announced", "a termination is announced before its day")} end if;
                    return new;
                """),
            ),
            pgtrigger.Trigger(
                name="terminations_on_their_day",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=one_line(f"""
                    if (old.merchant_title, old.asker, old.asked_at, old.effective_on)
                        is distinct from (new.merchant_title, new.asker, new.asked_at, new.effective_on)
                        or new.merchant_id is distinct from old.merchant_id and new.merchant_id is not null
                    then {refuse("terminations_stay_as_asked", "termination % was asked so", "new.id")} end if;
                    if new.stage = '{Stage.IN_FORCE}' and new.effective_on > {_APPLIED}
                    then {refuse("terminations_on_their_day", "termination % comes too early", "new.id")} end if;
                    return new;
                """),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_title} : {self.get_stage_display()}"
