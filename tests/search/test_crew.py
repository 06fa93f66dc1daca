"""Long work shared out among processes."""

import pytest

from search.indexing.process_pool import WORTHWHILE, parallel_map, size

pytestmark = pytest.mark.process


def test_every_piece_is_done_once_whoever_does_it():
    pieces = ["a", "bb", "ccc", "dddd"]

    assert list(parallel_map(len, pieces, 1)) == [1, 2, 3, 4]
    assert sorted(parallel_map(len, pieces, 2)) == [1, 2, 3, 4]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_fails_in_a_process_fails_here(processes):
    with pytest.raises(ValueError, match="douze"):
        list(parallel_map(int, ["12", "douze"], processes))


def test_a_small_region_starts_no_process():
    assert size(WORTHWHILE - 1) == 1
