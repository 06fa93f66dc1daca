"""Merchants of a block on a map: a numbered pin each, one for several that would hide one another."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.cards import MerchantCard
from directory.maps import borders, frame, gathered

APART = 26  # units of the drawing; pins nearer than that are one


@dataclass(frozen=True)
class Pin:
    """numbers: places in the list, from 1. url: the page of the first."""

    x: float
    y: float
    url: str
    numbers: list[int]
    names: list[str]

    @property
    def text(self) -> str:
        return f"{self.numbers[0]}" if len(self.numbers) == 1 else f"{self.numbers[0]}+"

    @property
    def title(self) -> str:
        return ", ".join(self.names)


def placed(cards: Sequence[MerchantCard], points: Sequence[tuple[float, float]]) -> dict | None:
    """Return {borders: an SVG path, pins} of merchants and where they are; None without any."""
    if not cards:
        return None
    shown = frame(points)
    pins = [
        Pin(x, y, cards[those[0]].url, [number + 1 for number in those], [cards[number].title for number in those])
        for x, y, those in gathered(shown, points, APART)
    ]
    return {"borders": borders(shown), "pins": pins}
