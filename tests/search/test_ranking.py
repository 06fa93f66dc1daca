from collections import Counter
from datetime import date, timedelta

import pytest

from search import ranking

PRIVAS, VALENCE = (44.7354, 4.5991), (44.9333, 4.8917)


def test_a_distance_is_along_the_earth():
    assert ranking.distance(PRIVAS, VALENCE) == pytest.approx(31.9, abs=0.3)
    assert ranking.distance(PRIVAS, PRIVAS) == 0


@pytest.mark.parametrize(
    ("kilometres", "points"), [(0, 10), (1, 10), (1.1, 8), (4.9, 6), (24.9, 2), (26, 0), (None, 0)]
)
def test_distances_count_by_bands(kilometres, points):
    assert ranking.band_points(kilometres) == points


def test_equals_take_turns_at_the_top():
    ties = [ranking.tie("merchant", number) for number in range(1, 6)]
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(600)]

    first = Counter(max(ties, key=ranking.rotation(day).of) for day in days)

    expected = len(days) / len(ties)
    chi_square = sum((first[tie] - expected) ** 2 / expected for tie in ties)
    assert chi_square < 13.28  # 4 degrees of freedom, 1 % risk


def test_every_sum_of_points_tells_its_text_tier():
    for worth in ranking.TIERS.values():
        told = ranking.reasons(worth + ranking.TOWN + ranking.band_points(2), in_town=True, kilometres=2)

        assert len(told) == 5
        assert told[1] == "C’est dans la commune demandée"
        assert told[2] == "À moins de 3 km du centre de la commune demandée"


def test_text_tiers_outweigh_what_is_far_from_them():
    assert sorted(ranking.TIERS.values(), reverse=True) == list(ranking.TIERS.values())
