"""What words can name, learnt once per process: learning it again was most of the time of the search's tests.

Each test stores the same towns and categories again, and the search rightly reads the tables again. What it makes of
them depends on what they hold and on nothing else, so tests that hold the same share it.
"""

import copy

import pytest

from search.understanding import gazetteer
from search.understanding.gazetteer import Gazetteer

MAX_KEPT = 16  # that of the cast, and those of a few tests that change its words


@pytest.fixture(scope="session", autouse=True)
def same_rows_same_gazetteer():
    """Let ``gazetteer.current()`` read the tables as ever, but make one gazetteer only of rows that are the same."""
    made: dict[str, Gazetteer] = {}

    def gazetteer_of(*rows):
        towns, categories, meanings = map(list, rows)
        key = repr((contents(towns), contents(categories), meanings))
        if key not in made:
            if len(made) == MAX_KEPT:
                made.pop(next(iter(made)))
            made[key] = Gazetteer(towns, categories, meanings)
        return copy.copy(made[key])  # another object: what else was read with the former is read again too

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gazetteer, "Gazetteer", gazetteer_of)
        yield


def contents(rows):
    """Return the values of rows and of their parents, without the keys that the database gave them."""
    columns = (
        [field.attname for field in rows[0]._meta.concrete_fields if not (field.primary_key or field.is_relation)]
        if rows
        else []
    )
    return [[getattr(each, name) for each in (row, row.parent) if each for name in columns] for row in rows]
