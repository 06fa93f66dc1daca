"""How well questions are understood and answered: judged by rules, on a file of questions with what they mean.

A file is a CSV like search/data/queries-public.csv: ``expected_categories`` (slugs, "|" between), where the question
places itself (``expected_town_insee``, with ``accept_parent_insee`` for a district of Lyon, or ``dept_code`` alone, or
nothing), ``near_me`` and ``tags``. The rules:

- Category right: the first category guessed is one of those expected. A second guess does not count.
- Place right: the very town or department is understood; where none is expected, nothing is filtered by place; where
  the visitor's surroundings are, that is understood.
- The answer is the page's own block of merchants: typos settled, an empty town opened to its neighbours.
- A merchant is relevant (gain 2) if the category is expected and the place is right: in the town (or its
  district, or the district's town), in the department, within the radius of « près de »; anywhere if no place is
  expected. With the right category, out of the place but within NEIGHBOURS of it, a merchant is worth half (gain 1).
- Success@3: one of the first three is relevant. nDCG@10: against the best order of the relevant merchants that exist.
  Both count the questions for which a relevant merchant exists; ``stock`` says for how many.
- Wrong place: the answer was filtered to a place not asked for, or shows, among its first three, a merchant from
  farther than NEIGHBOURS (or of another department) where one more relevant merchant could have stood.
- Zero results: nothing at all was found although stock exists.
"""

import csv
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from directory.geography import distance
from search.answer import NEIGHBOURS, answer, choose_reading
from search.engines.failover import engine
from search.entry import Entry, from_document
from search.models import IndexedEntry
from search.query import Kind, Place, Query
from search.understanding.gazetteer import Gazetteer
from search.understanding.parse import ParsedQuery, parse

TOP, DEEP = 3, 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a file.

    categories: slugs that are right. town: an INSEE code, "" for none; towns: those that do as well, itself included.
    department: a code, where it is all that is asked for.
    """

    text: str
    categories: frozenset[str]
    town: str
    towns: frozenset[str]
    department: str
    near_me: bool
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question fared; None where the measure does not apply."""

    asked: Asked
    reading: ParsedQuery
    category: bool
    place: bool
    success_at_3: bool | None
    ndcg_at_10: float | None
    wrong_place: bool
    zero_results: bool

    @property
    def both(self) -> bool:
        return self.category and self.place


class Stock:
    """The merchants there are, to know what could have been found."""

    def __init__(self, merchants: Iterable[Entry]) -> None:
        self._by_category: dict[str, list[Entry]] = {}
        self.count = 0
        for merchant in merchants:
            self.count += 1
            self._by_category.setdefault(merchant.category, []).append(merchant)

    @classmethod
    def of_index(cls) -> "Stock":
        """Return the stock of what is indexed."""
        indexed = IndexedEntry.objects.filter(kind=Kind.MERCHANT, deleted=False).values_list("document", flat=True)
        return cls(from_document(document) for document in indexed.iterator() if document)

    def gains(self, gazetteer: Gazetteer, asked: Asked) -> list[int]:
        """Return the gains of all merchants that are worth one, greatest first."""
        of_category = (merchant for slug in asked.categories for merchant in self._by_category.get(slug, ()))
        return sorted(filter(None, (gain(gazetteer, asked, merchant) for merchant in of_category)), reverse=True)


