"""The table of points, the daily draw, and what may never count."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import fields
from datetime import date, timedelta

import pytest

from directory.geography import distance
from search import ranking
from search.engines import elastic, elastic_query
from search.entry import Entry
from search.models import IndexedEntry
from search.query import Place, Query, Within

PRIVAS, VALENCE = (44.7354, 4.5991), (44.9333, 4.8917)


def test_a_distance_is_along_the_earth():
    assert distance(PRIVAS, VALENCE) == pytest.approx(31.9, abs=0.3)
    assert distance(PRIVAS, PRIVAS) == 0


@pytest.mark.parametrize(
    ("kilometres", "points"), [(0, 10), (1, 10), (1.1, 8), (4.9, 6), (24.9, 2), (26, None), (None, None)]
)
def test_distances_count_by_bands(kilometres, points):
    band = ranking.band(kilometres)

    assert (band[1] if band else None) == points


def test_text_tiers_outweigh_what_is_far_from_them():
    assert sorted(ranking.TIERS.values(), reverse=True) == list(ranking.TIERS.values())


def test_no_weight_changes_without_a_new_version():
    table = json.dumps([ranking.TIERS, ranking.TOWN, ranking.BANDS, ranking.STALE])

    published = {
        1: (date(2026, 11, 24), "e753eb64652b078c"),
        2: (date(2026, 11, 30), "4d99fce43577e9d7"),
        3: (date(2026, 11, 30), "3f061809dec6f77f"),
    }
    assert (ranking.VERSION_SINCE, hashlib.sha256(table.encode()).hexdigest()[:16]) == published[ranking.VERSION]


def chi_square(ties, days):
    """How far the first places of these results over these days are from equal shares."""
    first = Counter(max(ties, key=ranking.daily_shuffle(day).of) for day in days)
    expected = len(days) / len(ties)
    return sum((first[tie] - expected) ** 2 / expected for tie in ties)


def test_equals_take_turns_at_the_top():
    ties = [ranking.tiebreak("merchant", number) for number in range(1, 6)]
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(600)]

    assert chi_square(ties, days) < 13.28  # 4 degrees of freedom, 1 % risk


def test_over_sixty_days_equals_share_the_first_place():
    """40 towns with 5 equal merchants each: no town's first places are unfair, nor are all of them together."""
    days = [date(2026, 12, 1) + timedelta(days=number) for number in range(60)]
    towns = [[ranking.tiebreak("merchant", town * 5 + number) for number in range(5)] for town in range(40)]

    unfairness = [chi_square(ties, days) for ties in towns]

    assert max(unfairness) < 20.6  # 4 degrees of freedom, 1 % risk over 40 towns
    assert sum(unfairness) < 204.7  # 160 degrees of freedom, 1 % risk


FORBIDDEN = re.compile(
    r"click|clic|view|visit|popular|paid|pay(?!sag)|fee|commission|sponsor|premium|bid|rating|review|stars?\b|"
    r"origin|nationality|complete|quality|sales|sold|created|published|owner|manager",
    re.IGNORECASE,
)


def test_no_signal_that_may_not_count_is_in_any_schema():
    columns = {field.name for field in IndexedEntry._meta.get_fields()}
    mapped = set(re.findall(r'"(\w+)":', json.dumps(elastic.MAPPINGS["properties"])))
    entry = {field.name for field in fields(Entry)}

    assert [name for name in columns | mapped | entry if FORBIDDEN.search(name)] == []


def test_the_order_is_made_of_words_category_town_distance_old_hours_and_the_draw_alone():
    """The id comes last: it only tells apart two results of the same draw."""
    place = Place("Die", "26", "Drôme", "26113", "die-26", 4_800, (44.75, 5.37))
    pain = ("pain",)
    inferred = ("boulangerie-patisserie",)
    words = {"words": pain, "phrase": pain, "inferred": inferred, "unexplained": pain}
    asked = Query(**words, place=place, within=Within.RADIUS, sold_by=(7,), everyone=True)

    body, *_ = elastic_query.build(asked)

    scored = json.dumps([body["query"], body["sort"]])
    named = set(re.findall(r"doc\['(\w+)'\]", scored)) | set(re.findall(r'"(\w+)": [{"\[]', scored))
    properties = set(elastic.MAPPINGS["properties"])
    allowed = {
        "title",
        "headline",
        "own",
        "everything",
        "merchant",
        "categories",
        "places",
        "point",
        "hours_known_since",
        "tie",
        "object_id",
    }
    assert named & properties == allowed
    assert body["sort"][-1] == {"object_id": "asc"}
