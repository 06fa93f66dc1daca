"""Judges whole results pages: questions whose right answers are written in plain words, whatever the rules are.

A file is a CSV like tests/search/data/judged-own.csv, written by somebody who has not read the rules:

- ``what``, ``where``: what is typed in the two boxes. ``after``: the id of the question asked just before, in which
  case this is what the same person types next into the form of that page: « Où ? » holds what that page shows there
  where the file says the same place twice. ``class``: the kind of question; figures are given for each.
- ``good``: slugs of the categories that are a right answer, spaces between; "" where the rest counts alone.
- ``place``: where a right answer stands: INSEE codes, ``lyon`` and its districts, ``dep:07``, a circle
  ``latitude,longitude,kilometres``, ``near:26281`` (at most NEAR kilometres from the town), ``region``; or what the
  page must say instead of listing the region: ``outside``, ``unknown``, ``out`` (out of scope).
- ``wishes``: what else was asked, spaces between: see ``_fulfils``. Each must be applied, or the page must say that it
  cannot be.
- ``products``: what the name of a right article holds, "|" between. ``not_first``: what the first result's name must
  not hold, "|" between.
- ``expected``: the same in plain French, for people.

Measures, each over the questions to which it applies: ``p_at_1`` the first result is right; ``success_at_3`` one of
the first three; ``ndcg_at_5``; the three where a right merchant exists. ``wishes``: those applied or excused.
``products``: the first article is right, where a right one is sold. ``said``: the page says what it must say.
``misleading``: of all pages, those whose first result is elsewhere or wrong, where a right one exists and nothing
says so. ``false_place``:
results of a place that nobody asked for.
"""

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from directory.geography import distance
from search.answer import Answer, answer
from search.entry import Entry, from_document
from search.models import IndexedEntry
from search.page.present import present, present_unplaced
from search.query import Kind
from search.request import SearchRequest, understand
from search.understanding import gazetteer
from search.understanding.follow_up import BEFORE
from search.understanding.gazetteer import Gazetteer
from search.understanding.normalize import fold

NEAR = 25  # kilometres
MEASURES = ("p_at_1", "success_at_3", "ndcg_at_5", "wishes", "products", "said", "misleading", "false_place")
_SAID_INSTEAD = ("outside", "unknown", "out")


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a file; see above."""

    id: str
    after: str
    kind: str
    what: str
    where: str
    good: frozenset[str]
    place: str
    wishes: tuple[str, ...]
    products: str
    not_first: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question fared; None where a measure does not apply. wishes: a fraction. shown: what the page showed."""

    question: Question
    p_at_1: float | None = None
    success_at_3: float | None = None
    ndcg_at_5: float | None = None
    wishes: float | None = None
    products: float | None = None
    said: float | None = None
    misleading: float | None = None
    false_place: float | None = None
    shown: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether something that applies is not as it should be."""
        wanted = (self.p_at_1, self.wishes, self.products, self.said)
        return bool(self.misleading or self.false_place) or any(part is not None and part < 1 for part in wanted)


class Region:
    """All that could have been found, to know what is right."""

    def __init__(self, known: Gazetteer) -> None:
        self.known = known
        indexed = IndexedEntry.objects.filter(deleted=False).exclude(kind=Kind.STORY)
        entries = [from_document(document) for document in indexed.values_list("document", flat=True) if document]
        self.merchants = [entry for entry in entries if entry.kind == Kind.MERCHANT]
        self.products = [entry for entry in entries if entry.kind == Kind.PRODUCT]

    def stands(self, place: str, entry: Entry) -> bool:
        """Return whether an entry is where a question's ``place`` says."""
        if place == "region":
            return True
        if place == "lyon":
            return entry.commune == "69123"
        kind, _, code = place.rpartition(":")
        if kind == "dep":
            return entry.department == code
        if kind == "near":
            return self._is_within(self.known.places[code].point, NEAR, entry)
        if "," in place:
            latitude, longitude, kilometres = map(float, place.split(","))
            return self._is_within((latitude, longitude), kilometres, entry)
        return not {entry.town, entry.commune}.isdisjoint(place.split())

    def _is_within(self, point: tuple[float, float] | None, kilometres: float, entry: Entry) -> bool:
        return bool(point and entry.point) and distance(point, entry.point) <= kilometres  # type: ignore[arg-type]


def is_judged(columns: Iterable[str]) -> bool:
    """Return whether a file with these columns is one of this format."""
    return {"class", "what", "good", "place", "wishes"} <= set(columns)


