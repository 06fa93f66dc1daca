"""What a proposal of another article may cost, and until when it is answered: pure functions, euros VAT included.

| missing                     | proposed               | agreed            | at most |
|-----------------------------|------------------------|-------------------|---------|
| 1 × 4,90                    | 1 × 5,20               | 1 × 4,90          | 4,90    |
| 2 × 4,90                    | 3 × 5,20               | 3 × 3,26          | 9,78    |
| 1 × 4,90                    | 1 × 4,20               | 1 × 4,20          | 4,20    |
| 1 × 4,90                    | 1 × 5,20, dearer       | 1 × 5,20          | 5,20    |
| 1 × 8,72 (9,59 at most)     | 1 × 9,40 (10,34)       | 1 × 8,72 (9,59)   | 9,59    |
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal

from directory.hours import PARIS
from shop.vat import CENT
from shop.weighing import amounts

LONGEST = timedelta(hours=24)  # to answer
BEFORE_PROMISED = timedelta(hours=1)  # the merchant still has to pack it
SHORTEST = timedelta(minutes=30)  # less is not asked
LAST_HOUR = time(12)  # of the last day to prepare what has no time agreed


@dataclass(frozen=True)
class Accepted:
    """What the buyer accepted of one missing unit. price: as it was ordered; ceiling: the most it could have cost."""

    price: Decimal
    ceiling: Decimal


@dataclass(frozen=True)
class Terms:
    """What one unit of the other article costs, and at most; the same unless it is sold by weight."""

    price: Decimal
    ceiling: Decimal


def terms(accepted: Accepted, missing: int, price: Decimal, quantity: int, by_weight: bool, dearer: bool) -> Terms:
    """Return the terms of ``quantity`` units of an article in the place of ``missing`` units.

    price: of the article, today; of what is sold by weight, of a piece at its estimate. Never more than was accepted of
    the missing ones, unless it is proposed ``dearer``, which its buyer then accepts expressly.
    """
    usual = Terms(price, amounts.ceiling(price) if by_weight else price)
    if dearer:
        return usual
    price = min(price, _each(accepted.price * missing, quantity))
    return Terms(price, min(usual.ceiling, _each(accepted.ceiling * missing, quantity)) if by_weight else price)


def answer_by(asked: datetime, promised: datetime | None, prepare_by: date | None) -> datetime | None:
    """Return until when a buyer who is asked then can answer; None where that leaves too little time to ask.

    promised: when the buyer comes, or the round leaves, if that is agreed. prepare_by: the last day to prepare.
    """
    asked = asked.astimezone(UTC)  # so that hours pass the same where clocks change
    last = asked + LONGEST
    if promised is not None:
        last = min(last, promised.astimezone(UTC) - BEFORE_PROMISED)
    elif prepare_by is not None:
        last = min(last, datetime.combine(prepare_by, LAST_HOUR, PARIS))
    return last if last - asked >= SHORTEST else None


def _each(amount: Decimal, quantity: int) -> Decimal:
    return (amount / quantity).quantize(CENT, ROUND_DOWN)
