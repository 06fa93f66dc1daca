"""What alerts and search entries keep of people (portal/privacy/register.py); the log of searches keeps nobody."""

from django.db.models import QuerySet
from django.db.models.functions import Lower

from portal.privacy.person import Person
from portal.privacy.register import Basis, Fate, Holding, Whose, hold, impersonal
from search.alerts.models import Alert
from search.impersonal_columns import IMPERSONAL


def _alerts(person: Person) -> QuerySet:
    return Alert.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=person.emails)


hold(
    Holding(
        name="alertes",
        does="demandez à être prévenu de l’arrivée d’un commerce ou du retour d’un article",
        what="adresse e-mail, recherche ou article",
        whose=(Whose.VISITORS, Whose.SHOPPERS),
        why="vous écrire à l’arrivée du commerce ou de l’article",
        basis=Basis.CONSENT,
        seen_by="personne",
        kept="effacée dès cette arrivée ; six mois au plus, une semaine sans votre accord",
        columns={
            "regional_search_alert": "email email_key what category place made_at confirmed_at searched_at",
        },
        fate=Fate.DELETED,
        fate_told="Vos alertes",
        purges=("unconfirmed alerts", "alerts"),
        queries=lambda person: [_alerts(person)],
        secret=("email_key",),
        erase=lambda person: _alerts(person).delete()[0],
    )
)
hold(
    Holding(
        name="entrées de la recherche",
        does="tenez la fiche d’un commerce",
        what="ce que la fiche et les articles disent en public, mis en forme pour la recherche",
        whose=(Whose.MERCHANTS,),
        why="trouver votre commerce",
        basis=Basis.MISSION,
        seen_by="tout le monde",
        kept="tant que la fiche est en ligne : chaque changement y arrive dans les secondes qui suivent",
        columns={
            "regional_search_indexedentry": "document vector name latitude longitude",
            "regional_search_setaside": "reason",
        },
        fate=Fate.KEPT,
        fate_told="Ce que la recherche sait d’une fiche publique : elle part avec la fiche",
    )
)

impersonal(IMPERSONAL)
