"""What waits at the Region's desk in the demo: applications, a request for access, reports, a procedure."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from directory.joining import applications, terms
from directory.models import MerchantPage
from directory.people.models import AccessRequest
from directory.vetting import acts
from directory.vetting.calendar import months_after
from directory.vetting.models import Application, ReasonTemplate
from directory.vetting.register import UNAVAILABLE, Answer
from directory.vetting.sanctions.acts import Case, open_hearing
from directory.vetting.sanctions.kinds import Measure, Rule
from directory.vetting.sanctions.models import Sanction
from home.demo import told
from home.demo.accounts import person
from home.reports.models import Notice
from home.reports.terms import due_on
from portal.models import User


@dataclass(frozen=True)
class Applicant:
    """Somebody who asks for a page. siret: of a fictional establishment (deploy/local/fake_register.py).

    days_ago: when they sent it. asked: what the Region asked them for since, "" if nothing.
    """

    email: str
    names: tuple[str, str]
    siret: str
    declared: dict[str, Any] = field(hash=False)
    days_ago: int
    asked: str = ""


REASONS = (
    ("ask", "Photographie du lieu de vente", "Envoyez-nous une photographie de votre vitrine, étal ou atelier."),
    (
        "ask",
        "Adresse différente du registre",
        "Le registre donne une autre adresse que la vôtre : laquelle est ouverte au public ?",
    ),
    (
        "refuse",
        "Établissement hors de la région",
        "L’établissement de ce SIRET n’est pas dans la région. Ouvrez un dossier avec celui qui y est.",
    ),
)


def applicants() -> tuple[Applicant, ...]:
    """Return who asks for a page (demo/told.toml); the Region has two months, and is warned of the last one."""
    return tuple(Applicant(**{**one, "names": tuple(one["names"])}) for one in told()["applicants"])


def fill(showcase: MerchantPage, others: list[MerchantPage], editor: User) -> None:
    """Lay the work on an empty desk. others: four merchants or more that something is said of."""
    if Application.objects.exists() or Notice.objects.exists():
        return
    ReasonTemplate.objects.bulk_create(ReasonTemplate(use=use, title=title, text=text) for use, title, text in REASONS)
    for applicant in applicants():
        _apply(applicant, editor)
    _ask_for_access(showcase)
    _report(others)
    _open_procedure(others[-1], editor)


def _apply(applicant: Applicant, editor: User) -> None:
    user = person(applicant.email, *applicant.names)
    # The worker asks the register, as it does for whoever joined while that was away.
    application = applications.begin(user, applicant.siret, Answer(UNAVAILABLE))
    for step in applications.STEPS:
        applications.keep(application, applicant.declared, step)
    application.terms_version, application.terms_sha256 = terms.VERSION, terms.sha256()
    application.terms_accepted_at = timezone.now()
    application.save()
    acts.submit(application)
    if applicant.asked:
        acts.ask(application, editor, applicant.asked)
    since = timedelta(days=applicant.days_ago)
    Application.objects.filter(pk=application.pk).update(
        submitted_at=timezone.now() - since, due_on=months_after(timezone.localdate() - since, acts.MONTHS)
    )


def _ask_for_access(showcase: MerchantPage) -> None:
    user = person("theo.verilhac@voisins.example", "Théo", "Vérilhac")
    AccessRequest.objects.create(
        merchant=showcase,
        requester=user,
        kind=AccessRequest.Kind.JOIN,
        text="Je travaille à la boutique le samedi et je prépare les commandes.",
    )


def _report(merchants: list[MerchantPage]) -> None:
    said = (
        (
            Notice.Reason.WRONG,
            "les horaires du lundi",
            "La boutique était fermée lundi matin, la fiche la dit ouverte.",
        ),
        (Notice.Reason.GONE, "", "La vitrine est vide depuis la Toussaint, un panneau dit « bail à céder »."),
        (Notice.Reason.COUNTERFEIT, "la première photo", "Cette photo est la mienne, je l’ai publiée en 2021."),
    )
    today = timezone.localdate()
    for merchant, (reason, where, details) in zip(merchants, said, strict=False):
        Notice.objects.create(
            page=merchant.get_url(),
            reason=reason,
            where=where,
            details=details,
            name="Marion Teil",
            email="marion@voisins.example",
            due_on=due_on(today),
        )


def _open_procedure(merchant: MerchantPage, editor: User) -> None:
    if Sanction.objects.exists():
        return
    open_hearing(
        merchant,
        editor,
        Case(
            Measure.WARNING,
            Rule.ORDERS,
            "Trois commandes des 3, 9 et 14 novembre sont restées sans réponse jusqu’à leur annulation.",
            "Ne pas avoir préparé ni refusé ces commandes dans le délai annoncé aux clients.",
        ),
    )
