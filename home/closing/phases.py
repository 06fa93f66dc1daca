"""Which day of a plan stops what: pure functions of dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from django.db.models import TextChoices

NOTICE_DAYS = 30  # between the announcement and the day, règlement (UE) 2019/1150, article 4, 2
LAST_ORDERS_DAYS = 15  # before the day: what is bought can still be collected, and given back
READ_ONLY_DAYS = 30  # after the day: pages can be read, and everybody takes their data away


class Kind(TextChoices):
    CLOSING = "closing", "fermeture"
    PAUSE = "pause", "pause"


class Ground(TextChoices):
    """Why a closing does not wait for its thirty days."""

    COURT = "court", "décision de justice ou obligation légale"
    DANGER = "danger", "danger pour les personnes ou pour leurs données"
    SUPPLIER = "supplier", "prestataire disparu, service impossible"
    FORMER = "former", "fermé avant que les fermetures soient des plans"


class Phase(IntEnum):
    """What a plan does on a day, each more than the one before."""

    OPEN = 0
    ANNOUNCED = 1
    NO_ORDERS = 2
    READ_ONLY = 3
    CLOSED = 4


@dataclass(frozen=True)
class Plan:
    """A plan that two people signed. day: its first day in effect. back_on: the day a pause ends, None if not known."""

    kind: Kind
    day: date
    reason: str
    back_on: date | None = None

    @property
    def last_orders_on(self) -> date:
        """The last day on which something can be ordered."""
        return self.day - timedelta(days=LAST_ORDERS_DAYS if self.kind == Kind.CLOSING else 1)

    @property
    def closed_on(self) -> date:
        """The first day without public pages."""
        return self.day + timedelta(days=READ_ONLY_DAYS)

    def phase(self, today: date) -> Phase:
        if self.kind == Kind.PAUSE:
            if today < self.day:
                return Phase.ANNOUNCED
            return Phase.OPEN if self.back_on and today >= self.back_on else Phase.NO_ORDERS
        if today >= self.closed_on:
            return Phase.CLOSED
        if today >= self.day:
            return Phase.READ_ONLY
        return Phase.NO_ORDERS if today > self.last_orders_on else Phase.ANNOUNCED
