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


APPLICANTS = (
    Applicant(
        "leonie.faure@voisins.example",
        ("Léonie", "Faure"),
        "00000041400011",
        {
            "title": "Le Pain de Léonie",
            "category": "boulangerie-patisserie",
            "street": "12 cours du Palais",
            "postal_code": "07000",
            "town": "07186",
            "latitude": 44.7354,
            "longitude": 4.599,
            "phone": "04 65 71 30 12",
            "opening_hours": "Tu-Sa 07:00-13:00,15:30-19:00; Su 07:00-12:30",
            "story": "Levain, four à bois et farines d’Ardèche. La brioche sort le dimanche à huit heures.",
        },
        days_ago=4,
    ),
    Applicant(
        "ruchers.glandasse@voisins.example",
        ("Yann", "Barnier"),
        "00000042200014",
        {
            "title": "Les Ruchers du Glandasse",
            "category": "apiculteur",
            "street": "3 place du Marché",
            "postal_code": "26150",
            "town": "26113",
            "latitude": 44.7536,
            "longitude": 5.3706,
            "phone": "06 39 98 27 40",
            "opening_hours": "We,Sa 09:00-12:00",
            "story": "Lavande, tilleul, châtaignier : trois miels, trois vallées, et des visites en juin.",
        },
        days_ago=9,
        asked="Envoyez-nous une photographie de l’étal ou de la miellerie : votre adresse est celle d’un logement.",
    ),
    Applicant(
        "bricabrac.lyon@voisins.example",
        ("Sabine", "Oriol"),
        "00000043000017",
        {
            "title": "Le Bric-à-brac de Sabine",
            "category": "antiquites-brocante",
            "street": "41 rue Moncey",
            "postal_code": "69003",
            "town": "69383",
            "latitude": 45.7579,
            "longitude": 4.8519,
            "phone": "04 65 71 44 02",
            "opening_hours": "Mo-Fr 10:00-19:00",
            "story": "",
        },
        days_ago=47,  # the Region has two months, and is warned
    ),
)
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


def fill(showcase: MerchantPage, others: list[MerchantPage], editor: User) -> None:
    """Lay the work on an empty desk. others: four merchants or more that something is said of."""
    if Application.objects.exists() or Notice.objects.exists():
        return
    ReasonTemplate.objects.bulk_create(ReasonTemplate(use=use, title=title, text=text) for use, title, text in REASONS)
    for applicant in APPLICANTS:
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
