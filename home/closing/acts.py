"""What people of the Region do with a plan: propose, sign, withdraw. Signing it takes somebody else.

Each is one transaction; letters follow by a job. Whoever withdraws a plan that is in effect opens the portal again.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.vetting.journal import signature
from home.closing.models import ClosingPlan
from home.closing.phases import NOTICE_DAYS, Kind
from portal import database_clock
from portal.models import User

ANOTHER = "Une autre personne que celle qui a proposé ce plan le signe."
TAKEN = "Un plan est déjà ouvert : retirez-le d’abord, ou rechargez la page."
GONE = "Ce plan n’est plus ouvert : quelqu’un l’a retiré ou signé entre-temps. Rechargez la page."


def current() -> ClosingPlan | None:
    """Return the plan that is proposed or announced, None if there is none."""
    return ClosingPlan.objects.filter(ended_at=None).first()


def earliest(kind: str, ground: str, today: date) -> date:
    """Return the first day on which a plan that is signed today may take effect."""
    return today if kind == Kind.PAUSE or ground else today + timedelta(days=NOTICE_DAYS)


def check_day(plan: ClosingPlan, today: date) -> None:
    """Raises ValidationError, on the field ``day``, where a plan that is signed today would come too early."""
    if plan.day < earliest(plan.kind, plan.ground, today):
        told = (
            f"Une fermeture s’annonce au moins {NOTICE_DAYS} jours avant : pas avant le "
            f"{earliest(plan.kind, plan.ground, today):%d/%m/%Y}, sauf exception."
            if plan.kind == Kind.CLOSING and not plan.ground
            else "Ce jour est passé : choisissez aujourd’hui ou plus tard."
        )
        raise ValidationError({"day": told})


def propose(plan: ClosingPlan, by: User) -> ClosingPlan:
    """Store a plan for somebody else to sign. Raises ValidationError."""
    plan.proposed_by, plan.proposer = by, signature(by)
    check_day(plan, timezone.localdate())
    plan.full_clean(exclude=["proposed_by", "signed_by", "ended_by"], validate_constraints=False)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        raise ValidationError(TAKEN) from error
    return plan


@transaction.atomic
def sign(plan_id: int, by: User) -> ClosingPlan:
    """Announce a plan: from now on it stands, and everybody concerned is written to. Raises ValidationError."""
    plan = _open(plan_id)
    if plan.announced_on:
        raise ValidationError(GONE)
    if plan.proposed_by_id is None or plan.proposed_by_id == by.pk:
        raise ValidationError(ANOTHER)
    check_day(plan, timezone.localdate())
    plan.signed_by, plan.signer, plan.announced_on = by, signature(by), timezone.localdate()
    plan.save()
    return plan


@transaction.atomic
def withdraw(plan_id: int, by: User) -> ClosingPlan:
    """Withdraw a plan, or open the portal again; who was told of it is told of that. Raises ValidationError."""
    plan = _open(plan_id)
    plan.ended_by, plan.ender, plan.ended_at = by, signature(by), database_clock.now()
    plan.save()
    return plan


def _open(plan_id: int) -> ClosingPlan:
    plan = ClosingPlan.objects.select_for_update(of=("self",)).filter(pk=plan_id, ended_at=None).first()
    if plan is None:
        raise ValidationError(GONE)
    return plan
