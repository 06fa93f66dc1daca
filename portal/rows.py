"""Rows of the database matched to the fields of a NamedTuple by name, where building models would cost too much."""

from collections.abc import Mapping
from typing import NamedTuple


def columns_of(row: type[NamedTuple], elsewhere: Mapping[str, str]) -> list[str]:
    """Return the columns for ``values_list``, in the order of the fields of ``row``.

    elsewhere: the column of each field that does not bear its column's name.
    """
    return [elsewhere.get(field, field) for field in row._fields]
