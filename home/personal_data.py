"""What reports, stories and the site's settings keep of people (portal/privacy/register.py)."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.functions import Lower

from home.closing.models import ClosingLetter
from home.impersonal_columns import IMPERSONAL
from home.reports.models import Complaint, Notice
from portal.privacy import person as people
from portal.privacy import traces
from portal.privacy.person import Person
from portal.privacy.register import Basis, Fate, Holding, Whose, deleted, hold, impersonal


def _notices(person: Person) -> QuerySet:
    return Notice.objects.annotate(address=Lower("email")).filter(address__in=person.emails)


def _called(person: Person) -> Iterator[tuple[str, str]]:
    for name in _notices(person).values_list("name", flat=True):
        yield name, ""


def _letters(person: Person) -> list[QuerySet]:
    return [ClosingLetter.objects.filter(address__in=person.emails)]


def _empty_notices(person: Person) -> int:
    """Take the person out of what they reported, and of what others wrote; the report itself is still decided."""
    emptied = _notices(person).update(name="", email="")
    emptied += traces.scrub(Notice.objects.all(), person, "where", "details", "answer", "told_answer")
    return emptied + traces.scrub(Complaint.objects.all(), person, "text", "answer")


hold(
    Holding(
        name="signalements",
        does="signalez une page",
        what="nom, e-mail, votre texte, notre décision, votre réclamation et notre réponse",
        whose=(Whose.VISITORS, Whose.SHOPPERS),
        why="traiter le signalement, vous dire notre décision, répondre aux recours",
        basis=Basis.LAW,
        seen_by="l’équipe du portail",
        kept="deux ans après notre décision",
        columns={
            "home_notice": "name email where details answer told_answer decided_by_id made_at decided_at",
            "home_complaint": "text answer filed_at decided_by_id decided_at",
        },
        fate=Fate.EMPTIED,
        fate_told="Votre nom et votre adresse dans vos signalements ; votre texte reste deux ans, sans vous nommer",
        purges=("notices",),
        queries=lambda person: [_notices(person)],
        erase=_empty_notices,
        watched=("home_notice.email",),
    )
)
hold(
    Holding(
        name="signaleurs de confiance",
        does="signalez pour un organisme de confiance",
        what="l’organisme, l’adresse e-mail de ses signalements",
        whose=(Whose.VISITORS,),
        why="lire d’abord ses signalements (règlement (UE) 2022/2065, art. 22)",
        basis=Basis.LAW,
        seen_by="l’équipe du portail",
        kept="tant que l’organisme est reconnu",
        columns={"home_trustedflagger": "name email until"},
        fate=Fate.KEPT,
        fate_told="L’adresse d’un organisme qui signale : demandez-lui d’en donner une autre",
    )
)
hold(
    Holding(
        name="textes publiés",
        does="écrivez pour le portail, ou le représentez",
        what="histoires et leur signature, crédits des images ; qui répond du site",
        whose=(Whose.STAFF,),
        why="dire qui écrit et qui répond du site (loi n° 2004-575, art. 1-1)",
        basis=Basis.LAW,
        seen_by="tout le monde",
        kept="tant que le texte est en ligne",
        columns={
            "home_storypage": "author intro body",
            "home_campaignpage": "intro body",
            "portal_picture": "title description credit",
            "wagtaildocs_document": "title file",
            "home_sitesettings": "director data_officer email phone address host",
        },
        fate=Fate.KEPT,
        fate_told="Votre signature sous une histoire publiée : demandez à la rédaction de la retirer",
    )
)
hold(
    Holding(
        name="lettres de fermeture",
        does="avez un compte, un commerce ou un achat quand le portail annonce sa fermeture",
        what="l’adresse e-mail à laquelle nous l’annonçons",
        whose=(Whose.MERCHANTS, Whose.SHOPPERS),
        why="vous prévenir trente jours avant, une seule fois, et savoir qui n’a pas pu l’être",
        basis=Basis.LAW,
        seen_by="l’équipe du portail",
        kept="un an après le jour de la fermeture, ou après son annulation",
        columns={"home_closingletter": "address"},
        fate=Fate.DELETED,
        fate_told="Les annonces de fermeture qui vous ont été écrites",
        purges=("closing letters",),
        queries=_letters,
        erase=deleted(_letters),
    )
)
hold(
    Holding(
        name="plans de fermeture",
        does="décidez, pour la Région, de fermer le portail ou de le mettre en pause",
        what="qui a proposé, signé, retiré le plan",
        whose=(Whose.STAFF,),
        why="dire qui a décidé",
        basis=Basis.LAW,
        seen_by="l’équipe du portail",
        kept="sans terme : c’est un acte de la Région",
        columns={"home_closingplan": "proposed_by_id proposer signed_by_id signer ended_by_id ender"},
        fate=Fate.KEPT,
        fate_told="Votre signature sous un plan de fermeture",
    )
)

hold(
    Holding(
        name="données ouvertes",
        does="tenez la fiche d’un commerce",
        what="de la fiche en ligne : nom, SIRET, adresse, position, site, horaires ; ni téléphone ni e-mail",
        whose=(Whose.MERCHANTS,),
        why="ouvrir les données publiques (CRPA, art. L312-1-1), sauf d’un commerce que l’INSEE ne diffuse pas",
        basis=Basis.LAW,
        seen_by="tout le monde",
        kept="jusqu’à la version suivante : chaque nuit, et aussitôt qu’une fiche s’en va ou change de nom",
        columns={"home_opendatafile": "content"},
        fate=Fate.KEPT,
        fate_told="Ce que la fiche en ligne montre à tous : il quitte les fichiers quand la fiche est retirée",
    )
)

impersonal(IMPERSONAL)
people.TELLERS.append(_called)
