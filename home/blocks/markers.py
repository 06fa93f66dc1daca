"""Markers of a block's merchants on a map; merchants too close to each other share one."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.cards import MerchantCard
from directory.maps import borders, frame, gathered, names

APART = 36  # units of the drawing; pins nearer than that are one


@dataclass(frozen=True)
class Marker:
    """numbers: places in the list, from 1."""

    x: float
    y: float
    numbers: list[int]

    @property
    def text(self) -> str:
        return f"{self.numbers[0]}" if len(self.numbers) == 1 else f"{self.numbers[0]}+"


def placed(cards: Sequence[MerchantCard], points: Sequence[tuple[float, float]]) -> dict | None:
    """Return {borders: an SVG path, names, pins} of merchants and where they are; None without any."""
    if not cards:
        return None
    shown = frame(points)
    pins = [Marker(x, y, [number + 1 for number in those]) for x, y, those in gathered(shown, points, APART)]
    return {"borders": borders(shown), "names": names(shown, [(pin.x, pin.y) for pin in pins]), "pins": pins}