def read(path: Path) -> list[Question]:
    """Return the questions of a file. Raises OSError, and KeyError for a column that is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Question(
                id=row["id"],
                after=row["after"],
                kind=row["class"],
                what=row["what"],
                where=row["where"],
                good=frozenset(row["good"].split()),
                place=row["place"],
                wishes=tuple(row["wishes"].split()),
                products=fold(row["products"]),
                not_first=fold(row["not_first"]),
            )
            for row in csv.DictReader(file)
        ]


def in_turn(questions: Sequence[Question]) -> Iterable[tuple[Question, Question | None]]:
    """Yield each question with the one that the same person asked just before, None for none."""
    known = {question.id: question for question in questions}
    return ((question, known.get(question.after)) for question in questions)


def judge(region: Region, question: Question, before: Question | None = None) -> Verdict:
    """Ask one question as the results page does, and judge the page."""
    asked = understand(region.known, _typed(region, question, before))
    if asked.is_unplaced:
        return _unplaced(region, question, asked)
    found = answer(asked.known, asked.query, asked.kind, asked.relaxed)
    page = present(asked, found)
    said = fold(" ".join(_texts(page)))
    merchants = _entries(found, Kind.MERCHANT)
    products = _entries(found, Kind.PRODUCT)
    first = next((_entries(found, Kind(kind)) for kind in page["blocks"] if kind != Kind.STORY), [])
    measures = _ranking(region, question, merchants, first)
    if question.place in _SAID_INSTEAD:
        measures = {"said": float(_is_said(question, said))}
        measures["misleading"] = float(question.place != "out" and bool(merchants) and not measures["said"])
    elif measures.get("p_at_1") == 0:
        measures["misleading"] = float(bool(first) and not page["shortage"] and not page["notices"])
    elif "p_at_1" in measures:
        measures["misleading"] = 0.0
    return Verdict(
        question,
        **measures,
        wishes=_wishes(question, asked, said, first),
        products=_products(region, question, products),
        shown=_told(asked, first, said),
    )


def summary(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    """Return the mean of each measure over the questions it applies to, None where there is none; and their count."""
    return {"questions": len(verdicts), **{name: _mean(getattr(each, name) for each in verdicts) for name in MEASURES}}


def by_class(verdicts: Sequence[Verdict]) -> dict[str, dict[str, float | None]]:
    """Return the summary of each class of questions, in the order of the file; what follows a question apart."""
    kinds = dict.fromkeys(verdict.question.kind for verdict in verdicts)
    classes = {kind: [verdict for verdict in verdicts if verdict.question.kind == kind] for kind in kinds}
    classes["asked first"] = [verdict for verdict in verdicts if not verdict.question.after]
    classes["asked next"] = [verdict for verdict in verdicts if verdict.question.after]
    return {kind: summary(chosen) for kind, chosen in classes.items() if chosen}


def _typed(region: Region, question: Question, before: Question | None) -> dict[str, str]:
    """Return what the form of the page sends."""
    if before is None:
        return {"q": question.what, "ou": question.where}
    shown = understand(region.known, _typed(region, before, None))
    where = question.where
    if before.where == where:
        where = shown.ou if shown.is_unplaced else shown.address.where
    return {"q": question.what, "ou": where, BEFORE: shown.parsed.asked or shown.parsed.what}


def _unplaced(region: Region, question: Question, asked: SearchRequest) -> Verdict:
    page = present_unplaced(asked)
    said = fold(" ".join([*page["asked"].values(), page["heading"]]))
    if question.place == "outside":
        right = bool(asked.parsed.outside) and bool(page["offered"])
    else:
        right = question.place == "unknown" and bool(asked.parsed.unknown_place)
    if question.place in _SAID_INSTEAD:
        return Verdict(question, said=float(right), misleading=0.0, shown=said)
    measures = dict.fromkeys(_ranking(region, question, [], []), 0.0)
    return Verdict(question, **measures, wishes=_wishes(question, asked, said, []), shown=said)


def _ranking(region: Region, question: Question, merchants: list[Entry], first: list[Entry]) -> dict[str, float]:
    """Return how right the order is, where a right merchant exists."""
    if not question.good or question.place in _SAID_INSTEAD:
        return {}
    stock = sum(_is_right(region, question, entry) for entry in region.merchants)
    if not stock:
        return {}
    shown = merchants or first  # a page of a price shows articles alone
    right = [_is_right(region, question, entry) for entry in shown[:5]]
    leads = first[:1] and first[0].kind == Kind.PRODUCT
    top = bool(leads and _is_right(region, question, first[0])) or any(right[:1])
    if first and any(name and name in fold(first[0].title) for name in question.not_first.split("|")):
        top = False
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(5, stock) + 1))
    gained = sum(is_right / math.log2(rank + 1) for rank, is_right in enumerate(right, 1))
    nobody_there = bool(shown) and not region.stands(question.place, shown[0])
    return {
        "p_at_1": float(top),
        "success_at_3": float(top or any(right[:3])),
        "ndcg_at_5": gained / best,
        "false_place": float(nobody_there),
    }


def _is_right(region: Region, question: Question, entry: Entry) -> bool:
    """Return whether an entry is right: an article by its name, where the file says one, else by its category."""
    if entry.kind == Kind.PRODUCT and question.products:
        return _is_right_product(region, question, entry)
    return entry.category in question.good and region.stands(question.place, entry)


def _is_right_product(region: Region, question: Question, entry: Entry) -> bool:
    names = question.products
    return bool(names and re.search(names, fold(entry.title))) and region.stands(question.place, entry)


def _products(region: Region, question: Question, products: list[Entry]) -> float | None:
    """Return whether the first article is right; None where none is asked for, or none is sold there."""
    if not question.products or not any(_is_right_product(region, question, entry) for entry in region.products):
        return None
    return float(any(_is_right_product(region, question, entry) for entry in products[:1]))


def _wishes(question: Question, asked: SearchRequest, said: str, first: list[Entry]) -> float | None:
    if not question.wishes:
        return None
    counted = [_fulfils(wish, asked, said, first) for wish in question.wishes]
    return sum(counted) / len(counted)


def _fulfils(wish: str, asked: SearchRequest, said: str, first: list[Entry]) -> bool:
    """Return whether a wish is a filter in force, or told as what the page cannot know.

    ``day:6`` (Monday is 0), ``time:20``, ``open:now``, ``open:today``; ``price``, ``price<30``, ``price>20``;
    ``delivery``, ``pickup``, ``step_free``; ``label:bio``; ``without:gluten``; ``unrecorded:halal``; ``name:Poyet``;
    ``out_of_scope``.
    """
    query = asked.query
    opens = timezone.localtime(query.open_at) if query.open_at else None
    kind, value = [*re.split("[:<>]", wish, maxsplit=1), ""][:2]
    match kind:
        case "day":
            return bool(opens and opens.weekday() == int(value))
        case "time":
            return bool(opens and opens.hour >= int(value))
        case "open":
            return bool(opens and opens.date() == timezone.localdate())
        case "price":
            return bool(query.price or query.order == "prix") or "prix" in said
        case "delivery":
            return query.delivers
        case "pickup":
            return query.collect
        case "step_free":
            return query.step_free
        case "label":
            return query.label == value
        case "without":
            return any(fold(value)[:5] == word[:5] for word in query.excluded) or fold(value)[:5] in said
        case "name":
            return fold(value) in said or any(fold(value) in fold(entry.title) for entry in first[:1])
        case "unrecorded":
            return fold(value)[:5] in said
    return _is_said_out_of_scope(said)


def _is_said(question: Question, said: str) -> bool:
    if question.place == "out":
        return _is_said_out_of_scope(said)
    return "region" in said if question.place == "outside" else "ne connaissons" in said


def _is_said_out_of_scope(said: str) -> bool:
    return "pas sur ce site" in said


def _texts(page: Mapping[str, Any]) -> Iterable[str]:
    for notice in [*page["notices"], *filter(None, [page["shortage"]])]:
        yield from (notice["title"], notice["text"])


def _entries(found: Answer, kind: Kind) -> list[Entry]:
    return [hit.entry for hit in found.results[kind].hits] if kind in found.results else []


def _told(asked: SearchRequest, first: Sequence[Entry], said: str) -> str:
    names = ", ".join(f"{entry.title} ({entry.category or entry.kind}, {entry.town_name})" for entry in first[:3])
    place = asked.query.place.label if asked.query.place else "nulle part"
    return f"{asked.parsed.what} | {place} | {asked.query.inferred} | {names or 'rien'} | {said}"


def _mean(values: Iterable[float | None]) -> float | None:
    counted = [value for value in values if value is not None]
    return round(sum(counted) / len(counted), 3) if counted else None


def region_of_index() -> Region:
    """Return the region as it is indexed now."""
    return Region(gazetteer.current())
