"""What the demo knows of each trade: its names, its hours, what is said of it and what it sells."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from home.demo import DATA, OF_REGION


@dataclass(frozen=True)
class Trade:
    """One category as the demo draws it.

    group: the kind of place, a key of writing.toml. hours: a key of hours.SCHEDULES. sells: the categories of the
    products in its shop; none means no shop online. weight: how common it is. from_population: inhabitants below which
    a town has none. departments: the only ones where it is found; none means all.
    """

    slug: str
    group: str
    hours: str
    names: tuple[str, ...]
    says: tuple[str, ...]
    sells: tuple[str, ...] = ()
    weight: int = 1
    from_population: int = 0
    departments: tuple[str, ...] = ()

    @property
    def is_rural(self) -> bool:
        return self.group == "farm"


@dataclass(frozen=True)
class Anchor:
    """A town where the demo surely has merchants.

    first: the trades it is known for. emblems: how many of these surely sell online. known_for: how many times as
    common a trade is there. market: {days, place} of its market, {} where it is drawn. guide: an editor's words.
    """

    insee_code: str
    merchants: int
    first: tuple[str, ...]
    emblems: int = 1
    known_for: dict[str, int] = field(default_factory=dict)
    market: dict[str, Any] = field(default_factory=dict)
    guide: str = ""


@cache
def trades() -> dict[str, Trade]:
    """Return every trade by its category's slug, with what the region's trades.toml says instead."""
    own = tomllib.loads((OF_REGION / "trades.toml").read_text())
    return {
        slug: _trade(slug, facts | own.get(slug, {}))
        for file in sorted((DATA / "trades").glob("*.toml"))
        for slug, facts in tomllib.loads(file.read_text()).items()
    }


@cache
def anchors() -> tuple[Anchor, ...]:
    towns = tomllib.loads((OF_REGION / "towns.toml").read_text())["town"]
    return tuple(Anchor(**{**town, "first": tuple(town["first"])}) for town in towns)


def _trade(slug: str, facts: dict[str, Any]) -> Trade:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    return Trade(slug=slug, **fields)
