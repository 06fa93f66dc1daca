"""Is it open, until when, and when can one come?"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from directory.hours.french import AROUND_THE_CLOCK, until, when
from directory.hours.reading import HORIZON, Piece, Place, Schedule, begun, pieces, read
from directory.hours.rules import DAY, Kind
from directory.hours.sun import PARIS

SOON = timedelta(minutes=30)
UNKNOWN = "Horaires à confirmer"
# Remarks that say themselves how one comes; another ("entrée par la cour") leaves open whether one can.
_HOW_TO_COME = re.compile(
    r"rendez|\brdv|r\.\s?d\.\s?v|réserv|demande|commande|appel|\bt[ée]l|contact|inscription|confirmer", re.IGNORECASE
)


@dataclass(frozen=True)
class OpenState:
    """Whether a shop is open, and what a passer-by wants to know next.

    kind: "open", "soon" (closes within half an hour), "closed", or "unknown": by appointment, or to be confirmed.
    """

    kind: str
    text: str


NOT_KNOWN = OpenState("unknown", UNKNOWN)


def state(opening_hours: str, now: datetime, place: Place | None = None) -> OpenState:
    """Return whether the shop is open at ``now``, an aware time; NOT_KNOWN when its hours are empty or unreadable.

    place: where it is, if its hours follow the sun or school holidays; None: in its middle. Hours are told to the
    minute, so the answer is the same during a whole minute.
    """
    schedule = read(opening_hours, place)
    return _state(schedule, now.replace(second=0, microsecond=0)) if schedule else NOT_KNOWN


@lru_cache(maxsize=8192)
def _state(schedule: Schedule, now: datetime) -> OpenState:
    local = now.astimezone(PARIS)
    here = local.replace(tzinfo=None)
    at = _minute(here)
    ahead = (piece for piece in pieces(schedule, here.date(), HORIZON + 1) if piece.end > at)
    current = next(ahead, None)
    if current is None or current.start > at:
        return _closed(current, ahead, here)
    if current.kind is Kind.ENDLESS:
        return OpenState("unknown", f"Heure de fermeture à confirmer{_remark(current)}")
    if current.kind is Kind.UNKNOWN:
        return OpenState("unknown", _how_to_come(current.comment))
    if current.end - at > (HORIZON - 1) * DAY:
        return OpenState("open", f"Ouvert {AROUND_THE_CLOCK}{_remark(current)}")
    change = _moment(current.end)
    after = next(ahead, None)
    if after and (after.start, after.kind) == (current.end, Kind.ENDLESS):
        return OpenState("open", f"Ouvert jusqu’{until(change, here)} au moins{_remark(current)}")
    # Minutes are counted in true time: local times mislead on the nights when clocks change.
    left = change.replace(tzinfo=PARIS, fold=local.fold).astimezone(UTC) - local.astimezone(UTC)
    if left <= SOON and not (after and after.start == current.end and after.kind is Kind.OPEN):
        minutes = math.ceil(left / timedelta(minutes=1))
        return OpenState("soon", f"Ferme dans {minutes}\u00a0min{_remark(current)}")
    return OpenState("open", f"Ouvert jusqu’{until(change, here)}{_remark(current)}")


def _closed(next_one: Piece | None, ahead: Iterator[Piece], here: datetime) -> OpenState:
    """Return that it is closed, until it opens; who never does may see people by appointment."""
    first = next_one
    while next_one and next_one.kind is Kind.UNKNOWN:
        next_one = next(ahead, None)
    if next_one:
        return OpenState("closed", f"Fermé, ouvre {when(_moment(next_one.start), here)}")
    if first:
        opens = _moment(first.start)
        at = when(opens, here, is_whole_day=first.start % DAY == 0 and first.end - first.start >= DAY)
        if _HOW_TO_COME.search(first.comment):
            return OpenState("closed", f"Fermé, {first.comment} {at}")
        return OpenState("closed", f"Fermé, à confirmer {at}{_remark(first)}")
    return OpenState("closed", "Fermé")


def _how_to_come(comment: str) -> str:
    """Return what to tell of a time of which the merchant says neither that it is open nor that it is closed."""
    if _HOW_TO_COME.search(comment):
        return comment[:1].upper() + comment[1:]
    return f"{UNKNOWN}, {comment}" if comment else UNKNOWN


def _remark(piece: Piece) -> str:
    return f", {piece.comment}" if piece.comment else ""


def openings(
    opening_hours: str, start: datetime, end: datetime, place: Place | None = None
) -> list[tuple[datetime, datetime]]:
    """Return from when to when a shop is open between two local times without a zone; [] when nobody knows.

    It is open in just these intervals, their ends left out, when ``state`` says "open" or "soon".
    """
    found = _pieces_between(opening_hours, start, end, place)
    return [(_moment(piece.start), _moment(piece.end)) for piece in found if piece.kind is Kind.OPEN]


def daily_openings(
    opening_hours: str, first: date, days: int, place: Place | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when a shop is open, day after day from ``first``; none when nobody knows.

    As its text has them: a night whole, with the day it begins on, and two days that touch not as one. Local times
    without a zone, in the order of their beginnings.
    """
    schedule = read(opening_hours, place)
    if schedule is None:
        return
    for number in range(days):
        midnight = datetime.combine(first + timedelta(days=number), datetime.min.time())
        for span in begun(schedule, midnight.date()):
            if span.kind is Kind.OPEN:
                yield midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=span.end)


def _pieces_between(opening_hours: str, start: datetime, end: datetime, place: Place | None) -> Iterator[Piece]:
    schedule = read(opening_hours, place)
    if schedule is None:
        return
    first, last = _minute(start), _minute(end)
    for piece in pieces(schedule, start.date(), (end.date() - start.date()).days + 1):
        if piece.end > first and piece.start < last:
            yield Piece(max(piece.start, first), min(piece.end, last), piece.kind, piece.comment)


def _minute(local: datetime) -> int:
    return local.toordinal() * DAY + local.hour * 60 + local.minute


def _moment(minute: int) -> datetime:
    day, within = divmod(minute, DAY)
    return datetime.combine(date.fromordinal(day), datetime.min.time()) + timedelta(minutes=within)
