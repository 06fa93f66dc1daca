"""The results of a page on a map: a pin each, one for several that would hide one another."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from directory.maps import Frame, borders, frame
from search.results import Hit

APART = 26  # units of the drawing; pins nearer than that are one


@dataclass(slots=True)
class Pin:
    """One mark. ranks: of the results it stands for, in the page's list, from 1."""

    x: float
    y: float
    ranks: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.ranks[0]

    @property
    def text(self) -> str:
        return str(self.first) if len(self.ranks) == 1 else f"{len(self.ranks)}×"

    @property
    def title(self) -> str:
        return ", ".join(self.names)


def results_map(hits: Sequence[Hit]) -> dict | None:
    """Return what components/results_map.html draws, or None without a result that stands somewhere."""
    placed = [(rank, hit, hit.entry.point) for rank, hit in enumerate(hits, 1)]
    points = [point for _, _, point in placed if point]
    if not points:
        return None
    shown = frame(points)
    pins: list[Pin] = []
    for rank, hit, point in placed:
        if point:
            pin = _pin(pins, shown, point)
            pin.ranks.append(rank)
            pin.names.append(hit.entry.title)
    return {"borders": borders(shown), "pins": pins}


def _pin(pins: list[Pin], shown: Frame, point: tuple[float, float]) -> Pin:
    """Return the pin that stands there already, or a new one."""
    x, y = shown.place(point)
    for pin in pins:
        if abs(pin.x - x) < APART and abs(pin.y - y) < APART:
            return pin
    pins.append(Pin(x, y))
    return pins[-1]
