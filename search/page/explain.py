"""Why a result stands where it stands: the factors of its points, in French."""

from dataclasses import dataclass

from directory.freshness.stages import LOWER_AFTER
from search import ranking
from search.query import Kind, Query
from search.results import Hit

_FOUND = {
    "name_phrase": "Vos mots sont à la suite dans son nom",
    "name": "Tous vos mots sont dans son nom",
    "sells": "Un de ses articles porte ce nom",
    "says": "Sa catégorie est celle que vous cherchez, et sa présentation dit tous vos mots",
    "category": "Sa catégorie est celle que vous cherchez",
    "headline": "Tous vos mots décrivent son activité, son vendeur ou sa commune",
    "text": "Tous vos mots sont dans sa présentation",
    "stands_in": "Sa catégorie est proche de celle que vous cherchez",
    "related": "Sa catégorie est celle qu’une partie de vos mots évoque",
}


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that counted. points: its share. rule: the anchor in /classement/ that explains it."""

    text: str
    points: int
    rule: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that counted for a result, the weightiest rule first."""

    factors: tuple[Factor, ...]

    @property
    def total(self) -> int:
        """The points that the engine sorted by."""
        return sum(factor.points for factor in self.factors)


def explain(query: Query, hit: Hit) -> Explanation:
    """Return what gave a result its points.

    Town, distance and the age of hours are counted again here; the rest is what the words found, as only the engine
    knows French.
    """
    place: list[Factor] = []
    if query.place and query.point and query.within and query.place.insee_code in hit.entry.places:
        place.append(Factor("Dans la commune demandée", ranking.TOWN, "commune"))
    if query.place and (band := ranking.band(hit.distance)):
        start = "du centre de la commune demandée" if query.within else "du lieu que vos mots nomment"
        start = start if query.place.department_code or query.place.area else "de vous"
        place.append(Factor(f"À moins de {band[0]} km {start}", band[1], "distance"))
    known = hit.entry.hours_known_since
    if stale := ranking.lost(known, query.ranking_day):
        place.append(Factor(f"Personne n’a confirmé ses horaires depuis {LOWER_AFTER}\u00a0mois", -stale, "horaires"))
    text = ranking.words_points(query, hit.points, hit.entry.places, hit.distance, known)
    told = dict(_FOUND)
    if hit.entry.kind == Kind.PRODUCT and query.names_goods:
        told |= {
            "says": "Son nom ou sa présentation dit tous vos mots",
            "category": "Il est de ce que vous cherchez",
            "text": "Il dit ce que vous cherchez",
        }
    also = ""
    if again := query.synonym:
        also = f", en lisant aussi «\u00a0{again.meaning}\u00a0» pour «\u00a0{again.typed}\u00a0»"
    found = [Factor(told[tier] + also, worth, "mots") for tier, worth in ranking.TIERS.items() if worth == text]
    return Explanation((*found, *place))
