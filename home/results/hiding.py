"""Which figures are not told, so that nobody's sales can be read off them, nor worked out from a total.

A count below FEWEST is hidden, and so are sales of fewer than FEWEST_SELLERS merchants. Where any of a column is,
its smallest other figure is too; where there is none, the total. 0 is told: nothing happened, to nobody.
"""

from collections.abc import Mapping, Sequence

FEWEST = 5
FEWEST_SELLERS = 3


def hidden(counts: Mapping[str, int], at_risk: Sequence[str] = ()) -> tuple[frozenset[str], bool]:
    """Return which keys of a column are hidden, and whether its total is.

    at_risk: keys to hide whatever they count.
    """
    first = {key for key, count in counts.items() if count and (count < FEWEST or key in at_risk)}
    if not first:
        return frozenset(), False
    others = sorted((count, key) for key, count in counts.items() if count and key not in first)
    if not others:
        return frozenset(first), True
    return frozenset(first | {others[0][1]}), False