def read(path: Path) -> list[Asked]:
    """Return the questions of a file. Raises OSError, and KeyError for a column that is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_asked(row) for row in csv.DictReader(file)]


def judge(gazetteer: Gazetteer, stock: Stock, asked: Asked) -> Verdict:
    """Ask one question as the results page does, and judge the answer."""
    reading = choose_reading(parse(gazetteer, asked.text), engine())
    results = answer(gazetteer, reading.query).results[Kind.MERCHANT]
    entries = [hit.entry for hit in results.hits[:DEEP]]
    gains = [gain(gazetteer, asked, entry) for entry in entries]
    possible = stock.gains(gazetteer, asked)
    has_stock = bool(possible) and possible[0] == 2
    some_left_out = gains[:TOP].count(2) < min(TOP, possible.count(2))
    return Verdict(
        asked=asked,
        reading=reading,
        category=bool(reading.query.inferred) and reading.query.inferred[0] in asked.categories,
        place=_is_place_right(asked, reading),
        success_at_3=2 in gains[:TOP] if has_stock else None,
        ndcg_at_10=_dcg(gains) / _dcg(possible[:DEEP]) if has_stock else None,
        wrong_place=_is_elsewhere(gazetteer, asked, reading.query, entries[:TOP] if some_left_out else []),
        zero_results=not entries and has_stock,
    )


def gain(gazetteer: Gazetteer, asked: Asked, merchant: Entry) -> int:
    """Return what a merchant is worth as an answer: 2, 1 or 0."""
    if merchant.category not in asked.categories:
        return 0
    if asked.towns:
        if merchant.town in asked.towns or merchant.commune == asked.town:
            return 2
        return 1 if _away(gazetteer, asked, merchant) <= NEIGHBOURS else 0
    return 2 if asked.department in ("", merchant.department) else 0


def summary(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Return the measures as fractions of the questions they apply to."""
    return {
        "queries": len(verdicts),
        "stock": sum(verdict.success_at_3 is not None for verdict in verdicts),
        **{
            measure: _mean([getattr(verdict, measure) for verdict in verdicts])
            for measure in ("both", "category", "place", "success_at_3", "ndcg_at_10", "wrong_place", "zero_results")
        },
    }


def by_tag(verdicts: Sequence[Verdict]) -> dict[str, dict[str, float]]:
    """Return the summary of each tag's questions, the most frequent tag first."""
    tags = Counter(tag for verdict in verdicts for tag in verdict.asked.tags)
    tagged = {tag: [verdict for verdict in verdicts if tag in verdict.asked.tags] for tag, _ in tags.most_common()}
    return {tag: summary(chosen) for tag, chosen in tagged.items()}


def _asked(row: dict[str, str]) -> Asked:
    town = row["expected_town_insee"]
    return Asked(
        text=row["query"],
        categories=frozenset(row["expected_categories"].split("|")),
        town=town,
        towns=frozenset(filter(None, (town, row["accept_parent_insee"]))),
        department="" if town else row["dept_code"],
        near_me=row["near_me"] == "1",
        tags=tuple(row["tags"].split("|")),
    )


def _is_place_right(asked: Asked, reading: ParsedQuery) -> bool:
    place = reading.query.place
    if asked.town:
        return place is not None and place.insee_code in asked.towns
    if asked.department:
        return place is not None and not place.insee_code and place.department_code == asked.department
    return not reading.query.within and reading.near_me == asked.near_me


def _is_elsewhere(gazetteer: Gazetteer, asked: Asked, query: Query, top: Sequence[Entry]) -> bool:
    if query.within and not _is_of(asked, query.place):
        return True
    if asked.town:
        return any(_away(gazetteer, asked, entry) > NEIGHBOURS for entry in top)
    return bool(asked.department) and any(entry.department != asked.department for entry in top)


def _is_of(asked: Asked, place: Place | None) -> bool:
    if place is None:
        return False
    return place.insee_code in asked.towns if asked.towns else place.department_code == asked.department


def _away(gazetteer: Gazetteer, asked: Asked, merchant: Entry) -> float:
    """Return the kilometres between a merchant and the town asked for."""
    town = gazetteer.places[asked.town]
    return distance(town.point, merchant.point) if town.point and merchant.point else math.inf


def _dcg(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _mean(values: Iterable[float | None]) -> float:
    counted = [float(value) for value in values if value is not None]
    return round(sum(counted) / len(counted), 4) if counted else 0.0
