"""The one table of the freshness contract: after how many months, what visitors read, what changes, what is written.

Jobs, e-mails, the public page and the Region's list are all made from it.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from directory.hours import CONFIRMED_FOR
from portal.dates import months_before


class Place(TextChoices):
    """Where the search puts a merchant in a stage."""

    AS_EVER = "as_ever", "comme les autres"
    LOWER = "lower", "plus bas"
    ASKED_FOR = "asked_for", "sur demande"  # found by its name, or by who wants to see all


class Stage(TextChoices):
    """Where a page stands, by the age of what is known of its hours."""

    FRESH = "fresh", "à jour"
    DUE = "due", "à confirmer bientôt"
    STALE = "stale", "non confirmés"
    OLD = "old", "à appeler"
    FORGOTTEN = "forgotten", "oubliés"


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the contract.

    months: of age at which the stage begins. visitors: what they see from then on. region: what the Region does.
    subject: of the e-mail to who keeps the page, "" for none. place: where the search puts it.
    """

    stage: Stage
    months: int
    visitors: str
    region: str
    subject: str = ""
    place: Place = Place.AS_EVER


CONTRACT = (
    Term(Stage.FRESH, 0, "Vous lisez « Horaires confirmés le … », avec la date.", ""),
    Term(
        Stage.DUE,
        CONFIRMED_FOR - 1,
        "Rien ne change encore.",
        "La Région écrit au commerce : un lien confirme les horaires en un geste, sans mot de passe.",
        "Vos horaires sont-ils toujours justes ?",
    ),
    Term(
        Stage.STALE,
        CONFIRMED_FOR,
        "Vous lisez « Horaires non confirmés depuis … Appelez avant de venir. »",
        "La Région écrit une deuxième fois.",
        "Vos clients lisent que vos horaires ne sont pas confirmés",
    ),
    Term(
        Stage.OLD,
        9,
        "L’avertissement reste, et le commerce descend dans les résultats de recherche.",
        "La Région écrit une troisième fois, et appelle.",
        "Vos horaires ont neuf mois : un geste suffit pour les confirmer",
        Place.LOWER,
    ),
    Term(
        Stage.FORGOTTEN,
        12,
        "L’avertissement reste. La recherche ne montre plus le commerce qu’à qui tape son nom, ou demande à tout "
        "afficher.",
        "La Région écrit une dernière fois, et cherche si le commerce existe encore.",
        "Êtes-vous toujours là ? Vos horaires ont un an",
        Place.ASKED_FOR,
    ),
)
TERMS = {term.stage: term for term in CONTRACT}
LOWER_AFTER, HIDDEN_AFTER = (  # months
    next(term.months for term in CONTRACT if term.place == place) for place in (Place.LOWER, Place.ASKED_FOR)
)


def stage_at(since: date, today: date) -> Stage:
    """Return the stage of a page of whose hours nothing is known since that day."""
    return next(
        term.stage for term in reversed(CONTRACT) if since <= months_before(today, term.months) or not term.months
    )
