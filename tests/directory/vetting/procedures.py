"""Procedures against a merchant, for tests."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from directory.models import Sanction
from directory.vetting.sanctions import acts
from directory.vetting.sanctions.kinds import Measure, Rule, Stage, Urgency

FACTS = "Le 12 novembre, trois clients ont reçu des pots d’un autre atelier."
GRIEVANCE = "La fiche dit « fait ici » de ce qui ne l’est pas."
REASONS = "Les factures montrées ne disent rien d’autre."
PROOF = "Procès-verbal de la douane du 12 novembre."


def case(measure=Measure.SUSPENSION, **told):
    known = {"rule": Rule.TRUE, "facts": FACTS, "grievance": GRIEVANCE}
    return acts.Case(measure, **{**known, **told})


def after(days):
    """Be so many days later, by the clock of the web process."""
    return time_machine.travel(timezone.now() + timedelta(days=days))


def impose_at_once(merchant, by, measure=Measure.SUSPENSION, urgency=Urgency.FRAUD, days=10):
    return acts.impose_at_once(merchant, by, case(measure), urgency, PROOF, days=days)


def warn(merchant, by, days_ago=20):
    """Have a merchant warned, after a hearing that nobody answered."""
    with after(-days_ago):
        opened = acts.open_hearing(merchant, by, case(Measure.WARNING))
    with after(16 - days_ago):
        return acts.impose(opened, by, REASONS)


def hear_in_vain(merchant, by, measure):
    """Return a procedure whose time to answer is over."""
    with after(-20):
        return acts.open_hearing(merchant, by, case(measure))


def lift_all(merchant, by):
    for sanction in Sanction.objects.filter(merchant=merchant, stage=Stage.IN_FORCE).order_by("-pk"):
        acts.lift(sanction, by, "Erreur sur la personne.")
